package dev.pando.collection;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.MergeKind;
import dev.pando.Table;
import dev.pando.crdt.ColumnNumbers;
import java.nio.charset.StandardCharsets;

/** Where the shown columns of one table definition stand in stored rows. Immutable; made once for each definition. */
public final class RowLayout {

    private final Table table;
    private final RowCodec codec;
    private final int[] numbers;
    private final byte[][] ids;
    private final boolean[] key;
    private final ColumnType[] types;
    private final boolean[] sums;

    /** The greatest integer of a column of family INT, 0 of others. */
    private final long[] greatest;

    private RowLayout(Table table, ColumnNumbers columnNumbers) {
        this.table = table;
        this.codec = new RowCodec(columnNumbers);
        int count = table.columns().size();
        numbers = new int[count];
        ids = new byte[count][];
        key = new boolean[count];
        types = new ColumnType[count];
        sums = new boolean[count];
        greatest = new long[count];
        for (Column column : table.columns()) {
            numbers[column.ordinal()] = columnNumbers.number(column.id());
            ids[column.ordinal()] = column.id().getBytes(StandardCharsets.UTF_8);
            types[column.ordinal()] = column.type();
            sums[column.ordinal()] = column.merge() == MergeKind.SUM;
            boolean isInteger = column.type().family() == ColumnType.Family.INT;
            greatest[column.ordinal()] = isInteger ? Types.max(column.type()) : 0;
        }
        table.primaryKey().forEach(ordinal -> key[ordinal] = true);
    }

    /** @param numbers of the collection: {@link Definition#numbers()} */
    public static RowLayout of(Table table, ColumnNumbers numbers) {
        return new RowLayout(table, numbers);
    }

    public Table table() {
        return table;
    }

    /** The codec of all rows of this collection, whatever the definition shows. */
    public RowCodec codec() {
        return codec;
    }

    int number(int ordinal) {
        return numbers[ordinal];
    }

    byte[] idUtf8(int ordinal) {
        return ids[ordinal];
    }

    Column column(int ordinal) {
        return table.columns().get(ordinal);
    }

    ColumnType type(int ordinal) {
        return types[ordinal];
    }

    boolean isSum(int ordinal) {
        return sums[ordinal];
    }

    /** The greatest value of an integer column; 0 of others. */
    long greatest(int ordinal) {
        return greatest[ordinal];
    }

    boolean isKey(int ordinal) {
        return key[ordinal];
    }
}
