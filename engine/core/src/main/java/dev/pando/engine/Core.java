package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.Table;
import dev.pando.collection.Keys;
import dev.pando.dag.Value;
import dev.pando.ipld.Cid;
import dev.pando.store.DerivedMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** What transactions share. Thread-safe. */
final class Core {

    private final Environment environment;
    private final Tables tables;
    private final RowAccess access;
    private final Snapshots snapshots;
    private final LockTable locks;
    private final IndexBuilder indexes;
    private final CommitFactory commits;
    private final GeneratedKeys generatedKeys;
    private final DerivedMap rows;
    /** In the order they began, which is the same in each run of a simulation. */
    private final Set<TransactionImpl> open = Collections.synchronizedSet(new LinkedHashSet<>());

    private volatile boolean closed;
    private volatile BiConsumer<Cid, DocumentId> touched = (collection, document) -> {};

    Core(
            Environment environment,
            Tables tables,
            RowAccess access,
            Snapshots snapshots,
            LockTable locks,
            IndexBuilder indexes,
            CommitFactory commits,
            GeneratedKeys generatedKeys,
            DerivedMap rows) {
        this.environment = environment;
        this.tables = tables;
        this.access = access;
        this.snapshots = snapshots;
        this.locks = locks;
        this.indexes = indexes;
        this.commits = commits;
        this.generatedKeys = generatedKeys;
        this.rows = rows;
    }

    Tables tables() {
        return tables;
    }

    /** Tells {@code listener} of each row that is read or written by its key, or id. */
    void onTouch(BiConsumer<Cid, DocumentId> listener) {
        touched = listener;
    }

    void touched(TableState state, DocumentId document) {
        touched.accept(state.collection(), document);
    }

    RowAccess access() {
        return access;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    LockTable locks() {
        return locks;
    }

    IndexBuilder indexes() {
        return indexes;
    }

    /** @param checkCancelled throws what the commit is to end with, until it is in the log */
    long commit(Overlay overlay, Runnable checkCancelled) {
        return commits.commit(overlay, checkCancelled);
    }

    /** All documents of all tables, live and dead. */
    long storedRows() {
        return rows.size();
    }

    long generatedKey() {
        return generatedKeys.next();
    }

    /** The document of that primary key. */
    DocumentId documentId(TableState state, List<Object> key) {
        return Keys.documentId(state.table(), key);
    }

    DocumentId documentId(TableState state, SortedMap<String, Value> key) {
        return Keys.documentId(state.collection(), key);
    }

    /** What the id of a new row is made of. */
    SortedMap<String, Value> documentKey(Table table, @Nullable Object[] row) {
        if (table.primaryKey().isEmpty()) {
            byte[] random = new byte[16];
            environment.randomBytes(random);
            return Keys.random(random);
        }
        List<@Nullable Object> values = new ArrayList<>();
        table.primaryKey().forEach(ordinal -> values.add(row[ordinal]));
        return Keys.of(table, values);
    }

    void began(TransactionImpl transaction) {
        open.add(transaction);
    }

    void ended(TransactionImpl transaction) {
        open.remove(transaction);
    }

    /** @throws PandoException {@code CLOSED} */
    void checkOpen() {
        if (closed) {
            throw new PandoException(PandoException.Kind.CLOSED, "the engine is closed");
        }
    }

    /** From now on nothing begins; what runs is cancelled. */
    void close() {
        closed = true;
        List.copyOf(open).forEach(TransactionImpl::cancel);
    }
}
