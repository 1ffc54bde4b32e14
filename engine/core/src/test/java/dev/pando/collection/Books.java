package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.MergeKind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.BlockSource;
import dev.pando.dag.Delta;
import dev.pando.dag.Made;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table of books, for tests. */
final class Books {

    static final ColumnType ISBN = new ColumnType(Family.TEXT, "VARCHAR", 13, 0);
    static final ColumnType SMALLINT = new ColumnType(Family.INT, "SMALLINT", -1, 0);
    static final ColumnType DATE = new ColumnType(Family.DATE, "DATE", -1, 0);

    static final TableSpec SPEC = TableSpec.of(
            "PUBLIC",
            "Books",
            List.of(
                    ColumnSpec.of("isbn", ISBN),
                    ColumnSpec.of("title", ColumnType.VARCHAR),
                    ColumnSpec.of("pages", ColumnType.INTEGER),
                    ColumnSpec.counter("likes", ColumnType.BIGINT),
                    ColumnSpec.of("price", ColumnType.decimal(10, 2)),
                    new ColumnSpec("lastRead", DATE, MergeKind.MAX, true, Optional.empty(), false)),
            List.of("isbn"));

    static final Definition DEFINITION = Definition.create(SPEC);
    static final Table TABLE = DEFINITION.table(List.of());
    static final RowLayout LAYOUT = RowLayout.of(TABLE, DEFINITION.numbers());

    private Books() {}

    static DeltaDraft insert(@Nullable Object... values) {
        BitSet named = new BitSet();
        named.set(0, values.length);
        return DeltaFactory.insert(TABLE, Keys.of(TABLE, List.of(values[0])), values, named, DocumentState.empty());
    }

    static Delta finish(DeltaDraft draft, long hlc, int nonce) {
        return draft.finish(hlc, Made.ALICE.publicKey().raw(), Made.filled(16, nonce));
    }

    static DocumentState apply(DocumentState state, Delta delta) {
        return state.apply(Made.cid(delta), Delta.decode(delta.encode()));
    }

    static RowView view(RowLayout layout, Delta delta, DocumentState state) {
        return RowCodec.view(layout, delta.document(), layout.codec().encode(7, state), BlockSource.EMPTY);
    }
}
