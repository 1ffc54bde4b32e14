package dev.pando.crdt;

import dev.pando.ColumnType.Family;
import dev.pando.dag.BlockSource;
import dev.pando.dag.ColumnId;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Live;
import dev.pando.dag.Stamp;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import dev.pando.ipld.Cid;
import java.math.BigInteger;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * docs/rules.md §3 once more, written from the rules and not from {@link DocumentState}: looks at all deltas of one
 * document for every question. Simulations and tests compare rows with it.
 *
 * @param deltas all admitted deltas of one document
 */
public record SlowFold(Map<Cid, Delta> deltas) {

    /** Deltas that no other names in {@code prev}, ascending. */
    public SortedSet<Cid> heads() {
        SortedSet<Cid> heads = new TreeSet<>(deltas.keySet());
        deltas.values().forEach(delta -> delta.prev().forEach(heads::remove));
        return heads;
    }

    /** The greatest delete. */
    public @Nullable Stamp reset() {
        return deltas.entrySet().stream()
                .filter(entry -> entry.getValue().live() == Live.DELETE)
                .map(SlowFold::stamp)
                .max(Stamp::compareTo)
                .orElse(null);
    }

    /** Whether an incarnation above the reset exists. */
    public boolean live() {
        return deltas.entrySet().stream().anyMatch(entry -> entry.getValue().live() == Live.INSERT && counts(entry));
    }

    /** The values of all columns that have one, by column id; empty when not live. */
    public SortedMap<String, Value> values() {
        SortedMap<String, Value> values = new TreeMap<>();
        SortedSet<String> columns = new TreeSet<>();
        deltas.values().forEach(delta -> columns.addAll(delta.ops().keySet()));
        for (String column : columns) {
            Value value = value(ColumnId.parse(column));
            if (value != null) {
                values.put(column, value);
            }
        }
        return values;
    }

    private @Nullable Value value(ColumnId column) {
        Stamp by = null;
        Value value = null;
        BigInteger sum = null;
        for (Map.Entry<Cid, Delta> entry : deltas.entrySet()) {
            FieldOp op = entry.getValue().ops().get(column.text());
            if (op == null || !counts(entry)) {
                continue;
            }
            if (op instanceof FieldOp.SetValue set) {
                if (by == null || stamp(entry).compareTo(by) > 0) {
                    by = stamp(entry);
                    value = set.value();
                }
            } else if (op instanceof FieldOp.Add add) {
                sum = sum == null ? add.amount() : sum.add(add.amount());
                value = Values.encodeAmount(column.family(), sum);
            } else if (op instanceof FieldOp.Max max) {
                value = value == null || compare(column, max.value(), value) > 0 ? max.value() : value;
            } else if (op instanceof FieldOp.Min min) {
                value = value == null || compare(column, min.value(), value) < 0 ? min.value() : value;
            }
        }
        return value;
    }

    /** Whether the delta's incarnation is above the reset. */
    private boolean counts(Map.Entry<Cid, Delta> entry) {
        Stamp reset = reset();
        Cid insert = entry.getValue().incarnation(entry.getKey());
        Delta begin = deltas.get(insert);
        if (begin == null) {
            throw new IllegalArgumentException("delta " + entry.getKey() + " without its insert " + insert);
        }
        return reset == null || new Stamp(begin.hlc(), insert).compareTo(reset) > 0;
    }

    private static Stamp stamp(Map.Entry<Cid, Delta> entry) {
        return new Stamp(entry.getValue().hlc(), entry.getKey());
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static int compare(ColumnId column, Value a, Value b) {
        if (column.family() == Family.TEXT || column.family() == Family.BYTES || column.family() == Family.UUID) {
            return Values.compare(column.family(), a, b);
        }
        Comparable left = (Comparable) decode(column, a);
        return left.compareTo(decode(column, b));
    }

    private static Object decode(ColumnId column, Value value) {
        Object decoded = Values.decode(column.family(), column.scale(), value, BlockSource.EMPTY);
        if (decoded == null) {
            throw new IllegalArgumentException("NULL takes no part in " + column);
        }
        return decoded;
    }
}
