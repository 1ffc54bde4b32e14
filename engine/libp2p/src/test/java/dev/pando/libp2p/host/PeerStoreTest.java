package dev.pando.libp2p.host;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.record.PeerRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerStoreTest {
    private static final PeerId PEER = key(1).peerId();

    private final PeerStore store = new PeerStore(HostLimits.DEFAULT);

    private static Multiaddr address(int port) {
        return Multiaddr.parse("/ip4/192.0.2.1/tcp/" + port);
    }

    private void identify(Optional<Long> seq, Multiaddr... addresses) {
        var info = new Identify(PEER, "", "", List.of(addresses), Set.of(), Optional.empty(), seq);
        byte[] envelope =
                seq.isEmpty() ? new byte[0] : new PeerRecord(PEER, seq.get(), List.of(addresses)).seal(key(1));
        store.identified(info, List.of(addresses), envelope);
    }

    @Test
    void putsSignedAddressesFirst() {
        store.addAddress(PEER, address(1));
        identify(Optional.of(5L), address(2));
        store.addAddress(PEER, address(3).withPeerId(PEER));
        assertThat(store.addresses(PEER)).containsExactly(address(2), address(3), address(1));
    }

    @Test
    void replacesTheAddressesOfAnOlderRecordOnly() {
        store.addAddress(PEER, address(1));
        identify(Optional.of(5L), address(2));
        identify(Optional.of(4L), address(9));
        identify(Optional.of(5L), address(9));
        assertThat(store.addresses(PEER)).containsExactly(address(2), address(1));
        identify(Optional.of(6L), address(3));
        assertThat(store.addresses(PEER)).containsExactly(address(3), address(1));
        assertThat(PeerRecord.open(store.signedRecord(PEER).orElseThrow()).seq())
                .isEqualTo(6);
    }

    @Test
    void forgetsTheOldestAboveItsBounds() {
        for (int i = 0; i < 100; i++) {
            store.addAddress(PEER, address(1_000 + i));
        }
        assertThat(store.addresses(PEER)).hasSize(HostLimits.DEFAULT.addressesPerPeerMax());
        assertThat(store.addresses(PEER).get(0)).isEqualTo(address(1_099));
        var peers = java.util.stream.IntStream.range(2, 42)
                .mapToObj(i -> key(i).peerId())
                .toList();
        var d = HostLimits.DEFAULT;
        var small = new PeerStore(new HostLimits(
                1, 1, 1, 1, 1, 1, 1, d.dialTimeout(), d.dialTimeout(), d.dialTimeout(), d.dialTimeout(), 1, 1, 10, 1));
        peers.forEach(peer -> small.addAddress(peer, address(1)));
        assertThat(small.entries()).hasSize(10);
        assertThat(small.addresses(peers.get(39))).isNotEmpty();
        assertThat(small.addresses(peers.get(0))).isEmpty();
    }

    @Test
    void remembersOverARestart(@TempDir Path directory) throws Exception {
        var file = directory.resolve("peers");
        try (var b = Libp2pHost.builder(key(2))
                .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                .start()) {
            try (var a = Libp2pHost.builder(key(1)).peerStore(file).start()) {
                await(a.connect(b.addresses().get(0)));
                until(
                        "b has identified itself",
                        () -> a.knownAddresses(b.peerId()).size() == 1);
            }
            try (var a = Libp2pHost.builder(key(1)).peerStore(file).start()) {
                assertThat(await(a.connect(b.peerId()))).isEqualTo(b.peerId());
            }
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().contains("pando-net"));
    }

    @Test
    void startsWithoutAFileThatIsSpoiled(@TempDir Path directory) throws Exception {
        var file = directory.resolve("peers");
        var logger = Logger.getLogger(PeerStoreFile.class.getName());
        logger.setLevel(Level.OFF);
        try {
            for (byte[] spoiled : new byte[][] {{}, {1, 2, 3}, "not a peer store".getBytes(), new byte[100_000]}) {
                Files.write(file, spoiled);
                try (var a = Libp2pHost.builder(key(1)).peerStore(file).start()) {
                    a.addAddress(PEER, address(1));
                }
                try (var a = Libp2pHost.builder(key(1)).peerStore(file).start()) {
                    assertThat(a.knownAddresses(PEER)).containsExactly(address(1));
                }
            }
        } finally {
            logger.setLevel(null);
        }
    }
}
