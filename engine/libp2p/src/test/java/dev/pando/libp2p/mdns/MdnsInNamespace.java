package dev.pando.libp2p.mdns;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;

import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.interop.JsPeer;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Two hosts of ours and one of js that look for each other, started within the network they share. */
final class MdnsInNamespace {
    private static final Multiaddr LISTEN = Multiaddr.parse("/ip4/10.77.0.1/tcp/0");

    private MdnsInNamespace() {}

    public static void main(String[] args) throws Exception {
        Set<PeerId> foundByOne = ConcurrentHashMap.newKeySet();
        Set<PeerId> foundByOther = ConcurrentHashMap.newKeySet();
        try (var one = Libp2pHost.builder(key(1)).listen(LISTEN).start();
                var other = Libp2pHost.builder(key(2)).listen(LISTEN).start();
                var first = MdnsDiscovery.start(one, new SecureRandom(), MdnsDiscovery.PORT, "", foundByOne::add);
                var second = MdnsDiscovery.start(other, new SecureRandom(), MdnsDiscovery.PORT, "", foundByOther::add);
                var js = JsPeer.start("--mdns", "--listen", LISTEN.toString())) {
            until("ours find ours", () -> foundByOne.contains(peer(2)) || foundByOther.contains(peer(1)));
            var finder = foundByOne.contains(peer(2)) ? one : other;
            await(finder.connect(finder == one ? peer(2) : peer(1)));
            System.out.println("ours found ours");
            until("ours find js", () -> foundByOne.contains(js.peerId()) && foundByOther.contains(js.peerId()));
            await(one.connect(js.peerId()));
            System.out.println("ours found js");
            js.event(event -> "discovery".equals(event.path("event").asText())
                    && event.toString().contains(peer(1).toString()));
            System.out.println("js found ours");
            movesToAnotherAddress();
        }
        System.exit(0);
    }

    private static void movesToAnotherAddress() throws Exception {
        var later = Multiaddr.parse("/ip4/10.77.0.2/tcp/1").components().get(0);
        try (var host = Libp2pHost.builder(key(3))
                .listen(Multiaddr.parse("/ip4/0.0.0.0/tcp/0"))
                .start()) {
            new ProcessBuilder("ip", "address", "add", "10.77.0.2/24", "dev", "peers")
                    .start()
                    .waitFor();
            until(
                    "the new address is announced",
                    () -> host.addresses().stream()
                            .anyMatch(address -> address.components().get(0).equals(later)));
            System.out.println("a new address is announced");
        }
    }

    private static PeerId peer(int seed) {
        return key(seed).peerId();
    }
}
