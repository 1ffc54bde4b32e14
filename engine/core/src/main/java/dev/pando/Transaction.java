package dev.pando;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads at a snapshot plus this transaction's own writes; all of its writes become one commit.
 *
 * <p>One thread at a time, except {@link #cancel()}. Local writes lock their documents until the end; the next local
 * writer waits. Merges from peers never wait and never fail it.
 *
 * <p>{@link Isolation#READ_COMMITTED}: each {@link #beginStatement()} takes a new snapshot, and {@link #lock} may return
 * a newer version than the statement saw: the caller evaluates again. {@link Isolation#REPEATABLE_READ}: one snapshot;
 * {@link #lock} of a row changed since fails with {@code SERIALIZATION_FAILURE}.
 */
public interface Transaction extends AutoCloseable {

    /** How long its writes wait for other local writers from now on. */
    void setLockTimeout(Duration timeout);

    /**
     * Marks a statement: a new snapshot at READ COMMITTED, and the point {@link #rollbackStatement()} returns to. A
     * {@link #cancel()} that came before it is over.
     */
    void beginStatement();

    /**
     * Lets go of the snapshot until the next {@link #beginStatement()}; nothing is read meanwhile. A transaction that
     * only reads can so be kept for later statements, each of which sees what is committed when it begins.
     *
     * @throws IllegalStateException when something was written
     */
    void endStatement();

    /** Undoes what was written since {@link #beginStatement()}; its locks stay. */
    void rollbackStatement();

    /** The row of that primary key, in key order, or null. */
    @Nullable
    Row get(Table table, List<Object> key);

    /** The row of that id, or null. */
    @Nullable
    Row get(Table table, DocumentId id);

    /** Rows in primary key order (in order of document id without one). */
    RowCursor scan(Table table, KeyRange range, boolean descending);

    /** Rows in index order. */
    RowCursor scan(Table table, Index index, KeyRange range, boolean descending);

    /** All rows in no order, and the quickest way to read them all. The engine chooses where it reads them. */
    RowWalk walk(Table table);

    /** An estimate of the number of rows, for planning. */
    long estimatedRows(Table table);

    /**
     * Locks the row for this transaction, waiting for another local writer to end.
     *
     * @return {@code seen} itself when nothing changed, the newer version (READ COMMITTED), or null when it is gone
     * @throws PandoException {@code LOCK_TIMEOUT}, {@code DEADLOCK}, {@code SERIALIZATION_FAILURE}
     */
    @Nullable
    Row lock(Row seen);

    /**
     * Inserts a row.
     *
     * @param values one for each column of {@code table}; null where not named or NULL
     * @param named ordinals the statement named: only these and non-null defaults are written (docs/rules.md §3)
     * @throws PandoException {@code DUPLICATE_KEY}, {@code NOT_NULL_VIOLATION}, {@code CHECK_VIOLATION}, …
     */
    Row insert(Table table, @Nullable Object[] values, BitSet named);

    /**
     * The same for many rows.
     *
     * @param named ordinals that the statement named, for each row
     */
    Inserter inserter(Table table, BitSet named);

    /**
     * Changes a locked row. Columns whose new value equals that of {@code seen} yield no op; a SUM column's op is the
     * difference; a changed key column means delete and insert in one commit.
     *
     * @return the row as this transaction now sees it
     */
    Row update(Row seen, @Nullable Object[] newValues);

    /** Deletes a locked row. */
    void delete(Row seen);

    /** A point to return to. */
    Savepoint savepoint();

    /** Undoes what was written since; later savepoints are gone, this one stays. */
    void rollbackTo(Savepoint savepoint);

    void release(Savepoint savepoint);

    /** Whether anything was written. */
    boolean hasWrites();

    /**
     * Commits all writes as one. A {@link #cancel} ends it with {@code CANCELLED}, and the transaction is rolled back then,
     * until the commit is in the log.
     *
     * @return the commit sequence; that of the snapshot when nothing was written
     */
    long commit();

    /** Undoes all writes and ends the transaction. */
    void rollback();

    /**
     * Makes the calls of the present statement end with {@code CANCELLED}: one that waits or takes long, and those after
     * it until the next {@link #beginStatement()}, a commit among them, but for those that undo the statement or the
     * transaction. From any thread.
     */
    void cancel();

    /** Rolls back when not ended. */
    @Override
    void close();

    /** Isolation levels offered. */
    enum Isolation {
        READ_COMMITTED,
        REPEATABLE_READ
    }

    /** An opaque point in a transaction. */
    interface Savepoint {}
}
