package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

class PushedCollectionsTest {

    private final Map<String, byte[]> stored = new TreeMap<>();
    private final DurableRecords records = new DurableRecords() {
        @Override
        public Map<String, byte[]> all() {
            return Map.copyOf(stored);
        }

        @Override
        public CompletableFuture<Void> put(String key, byte[] value) {
            stored.put(key, value);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<Void> remove(String key) {
            stored.remove(key);
            return CompletableFuture.completedFuture(null);
        }
    };
    private final PeerId peer = new MemoryNode(1).peer;
    private final Cid held = Cid.ofDigest(Cid.DAG_CBOR, new byte[32]);
    private final BiPredicate<PeerId, Cid> onlyHeld = (from, collection) -> collection.equals(held);

    private Set<Cid> invented(int round) {
        var cids = new HashSet<Cid>();
        for (int i = 0; i < 100; i++) {
            byte[] digest = new byte[32];
            digest[0] = (byte) round;
            digest[1] = (byte) (i + 1);
            cids.add(Cid.ofDigest(Cid.DAG_CBOR, digest));
        }
        return cids;
    }

    @Test
    void whatAPeerSaysOfCollectionsThatItMayNotWriteIsNotKept() {
        var pushed = new PushedCollections(records, onlyHeld);
        for (int round = 0; round < 5; round++) {
            pushed.set(peer, invented(round));
        }
        assertThat(stored).isEmpty();
    }

    @Test
    void whatAPeerPushesIsKnownAfterARestartUntilItPushesItNoLonger() {
        var said = invented(1);
        said.add(held);
        new PushedCollections(records, onlyHeld).set(peer, said);
        assertThat(stored).containsOnlyKeys(peer + " " + held);
        var again = new PushedCollections(records, onlyHeld);
        assertThat(again.peersOf(held)).containsExactly(peer);
        again.set(peer, Set.of());
        assertThat(again.peersOf(held)).isEmpty();
        assertThat(stored).isEmpty();
    }
}
