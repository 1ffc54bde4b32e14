package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Grants.Right;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two engines that know nobody find each other by multicast DNS, and one has what the other wrote: in a network namespace
 * with one interface, which only root may make.
 */
@Tag("soak")
class LocalNetworkTest {
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
    void enginesOfOneNetworkFindEachOther() throws Exception {
        var command = new ArrayList<>(List.of("unshare", "--net", "sh", "-c", NETWORK, "namespace"));
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                InNamespace.class.getName()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("the engines are connected", "the reader has what the writer wrote");
    }

    /** Runs within the namespace. */
    static final class InNamespace {
        private static final long DEADLINE_NANOS = 60_000_000_000L;

        private InNamespace() {}

        public static void main(String[] args) {
            var options = EngineOptions.inMemory()
                    .withNetwork(
                            NetworkOptions.listening("/ip4/10.77.0.1/tcp/0").withMdns(true));
            try (Engine writer = Engine.open(options);
                    Engine reader = Engine.open(options)) {
                for (Engine engine : List.of(writer, reader)) {
                    engine.grants().grant(books(engine), Optional.empty(), Set.of(Right.values()));
                }
                reader.subscriptions().subscribe(List.of(books(reader)));
                until(
                        "connected",
                        () -> writer.network().peers().stream()
                                .anyMatch(p -> p.connected() && p.peer().equals(reader.peerId())));
                System.out.println("the engines are connected");
                commit(writer, tx -> insert(tx, books(writer), "1", "Walden"));
                until("replicated", () -> rows(reader, books(reader)).size() == 1);
                System.out.println("the reader has what the writer wrote");
            }
            System.exit(0);
        }

        private static void until(String what, BooleanSupplier condition) {
            long end = System.nanoTime() + DEADLINE_NANOS;
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > end) {
                    throw new AssertionError("did not come about in time: " + what);
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
    }
}
