package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The members of partial replicators on disk: records under peer, collection and a number, each with document ids of 32
 * bytes one after the other. A record is written before the first change of its documents is sent. Thread-safe.
 */
final class Memberships {

    /** Document ids in one record. */
    private static final int RECORD_IDS = 4_096;

    private final DurableRecords records;
    private final Collections collections;
    private final AtomicLong numbers = new AtomicLong();

    Memberships(DurableRecords records, Collections collections) {
        this.records = records;
        this.collections = collections;
        records.all().keySet().forEach(key -> {
            long number = Long.parseLong(key.substring(key.lastIndexOf(' ') + 1));
            numbers.accumulateAndGet(number, Math::max);
        });
    }

    private static String prefix(PeerId peer, Cid collection) {
        return peer + " " + collection + " ";
    }

    /** What a replicator's record says is pushed in part. */
    Map<Cid, Membership> load(PeerId peer, ReplicatorRecord record) {
        var memberships = new HashMap<Cid, Membership>();
        for (ReplicatorRecord.Progress scope : record.scopes()) {
            scope.filter().ifPresent(filter -> {
                Membership membership = of(scope.collection(), filter);
                String prefix = prefix(peer, scope.collection());
                records.all().forEach((key, ids) -> {
                    if (key.startsWith(prefix)) {
                        membership.add(decode(ids));
                    }
                });
                memberships.put(scope.collection(), membership);
            });
        }
        return memberships;
    }

    /** Without members. The condition is compiled when it is needed: its columns may be gone. */
    Membership of(Cid collection, ReplicatorRecord.Filter filter) {
        return new Membership(filter.predicate().map(sql -> new Lazy(collection, sql)), filter.since());
    }

    private final class Lazy implements RowPredicate {
        private final Cid collection;
        private final String sql;
        private volatile @Nullable RowPredicate compiled;

        Lazy(Cid collection, String sql) {
            this.collection = collection;
            this.sql = sql;
        }

        private RowPredicate compiled() {
            RowPredicate present = compiled;
            if (present == null) {
                present = collections.predicate(collection, sql);
                compiled = present;
            }
            return present;
        }

        @Override
        public boolean matches(DocumentId document, Cid delta) {
            return compiled().matches(document, delta);
        }

        @Override
        public void matching(Consumer<DocumentId> found) {
            compiled().matching(found);
        }
    }

    /** Completes when it is on disk that these are members too. */
    CompletableFuture<Void> add(PeerId peer, Cid collection, Set<DocumentId> documents) {
        var writes = new ArrayList<CompletableFuture<Void>>();
        List<DocumentId> all = List.copyOf(documents);
        for (int from = 0; from < all.size(); from += RECORD_IDS) {
            List<DocumentId> some = all.subList(from, Math.min(all.size(), from + RECORD_IDS));
            writes.add(records.put(prefix(peer, collection) + numbers.incrementAndGet(), encode(some)));
        }
        return CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new));
    }

    /** Completes when it is on disk that there are none. */
    CompletableFuture<Void> clear(PeerId peer, Cid collection) {
        String prefix = prefix(peer, collection);
        return CompletableFuture.allOf(records.all().keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(records::remove)
                .toArray(CompletableFuture<?>[]::new));
    }

    private static byte[] encode(List<DocumentId> documents) {
        ByteBuffer ids = ByteBuffer.allocate(documents.size() * DocumentId.BYTES);
        documents.forEach(document -> ids.put(document.bytes()));
        return ids.array();
    }

    private static Set<DocumentId> decode(byte[] ids) {
        var documents = new HashSet<DocumentId>();
        for (int at = 0; at < ids.length; at += DocumentId.BYTES) {
            documents.add(DocumentId.of(Arrays.copyOfRange(ids, at, at + DocumentId.BYTES)));
        }
        return documents;
    }
}
