package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.BlockSource;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored row as one table definition shows it. Columns are decoded each time they are asked for, out of the bytes of
 * the row. Immutable, thread-safe.
 */
public final class RowView implements Row {

    private final RowLayout layout;
    private final DocumentId id;
    private final byte[] row;
    private final BlockSource blocks;

    RowView(RowLayout layout, DocumentId id, byte[] row, BlockSource blocks) {
        this.layout = layout;
        this.id = id;
        this.row = row;
        this.blocks = blocks;
    }

    @Override
    public DocumentId id() {
        return id;
    }

    @Override
    public Table table() {
        return layout.table();
    }

    public RowLayout layout() {
        return layout;
    }

    @Override
    public long version() {
        return RowCodec.sequence(row);
    }

    /** Whether the row exists for SQL. */
    public boolean live() {
        return RowCodec.live(row);
    }

    /** The stored bytes, not to be changed. */
    public byte[] bytes() {
        return row;
    }

    /** The state behind the columns, decoded. */
    public DocumentState state() {
        return layout.codec().state(row);
    }

    @Override
    public @Nullable Object get(int ordinal) {
        int at = offset(ordinal);
        ColumnType type = layout.type(ordinal);
        if (at == 0) {
            return layout.isSum(ordinal) ? zero(type) : null;
        }
        return Cell.read(row, at, type, blocks);
    }

    @Override
    public boolean isNull(int ordinal) {
        return offset(ordinal) == 0 && !layout.isSum(ordinal);
    }

    @Override
    public long getLong(int ordinal) {
        int at = offset(ordinal);
        if (at == 0) {
            if (layout.isSum(ordinal)) {
                return 0;
            }
            throw new IllegalStateException("column " + layout.column(ordinal).name() + " is NULL");
        }
        ColumnType type = layout.type(ordinal);
        return type.family() == ColumnType.Family.INT ? Cell.readInteger(row, at, type) : Cell.readLong(row, at);
    }

    /** The exact sum of a column of merge kind SUM, in units of its scale; never out of range. */
    public BigInteger amount(int ordinal) {
        int at = offset(ordinal);
        if (at == 0) {
            return BigInteger.ZERO;
        }
        boolean isLong = layout.type(ordinal).family() == ColumnType.Family.INT && !Cell.isBeyondLong(row, at);
        return isLong ? BigInteger.valueOf(Cell.readLong(row, at)) : Cell.readUnscaled(row, at);
    }

    /**
     * The key of this row in an index over these columns: see {@link KeyOrder}. Never fails: an integer beyond its type
     * sorts with the greatest, or the least, of 64 bits.
     *
     * @param descending places in {@code ordinals} of the columns that descend
     */
    public byte[] orderedKey(List<Integer> ordinals, BitSet descending) {
        KeyOrder.Builder key = new KeyOrder.Builder();
        for (int i = 0; i < ordinals.size(); i++) {
            int ordinal = ordinals.get(i);
            key.setDescending(descending.get(i));
            int at = offset(ordinal);
            if (at == 0) {
                key.add(layout.type(ordinal), layout.isSum(ordinal) ? zero(layout.type(ordinal)) : null);
            } else {
                key.addCell(layout.type(ordinal), row, at, blocks);
            }
        }
        return key.toByteArray();
    }

    /** All columns, by ordinal. */
    public @Nullable Object[] values() {
        @Nullable
        Object[] values = new @Nullable Object[layout.table().columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = get(i);
        }
        return values;
    }

    private static Object zero(ColumnType type) {
        return type.family() == ColumnType.Family.DEC ? new BigDecimal(BigInteger.ZERO, type.scale()) : (Object) 0L;
    }

    /** Where the value stands, 0 for none. */
    private int offset(int ordinal) {
        int number = layout.number(ordinal);
        int count = RowCodec.count(row);
        int width = RowCodec.offsetBytes(row);
        if (number >= 0) {
            return number < count ? RowCodec.offset(row, RowCodec.OFFSETS_AT + number * width) : 0;
        }
        return furtherOffset(layout.idUtf8(ordinal), RowCodec.OFFSETS_AT + count * width, width);
    }

    private int furtherOffset(byte[] column, int from, int width) {
        int further = (short) RowCodec.SHORT.get(row, from) & 0xffff;
        int at = from + Short.BYTES;
        for (int i = 0; i < further; i++) {
            int length = (short) RowCodec.SHORT.get(row, at) & 0xffff;
            int idAt = at + Short.BYTES;
            if (Arrays.equals(row, idAt, idAt + length, column, 0, column.length)) {
                return RowCodec.offset(row, idAt + length);
            }
            at = idAt + length + width;
        }
        return 0;
    }

    @Override
    public String toString() {
        return layout.table().qualifiedName() + " " + id;
    }
}
