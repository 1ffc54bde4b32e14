package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.ExpressionCompiler.RowFunction;
import dev.pando.Inspection;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.collection.RowCodec;
import dev.pando.crdt.DocumentState;
import dev.pando.crdt.History;
import dev.pando.dag.BlockSource;
import dev.pando.ipld.Cid;
import dev.pando.replication.RowPredicate;
import dev.pando.store.DerivedMap;
import dev.pando.store.PageCursor;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A replicator's condition on rows. Rows that are deleted match nothing. */
final class RowPredicateImpl implements RowPredicate {

    private final TableState state;
    private final Function<Table, RowFunction> compiler;
    private final DerivedMap rows;
    private final RowAccess access;
    private final BlockSource blocks;
    private volatile Compiled compiled;

    private record Compiled(Table table, RowFunction condition) {}

    /** @param compiler of the condition for a definition of the table */
    RowPredicateImpl(
            TableState state,
            Function<Table, RowFunction> compiler,
            DerivedMap rows,
            RowAccess access,
            BlockSource blocks) {
        this.state = state;
        this.compiler = compiler;
        this.compiled = new Compiled(state.table(), compiler.apply(state.table()));
        this.rows = rows;
        this.access = access;
        this.blocks = blocks;
    }

    @Override
    public boolean matches(DocumentId document, Cid delta) {
        RowKey key = RowKey.of(state.number(), document);
        byte[] present = rows.get(key.bytes());
        if (present == null || matches(key, present)) {
            return present != null;
        }
        List<Cid> heads = state.codec().state(present).headCids();
        if (heads.equals(List.of(delta))) {
            return false; // nothing has changed it since
        }
        var then = DocumentState.fold(History.of(List.of(delta), blocks, Inspection.HISTORY_MAX), Long.MAX_VALUE);
        return matches(key, state.codec().encode(0, then));
    }

    private boolean matches(RowKey key, byte @Nullable [] row) {
        if (row == null || !RowCodec.live(row)) {
            return false;
        }
        Row shown = access.view(state, key, row);
        Compiled present = compiled;
        if (present.table() != shown.table()) {
            present = new Compiled(shown.table(), compiler.apply(shown.table()));
            compiled = present;
        }
        return Boolean.TRUE.equals(present.condition().apply(shown::get));
    }

    @Override
    public void matching(Consumer<DocumentId> found) {
        try (PageCursor pages = rows.pages()) {
            for (var page = pages.next(); !page.isEmpty(); page = pages.next()) {
                for (PageCursor.Entry entry : page) {
                    if (RowKey.collection(entry.key()) == state.number()) {
                        RowKey key = RowKey.of(entry.key());
                        if (matches(key, entry.value())) {
                            found.accept(key.document());
                        }
                    }
                }
            }
        }
    }
}
