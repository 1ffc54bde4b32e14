package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.Index;
import dev.pando.Inserter;
import dev.pando.KeyRange;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.RowWalk;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Snapshot, overlay and locks of one session's transaction. One thread at a time, but for {@link #cancel}. */
final class TransactionImpl implements Transaction {

    /** A place in the overlay's history. */
    private static final class Point implements Savepoint {
        private final int mark;
        private boolean gone;

        Point(int mark) {
            this.mark = mark;
        }
    }

    private final Core core;
    private final TransactionOptions options;
    private final Snapshots.Slot slot;
    private final LockTable.Owner owner;
    private final Overlay overlay = new Overlay();
    private final List<Point> savepoints = new ArrayList<>();
    private final RowWriter writer;
    private @Nullable Long snapshot;
    private Duration lockTimeout;
    private int statementMark;
    private boolean ended;
    private volatile boolean cancelled;

    TransactionImpl(Core core, TransactionOptions options, String name) {
        this.core = core;
        this.options = options;
        this.lockTimeout = options.lockTimeout();
        this.slot = core.snapshots().open();
        this.owner = new LockTable.Owner(name);
        this.writer = new RowWriter(core, this, overlay);
    }

    // ---- state

    private void check() {
        checkNotEnded();
        checkCancelled();
    }

    /* What begins or ends a statement goes on after a cancel. */
    private void checkNotEnded() {
        if (ended) {
            throw new PandoException(Kind.INVALID_TRANSACTION_STATE, "the transaction has ended");
        }
        core.checkOpen();
    }

    private void checkCancelled() {
        if (cancelled) {
            throw new PandoException(Kind.CANCELLED, "the transaction was cancelled");
        }
    }

    void checkWrite() {
        check();
        if (options.readOnly()) {
            throw new PandoException(Kind.READ_ONLY_TRANSACTION, "the transaction is read only");
        }
    }

    boolean repeatableRead() {
        return options.isolation() == Isolation.REPEATABLE_READ;
    }

    /** The sequence that this transaction reads at. */
    long snapshot() {
        Long taken = snapshot;
        if (taken == null) {
            taken = core.snapshots().take(slot);
            snapshot = taken;
        }
        return taken;
    }

    @Override
    public void setLockTimeout(Duration timeout) {
        lockTimeout = timeout;
    }

    @Override
    public void beginStatement() {
        checkNotEnded();
        if (cancelled) {
            cancelled = false;
        }
        statementMark = overlay.mark();
        if (snapshot == null || !repeatableRead()) {
            snapshot = core.snapshots().take(slot);
        }
    }

    @Override
    public void rollbackStatement() {
        checkNotEnded();
        overlay.rollbackTo(statementMark);
    }

    @Override
    public void endStatement() {
        if (!overlay.isEmpty()) {
            throw new IllegalStateException("the snapshot of a transaction that wrote stays until its end");
        }
        snapshot = null;
        core.snapshots().release(slot);
    }

    // ---- reading

    @Override
    public @Nullable Row get(Table table, List<Object> key) {
        check();
        TableState state = core.tables().require(table);
        return get(state, table, core.documentId(state, key));
    }

    @Override
    public @Nullable Row get(Table table, DocumentId id) {
        check();
        return get(core.tables().require(table), table, id);
    }

    private @Nullable Row get(TableState state, Table table, DocumentId id) {
        RowKey key = RowKey.of(state.number(), id);
        PendingRow own = overlay.get(key);
        if (own != null) {
            return own.deleted() ? null : core.access().as(table, own);
        }
        Row row = core.access().live(state, table, key, snapshot());
        if (row != null && !table.local()) {
            core.touched(state, id);
        }
        return row;
    }

    @Override
    public RowCursor scan(Table table, KeyRange range, boolean descending) {
        check();
        TableState state = core.tables().require(table);
        return scan(state, table, state.primary(), range, descending);
    }

    @Override
    public RowCursor scan(Table table, Index index, KeyRange range, boolean descending) {
        check();
        TableState state = core.tables().require(table);
        return scan(state, table, state.index(index), range, descending);
    }

