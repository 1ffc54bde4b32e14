package dev.pando.crdt;

import dev.pando.dag.ColumnId;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Stamp;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One life of a document, from its insert on: registers by column id. Immutable. */
@SuppressWarnings("ArrayRecordComponent")
record Incarnation(Stamp stamp, String[] columns, Register[] registers) {

    private static final String[] NO_COLUMNS = {};
    private static final Register[] NO_REGISTERS = {};

    static Incarnation begin(Stamp stamp) {
        return new Incarnation(stamp, NO_COLUMNS, NO_REGISTERS);
    }

    @Nullable
    Register register(String column) {
        int at = Arrays.binarySearch(columns, column);
        return at < 0 ? null : registers[at];
    }

    /** Merges the ops of a delta; costs as much as there are columns, whatever came before. */
    Incarnation merge(Map<String, FieldOp> ops, Stamp by) {
        String[] names = columns;
        Register[] merged = registers.clone();
        for (Map.Entry<String, FieldOp> entry : ops.entrySet()) {
            String column = entry.getKey();
            int at = Arrays.binarySearch(names, column);
            Register before = at < 0 ? null : merged[at];
            Register after = Register.merge(before, ColumnId.parse(column), entry.getValue(), by);
            if (after == null) {
                continue;
            }
            if (at < 0) {
                names = insert(names, -at - 1, column);
                merged = insert(merged, -at - 1, after);
            } else {
                merged[at] = after;
            }
        }
        return new Incarnation(stamp, names, merged);
    }

    private static <T> T[] insert(T[] array, int at, T element) {
        T[] longer = Arrays.copyOf(array, array.length + 1);
        System.arraycopy(array, at, longer, at + 1, array.length - at);
        longer[at] = element;
        return longer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Incarnation that
                && stamp.equals(that.stamp)
                && Arrays.equals(columns, that.columns)
                && Arrays.equals(registers, that.registers);
    }

    @Override
    public int hashCode() {
        return stamp.hashCode();
    }
}
