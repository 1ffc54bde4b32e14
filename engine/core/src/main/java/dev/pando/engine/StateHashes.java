package dev.pando.engine;

import dev.pando.Cancellation;
import dev.pando.DocumentId;
import dev.pando.Environment;
import dev.pando.collection.Fingerprint;
import dev.pando.collection.RowCodec;
import dev.pando.ipld.Cid;
import dev.pando.store.DerivedMap;
import dev.pando.store.PageCursor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints of collections. The writer keeps them along; after an unclean end they are counted once, over a snapshot,
 * when first asked for.
 */
final class StateHashes {

    /** Marks the kept totals in the meta map; the collection's number follows. */
    private static final byte PREFIX = 't';

    private static final class Count {
        private final Fingerprint fingerprint = new Fingerprint();
        private long live;

        byte[] encode() {
            var totals = new CollectionTotals();
            totals.endCount(fingerprint, live);
            return totals.encode();
        }
    }

    private final Tables tables;
    private final DerivedMap rows;
    private final DerivedMap meta;
    private final RowAccess access;
    private final Snapshots snapshots;
    private final Committer committer;
    private final Environment.Threads threads;
    private final Turn verifications;
    private final AtomicReference<@Nullable CompletableFuture<Void>> counting = new AtomicReference<>();

    StateHashes(
            Tables tables,
            DerivedMap rows,
            DerivedMap meta,
            RowAccess access,
            Snapshots snapshots,
            Committer committer,
            Environment.Threads threads) {
        this.tables = tables;
        this.rows = rows;
        this.meta = meta;
        this.access = access;
        this.snapshots = snapshots;
        this.committer = committer;
        this.threads = threads;
        this.verifications = new Turn(threads);
    }

    /** The collection's state hash as of the last group. Not for the writer: it may have to count. */
    Cid of(TableState state) {
        return fingerprint(state).stateHash();
    }

    /** The hash of what readers see: between two groups nothing is applied that is not published too. */
    Cid ofPublished(TableState state) {
        fingerprint(state);
        var hash = new AtomicReference<Cid>();
        threads.await(committer.between(() -> hash.set(fingerprint(state).stateHash())));
        return Objects.requireNonNull(hash.get());
    }

    /**
     * The hash of the table's documents and of its definition's changes: what replicators compare, so that a peer that
     * lacks an ALTER only is not taken for equal.
     */
    Cid withDefinition(TableState state) {
        var all = Fingerprint.decode(fingerprint(state).encode());
        DocumentId document = state.definition().document();
        byte[] row = rows.get(RowKey.of(tables.definitions().number(), document).bytes());
        if (row != null) {
            all.add(Fingerprint.leaf(
                    document, tables.definitions().codec().state(row).headCids()));
        }
        return all.stateHash();
    }

    Fingerprint fingerprint(TableState state) {
        if (!state.totals().known()) {
            countAll();
        }
        return state.totals().fingerprint().orElseThrow();
    }

    /**
     * One counts, the others wait for it. Without a monitor: whoever counts waits for the writer, and a wait that holds
     * one stops what cannot wait.
     */
    private void countAll() {
        var mine = new CompletableFuture<Void>();
        CompletableFuture<Void> running = counting.compareAndExchange(null, mine);
        if (running != null) {
            threads.await(running);
            return;
        }
        try {
            countUnknown();
            counting.set(null);
            mine.complete(null);
        } catch (RuntimeException | Error e) {
            counting.set(null);
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private void countUnknown() {
        List<TableState> unknown =
                tables.view().tables().stream().filter(s -> !s.totals().known()).toList();
        if (unknown.isEmpty()) {
            return;
        }
        Snapshots.Slot slot = snapshots.open();
        try {
            threads.await(committer.between(() -> {
                snapshots.take(slot);
                unknown.forEach(state -> state.totals().beginCount());
            }));
            Map<Integer, Count> counts = count(unknown, slot.sequence(), new Cancellation());
            snapshots.check(slot.sequence());
            threads.await(committer.between(() -> unknown.forEach(state -> {
                Count count = counts.getOrDefault(state.number(), new Count());
                state.totals().endCount(count.fingerprint, count.live);
            })));
        } finally {
            snapshots.close(slot);
        }
    }

    /** Counts all tables anew and names those whose totals were not kept along rightly. */
    List<String> verify(Cancellation cancellation) {
        return verifications.take(() -> verifyAll(cancellation));
    }

    private List<String> verifyAll(Cancellation cancellation) {
        List<TableState> known =
                tables.view().tables().stream().filter(s -> s.totals().known()).toList();
        Map<Integer, byte[]> kept = new HashMap<>();
        Snapshots.Slot slot = snapshots.open();
        try {
            threads.await(committer.between(() -> {
                snapshots.take(slot);
                known.forEach(s -> kept.put(s.number(), s.totals().encode()));
            }));
            Map<Integer, Count> counts = count(known, slot.sequence(), cancellation);
            snapshots.check(slot.sequence());
            return known.stream()
                    .filter(s -> !Arrays.equals(
                            kept.get(s.number()),
                            counts.getOrDefault(s.number(), new Count()).encode()))
                    .map(s -> "the rows of " + s.table().qualifiedName()
                            + " do not add up to the fingerprint that was kept")
                    .toList();
        } finally {
            snapshots.close(slot);
        }
    }

    private Map<Integer, Count> count(List<TableState> wanted, long snapshot, Cancellation cancellation) {
        var states = new HashMap<Integer, TableState>();
        wanted.forEach(state -> states.put(state.number(), state));
        var counts = new HashMap<Integer, Count>();
        try (PageCursor pages = rows.pages()) {
            for (var page = pages.next(); !page.isEmpty(); page = pages.next()) {
                cancellation.check();
                for (PageCursor.Entry entry : page) {
                    TableState state = states.get(RowKey.collection(entry.key()));
                    if (state != null) {
                        count(
                                state,
                                RowKey.of(entry.key()),
                                entry.value(),
                                snapshot,
                                counts.computeIfAbsent(state.number(), n -> new Count()));
                    }
                }
            }
        }
        return counts;
    }

    private void count(TableState state, RowKey key, byte[] present, long snapshot, Count count) {
        byte[] row = RowCodec.sequence(present) <= snapshot ? present : access.stored(key, snapshot);
        if (row != null) {
            byte[] leaf = Fingerprint.leafOf(key.document(), state.codec().state(row));
            if (leaf != null) {
                count.fingerprint.add(leaf);
            }
            count.live += RowCodec.live(row) ? 1 : 0;
        }
    }

    // ---- kept over a clean close

    /** Keeps what is known in the meta map: valid as long as the maps are. */
    void save() {
        for (TableState state : tables.view().tables()) {
            if (state.totals().known()) {
                meta.put(key(state.number()), state.totals().encode());
            }
        }
    }

    /** Takes up what {@link #save} kept; {@code discarded} totals are of another time and are removed. */
    static void load(Tables tables, DerivedMap meta, boolean discarded) {
        for (TableState state : tables.view().tables()) {
            byte[] kept = meta.get(key(state.number()));
            if (kept != null && !discarded) {
                state.totals().restore(kept);
            }
            meta.remove(key(state.number()));
        }
    }

    private static byte[] key(int number) {
        return new byte[] {PREFIX, (byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number
        };
    }
}
