package dev.pando.libp2p.mdns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Peers of ours and of js find each other on a network of their own: a network namespace with one interface, which only
 * root may make. The hosts are in {@link MdnsInNamespace}.
 */
@Tag("soak")
class MdnsNamespaceTest {
    private static final String NETWORK = String.join(
            " && ",
            "ip link set lo up",
            "ip link add peers type veth peer name others",
            "ip address add 10.77.0.1/24 dev peers",
            "ip link set others up",
            "ip link set peers up multicast on",
            "ip route add 224.0.0.0/4 dev peers",
            "exec \"$@\"");

    @Test
    void findsPeersOnTheLocalNetwork() throws Exception {
        var command = new ArrayList<>(List.of("unshare", "--net", "sh", "-c", NETWORK, "namespace"));
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Dpando.jspeer=" + System.getProperty("pando.jspeer", ""),
                "-cp",
                System.getProperty("java.class.path"),
                MdnsInNamespace.class.getName()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.print(said);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("ours found ours", "ours found js", "js found ours", "a new address is announced");
    }
}
