package dev.pando.collection;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.MergeKind;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Table;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Live;
import dev.pando.dag.Value;
import dev.pando.ipld.Block;
import dev.pando.ipld.DagCbor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From changed rows to ops. Values are converted already ({@link Types#convert}); constraints are the caller's.
 *
 * <p>A column whose new value equals the one seen yields no op, so that writing all columns does not overwrite what
 * others changed. A SUM column's op is the difference.
 */
public final class DeltaFactory {

    private DeltaFactory() {}

    /**
     * An insert: writes the columns that were named and the defaults that are not NULL.
     *
     * @param key {@link Keys#of} or {@link Keys#random}
     * @param seen state of the document, not live: empty, or deleted before
     */
    public static DeltaDraft insert(
            Table table, SortedMap<String, Value> key, @Nullable Object[] values, BitSet named, DocumentState seen) {
        return insert(table, Keys.documentId(table.collectionId(), key), key, values, named, seen);
    }

    /** @param id that {@code key} makes */
    public static DeltaDraft insert(
            Table table,
            DocumentId id,
            SortedMap<String, Value> key,
            @Nullable Object[] values,
            BitSet named,
            DocumentState seen) {
        Ops ops = new Ops();
        for (Column column : table.columns()) {
            Object value = values[column.ordinal()];
            if (!key.containsKey(column.id()) && (value != null || named.get(column.ordinal()))) {
                ops.insert(column, value);
            }
        }
        return ops.draft(table, key, seen, Live.INSERT, id);
    }

    /**
     * An update; key columns are not looked at.
     *
     * @return null when no column changes
     */
    public static @Nullable DeltaDraft update(RowView seen, @Nullable Object[] newValues) {
        Ops ops = new Ops();
        for (Column column : seen.table().columns()) {
            if (!seen.layout().isKey(column.ordinal())) {
                ops.update(column, seen, newValues[column.ordinal()]);
            }
        }
        return ops.isEmpty() ? null : ops.draft(seen, null);
    }

    /** An insert of a key that the same transaction deleted: an update that sets every column. */
    public static @Nullable DeltaDraft replace(RowView seen, @Nullable Object[] newValues) {
        Ops ops = new Ops();
        for (Column column : seen.table().columns()) {
            if (!seen.layout().isKey(column.ordinal())) {
                ops.replace(column, seen, newValues[column.ordinal()]);
            }
        }
        return ops.isEmpty() ? null : ops.draft(seen, null);
    }

    public static DeltaDraft delete(RowView seen) {
        return new Ops().draft(seen, Live.DELETE);
    }

    /** Whether two values of one column are one. */
    public static boolean same(@Nullable Object a, @Nullable Object b) {
        return Objects.deepEquals(a, b) || a instanceof List<?> x && b instanceof List<?> y && sameList(x, y);
    }

    private static boolean sameList(List<?> a, List<?> b) {
        return Arrays.equals(DagCbor.encode(a), DagCbor.encode(b));
    }

    /** The ops of one delta. */
    private static final class Ops {

        private final SortedMap<String, FieldOp> ops = new TreeMap<>(DagCbor.KEY_ORDER);
        private final List<Block> large = new ArrayList<>();

        boolean isEmpty() {
            return ops.isEmpty();
        }

        void insert(Column column, @Nullable Object value) {
            switch (column.merge()) {
                case LAST -> set(column, value);
                case SUM -> add(column, value, BigInteger.ZERO);
                case MAX, MIN -> extreme(column, value);
            }
        }

        void update(Column column, RowView seen, @Nullable Object value) {
            switch (column.merge()) {
                case SUM -> add(column, value, seen.amount(column.ordinal()));
                case LAST -> {
                    if (!same(seen.get(column.ordinal()), value)) {
                        set(column, value);
                    }
                }
                case MAX, MIN -> {
                    if (!same(seen.get(column.ordinal()), value)) {
                        extreme(column, value);
                    }
                }
            }
        }

        void replace(Column column, RowView seen, @Nullable Object value) {
            if (column.merge() == MergeKind.LAST) {
                set(column, value);
            } else {
                update(column, seen, value);
            }
        }

        private void set(Column column, @Nullable Object value) {
            ops.put(column.id(), new FieldOp.SetValue(Types.encode(column.type(), value, large)));
        }

        private void add(Column column, @Nullable Object value, BigInteger seen) {
            if (value == null) {
                throw new PandoException(Kind.NOT_NULL_VIOLATION, "column " + column.name() + " adds up: no NULL");
            }
            BigInteger amount = unscaled(column.type(), value).subtract(seen);
            if (amount.signum() != 0) {
                ops.put(column.id(), new FieldOp.Add(amount));
            }
        }

        /** NULL takes no part in a maximum or minimum. */
        private void extreme(Column column, @Nullable Object value) {
            if (value == null) {
                return;
            }
            List<Block> linked = new ArrayList<>();
            Value encoded = Types.encode(column.type(), value, linked);
            if (!linked.isEmpty()) {
                throw new PandoException(
                        Kind.LIMIT_EXCEEDED,
                        "column " + column.name() + " merges by " + column.merge()
                                + ": its values have at most 64 KiB");
            }
            boolean max = column.merge() == MergeKind.MAX;
            ops.put(column.id(), max ? new FieldOp.Max(encoded) : new FieldOp.Min(encoded));
        }

        DeltaDraft draft(RowView seen, @Nullable Live live) {
            DocumentState state = seen.state();
            return draft(seen.table(), Objects.requireNonNull(state.key()), state, live, seen.id());
        }

        DeltaDraft draft(
                Table table, SortedMap<String, Value> key, DocumentState seen, @Nullable Live live, DocumentId id) {
            return DeltaDraft.on(
                    table.collectionId(),
                    id,
                    key,
                    seen,
                    live,
                    Collections.unmodifiableSortedMap(ops),
                    List.copyOf(large));
        }

        private static BigInteger unscaled(ColumnType type, Object value) {
            return type.family() == ColumnType.Family.DEC
                    ? ((BigDecimal) value).setScale(type.scale()).unscaledValue()
                    : BigInteger.valueOf((Long) value);
        }
    }
}
