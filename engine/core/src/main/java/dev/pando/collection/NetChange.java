package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.BlockSource;
import dev.pando.dag.ColumnId;
import dev.pando.dag.FieldOp;
import dev.pando.dag.LargeValue;
import dev.pando.dag.Live;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What leads from one state of a document to another, as one delta: what {@code repair_clock} writes for all that it
 * withdrew of a document. No definition is asked: hidden columns come along.
 */
public final class NetChange {

    private NetChange() {}

    /**
     * A delta upon {@code left} that shows what {@code wanted} shows.
     *
     * @param left what remains of the document; perhaps nothing
     * @param wanted a later state of it
     * @return null when both show the same
     */
    public static @Nullable DeltaDraft of(
            Cid collection, DocumentId document, DocumentState left, DocumentState wanted, BlockSource blocks) {
        if (!wanted.live() && !left.live()) {
            return null;
        }
        Live live = wanted.live() == left.live() ? null : wanted.live() ? Live.INSERT : Live.DELETE;
        SortedMap<String, FieldOp> ops = new TreeMap<>(DagCbor.KEY_ORDER);
        List<Block> large = new ArrayList<>();
        if (wanted.live()) {
            SortedSet<String> columns = new TreeSet<>(left.columns());
            columns.addAll(wanted.columns());
            for (String column : columns) {
                FieldOp op = op(ColumnId.parse(column), left.value(column), wanted.value(column));
                if (op != null) {
                    ops.put(column, op);
                    addLarge(column, op, blocks, large);
                }
            }
        }
        if (live == null && ops.isEmpty()) {
            return null;
        }
        return DeltaDraft.on(
                collection,
                document,
                Objects.requireNonNull(wanted.key()),
                left,
                live,
                Collections.unmodifiableSortedMap(ops),
                List.copyOf(large));
    }

    private static @Nullable FieldOp op(ColumnId column, @Nullable Value left, @Nullable Value wanted) {
        if (Objects.equals(left, wanted)) {
            return null;
        }
        return switch (column.op()) {
            case SET -> new FieldOp.SetValue(wanted == null ? Value.NULL : wanted);
            case ADD -> {
                BigInteger difference = amount(wanted).subtract(amount(left));
                yield difference.signum() == 0 ? null : new FieldOp.Add(difference);
            }
            case MAX -> wanted == null ? null : new FieldOp.Max(wanted);
            case MIN -> wanted == null ? null : new FieldOp.Min(wanted);
            case ELEMENTS -> null; // rows do not merge them
        };
    }

    private static BigInteger amount(@Nullable Value sum) {
        return sum == null ? BigInteger.ZERO : Values.decodeAmount(sum);
    }

    private static void addLarge(String column, FieldOp op, BlockSource blocks, List<Block> large) {
        boolean linked = op instanceof FieldOp.SetValue set
                && !set.value().isNull()
                && ColumnId.parse(column).family() != ColumnType.Family.ARRAY
                && LargeValue.isLarge(set.value());
        if (linked) {
            for (Cid chunk : LargeValue.of(((FieldOp.SetValue) op).value()).chunks()) {
                large.add(new Block(chunk, blocks.require(chunk)));
            }
        }
    }
}
