package dev.pando.engine;

import dev.pando.Cancellation;
import dev.pando.DocumentId;
import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.collection.RowCodec;
import dev.pando.collection.RowView;
import dev.pando.store.DerivedMap;
import dev.pando.store.OrderedIndex;
import dev.pando.store.PageCursor;
import dev.pando.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fills indexes over rows that were there before them: at the first scan after a start, and for CREATE INDEX. The rows
 * are walked once for all indexes that wait; between slices of the walk commits pass, and write their own entries.
 */
final class IndexBuilder {

    /** Rows of one slice: about a millisecond of the writer's time. */
    static final int SLICE_ROWS = 512;

    private record Target(TableState state, TableIndex index) {}

    /**
     * Entries from which on the primary index is kept in a file at a clean close: a smaller one is made from the rows in
     * no time.
     */
    static final long KEPT_ENTRIES_MIN = 16_384;

    private static final System.Logger LOG = System.getLogger(IndexBuilder.class.getName());

    private final Store store;
    private final Tables tables;
    private final DerivedMap rows;
    private final RowAccess access;
    private final Snapshots snapshots;
    private final Committer committer;
    private final Environment.Threads threads;
    private final Turn walks;

    IndexBuilder(
            Store store,
            Tables tables,
            DerivedMap rows,
            RowAccess access,
            Snapshots snapshots,
            Committer committer,
            Environment.Threads threads) {
        this.store = store;
        this.tables = tables;
        this.rows = rows;
        this.access = access;
        this.snapshots = snapshots;
        this.committer = committer;
        this.threads = threads;
        this.walks = new Turn(threads);
    }

    /** Returns when the index has an entry for every row that a reader may see. Not for the writer. */
    void ensureBuilt(TableIndex index) {
        ensureBuilt(index, new Cancellation());
    }

    /** The same; ends with {@code CANCELLED}, and the index not built, when it is cancelled. */
    void ensureBuilt(TableIndex index, Cancellation cancellation) {
        if (!index.built()) {
            walks.take(() -> build(index, cancellation));
        }
    }

    private void build(TableIndex wanted, Cancellation cancellation) {
        if (wanted.built()) {
            return;
        }
        readKept();
        if (wanted.built()) {
            return;
        }
        Map<Integer, List<Target>> targets = unbuilt();
        try (PageCursor pages = rows.pages()) {
            for (var page = pages.next(); !page.isEmpty(); page = pages.next()) {
                for (int from = 0; from < page.size(); from += SLICE_ROWS) {
                    cancellation.check();
                    var slice = page.subList(from, Math.min(page.size(), from + SLICE_ROWS));
                    threads.await(committer.between(() -> add(slice, targets)));
                }
            }
        }
        threads.await(committer.between(() ->
                targets.values().forEach(some -> some.forEach(target -> setBuilt(target.index())))));
    }

    /**
     * Fills primary indexes from the files that the last clean close left. Only these: a primary key's columns never
     * change, so no entry that was right then is missing for a row of now.
     */
    private void readKept() {
        for (TableState state : tables.view().tables()) {
            TableIndex index = state.primary();
            if (!index.built() && index.usable()) {
                OrderedIndex.Filler filler = index.entries().filler();
                if (store.readIndex(keptName(state), filler)) {
                    threads.await(committer.between(() -> {
                        filler.finish();
                        setBuilt(index);
                    }));
                }
            }
        }
    }

    private static String keptName(TableState state) {
        return "primary-" + state.number();
    }

    /** Leaves files for {@link #readKept} behind. When nothing is written any more. */
    void keep() {
        for (TableState state : tables.view().tables()) {
            try {
                keep(state);
            } catch (PandoException e) {
                LOG.log(System.Logger.Level.WARNING, "the first ordered scan after the next start takes longer", e);
            }
        }
    }

    private void keep(TableState state) {
        TableIndex index = state.primary();
        if (store.isIndexKept(keptName(state))) {
            return;
        }
        if (!index.built() && index.usable()) {
            OrderedIndex.Filler filler = index.entries().filler();
            if (store.readIndex(keptName(state), filler)) {
                filler.finish();
                index.setBuilt();
            }
        }
        if (index.built() && index.entries().size() >= KEPT_ENTRIES_MIN) {
            store.keepIndex(keptName(state), index.entries());
        }
    }

    /* One with a column that was hidden during the walk lacks the rows from then on. */
    private static void setBuilt(TableIndex index) {
        if (index.usable()) {
            index.setBuilt();
        }
    }

    /**
     * Removes the rows of a dropped table, a slice at a time. What a crash leaves is never read again: its number is not
     * given to another table.
     */
    void purge(int collection) {
        try (PageCursor pages = rows.pages()) {
            for (var page = pages.next(); !page.isEmpty(); page = pages.next()) {
                var dropped = page.stream()
                        .map(PageCursor.Entry::key)
                        .filter(key -> RowKey.collection(key) == collection)
                        .toList();
                for (int from = 0; from < dropped.size(); from += SLICE_ROWS) {
                    var slice = dropped.subList(from, Math.min(dropped.size(), from + SLICE_ROWS));
                    threads.await(committer.between(() -> slice.forEach(rows::remove)));
                }
            }
        }
    }

    private Map<Integer, List<Target>> unbuilt() {
        var targets = new HashMap<Integer, List<Target>>();
        for (TableState state : tables.view().tables()) {
            var some = new ArrayList<Target>();
            if (!state.primary().built()) {
                some.add(new Target(state, state.primary()));
            }
            state.indexes().stream().filter(i -> !i.built() && i.usable()).forEach(i -> some.add(new Target(state, i)));
            if (!some.isEmpty()) {
                targets.put(state.number(), some);
            }
        }
        return targets;
    }

    /* A row that changed since its page was copied wrote its entry itself; the one added here is a hint too many. */
    private void add(List<PageCursor.Entry> slice, Map<Integer, List<Target>> targets) {
        for (PageCursor.Entry entry : slice) {
            List<Target> some = targets.get(RowKey.collection(entry.key()));
            if (some != null) {
                RowKey key = RowKey.of(entry.key());
                some.forEach(target -> add(target, key, entry.value()));
            }
        }
    }

    private void add(Target target, RowKey key, byte[] row) {
        if (!target.index().usable()) {
            return;
        }
        put(target, key, row);
        for (byte[] older : snapshots.versions(key)) {
            put(target, key, older);
        }
    }

    private void put(Target target, RowKey key, byte[] row) {
        if (RowCodec.live(row)) {
            RowView view = access.view(target.state(), key, row);
            target.index().entries().put(target.index().key(view), view.id().bytes());
        }
    }

    /** @throws dev.pando.PandoException {@code DUPLICATE_KEY} when two rows have one value; {@code CANCELLED} */
    void checkUnique(TableState state, TableIndex index, Cancellation cancellation) {
        long snapshot = snapshots.published();
        byte[] last = null;
        OrderedIndex.Cursor cursor = index.entries().from(null, true, false);
        while (cursor.next()) {
            cancellation.check();
            RowKey key = RowKey.of(state.number(), DocumentId.of(cursor.value()));
            RowView row = access.live(state, state.table(), key, snapshot);
            if (row == null || !Arrays.equals(cursor.key(), index.key(row))) {
                continue;
            }
            byte[] value = index.uniqueKey(state.table(), row);
            if (value != null && Arrays.equals(value, last)) {
                throw Constraints.duplicate(state, index);
            }
            last = value == null ? last : value;
        }
    }
}