    private RowCursor scan(TableState state, Table table, TableIndex index, KeyRange range, boolean descending) {
        core.indexes().ensureBuilt(index);
        snapshot();
        ByteRange bytes = index.range(state.table(), range);
        var written = new HashSet<RowKey>();
        var own = new ArrayList<RowScan.Own>();
        for (PendingRow row : overlay.of(state.number())) {
            written.add(row.key());
            if (!row.deleted()) {
                byte[] key = index.key(state.table(), row.id(), core.access().as(state.table(), row));
                if (bytes.contains(key)) {
                    own.add(new RowScan.Own(key, core.access().as(table, row)));
                }
            }
        }
        Comparator<RowScan.Own> order = (a, b) -> java.util.Arrays.compareUnsigned(a.key(), b.key());
        own.sort(descending ? order.reversed() : order);
        return new RowScan(
                state,
                table,
                index,
                bytes,
                descending,
                core.access(),
                core.snapshots(),
                core.snapshots().share(slot),
                written,
                own,
                this::checkCancelled);
    }

    @Override
    public RowWalk walk(Table table) {
        check();
        TableState state = core.tables().require(table);
        if (!MapWalk.pays(state.totals().live(), core::storedRows)) {
            return new OrderedWalk(scan(state, table, state.primary(), KeyRange.all(), false));
        }
        snapshot();
        return new MapWalk(
                state,
                table,
                core.access(),
                core.snapshots(),
                core.snapshots().share(slot),
                overlay.of(state.number()),
                this::checkCancelled);
    }

    @Override
    public long estimatedRows(Table table) {
        check();
        TableState state = core.tables().require(table);
        long live = state.totals().live();
        return Math.max(0, live >= 0 ? live : core.storedRows())
                + overlay.of(state.number()).size();
    }

    // ---- writing

    @Override
    public @Nullable Row lock(Row seen) {
        checkWrite();
        return writer.lock(seen);
    }

    /** Waits for the lock as long as it was told. */
    void acquire(Object key) {
        core.locks().acquire(owner, key, lockTimeout);
        checkCancelled();
    }

    boolean holds(Object key) {
        return core.locks().holds(owner, key);
    }

    @Override
    public Row insert(Table table, @Nullable Object[] values, BitSet named) {
        return inserter(table, named).insert(values);
    }

    @Override
    public Inserter inserter(Table table, BitSet named) {
        checkWrite();
        return new RowInserter(core, this, writer, table, named);
    }

    @Override
    public Row update(Row seen, @Nullable Object[] newValues) {
        checkWrite();
        return writer.update(seen, newValues);
    }

    @Override
    public void delete(Row seen) {
        checkWrite();
        writer.delete(seen);
    }

    // ---- savepoints

    @Override
    public Savepoint savepoint() {
        check();
        var point = new Point(overlay.mark());
        savepoints.add(point);
        return point;
    }

    @Override
    public void rollbackTo(Savepoint savepoint) {
        checkNotEnded();
        Point point = point(savepoint);
        overlay.rollbackTo(point.mark);
        forgetFrom(savepoints.indexOf(point) + 1);
        statementMark = Math.min(statementMark, point.mark);
    }

    @Override
    public void release(Savepoint savepoint) {
        check();
        forgetFrom(savepoints.indexOf(point(savepoint)));
    }

    private Point point(Savepoint savepoint) {
        if (savepoint instanceof Point point && !point.gone && savepoints.contains(point)) {
            return point;
        }
        throw new PandoException(Kind.INVALID_TRANSACTION_STATE, "the savepoint is not one of this transaction");
    }

    private void forgetFrom(int index) {
        while (savepoints.size() > index) {
            savepoints.remove(savepoints.size() - 1).gone = true;
        }
    }

    // ---- the end

    @Override
    public boolean hasWrites() {
        return !overlay.isEmpty();
    }

    @Override
    public long commit() {
        checkNotEnded();
        try {
            if (overlay.isEmpty()) {
                return snapshot();
            }
            return core.commit(overlay, this::checkWanted);
        } finally {
            end();
        }
    }

    private void checkWanted() {
        if (cancelled) {
            throw new PandoException(
                    Kind.CANCELLED,
                    "the commit was cancelled before it was in the log: the transaction is rolled back");
        }
    }

    @Override
    public void rollback() {
        if (!ended) {
            end();
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        core.locks().cancelWait(owner);
    }

    @Override
    public void close() {
        rollback();
    }

    /* Locks go after the commit is published: whoever waits for one must see what it wrote. */
    private void end() {
        ended = true;
        overlay.clear();
        savepoints.clear();
        core.locks().releaseAll(owner);
        core.snapshots().close(slot);
        core.ended(this);
    }
}
