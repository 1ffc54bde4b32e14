package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.BlockSource;
import java.math.BigDecimal;
import java.math.BigInteger;
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
        return value(layout, ordinal, row, place(ordinal), blocks);
    }

    @Override
    public boolean isNull(int ordinal) {
        return place(ordinal) == 0 && !layout.isSum(ordinal);
    }

    @Override
    public long getLong(int ordinal) {
        return longValue(layout, ordinal, row, place(ordinal));
    }

    /** The value of a column that stands at this place of {@code bytes}, or nowhere if 0. */
    static @Nullable Object value(RowLayout layout, int ordinal, byte[] bytes, int at, BlockSource blocks) {
        ColumnType type = layout.type(ordinal);
        if (at == 0) {
            return layout.isSum(ordinal) ? zero(type) : null;
        }
        long greatest = layout.greatest(ordinal);
        return greatest == 0
                ? Cell.read(bytes, at, type, blocks)
                : (Object) Cell.readInteger(bytes, at, type, greatest);
    }

    /** The same as a number: see {@link Row#getLong}. */
    static long longValue(RowLayout layout, int ordinal, byte[] bytes, int at) {
        if (at == 0) {
            if (layout.isSum(ordinal)) {
                return 0;
            }
            throw new IllegalStateException("column " + layout.column(ordinal).name() + " is NULL");
        }
        long greatest = layout.greatest(ordinal);
        return greatest == 0 ? Cell.readLong(bytes, at) : Cell.readInteger(bytes, at, layout.type(ordinal), greatest);
    }

    /** The exact sum of a column of merge kind SUM, in units of its scale; never out of range. */
    public BigInteger amount(int ordinal) {
        int at = place(ordinal);
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
        return key(ordinals, descending).toByteArray();
    }

    /** Whether {@link #orderedKey} is what the first bytes of {@code key} are. */
    public boolean hasOrderedKey(List<Integer> ordinals, BitSet descending, byte[] key, int length) {
        return key(ordinals, descending).equals(key, length);
    }

    private KeyOrder.Builder key(List<Integer> ordinals, BitSet descending) {
        KeyOrder.Builder key = new KeyOrder.Builder();
        for (int i = 0; i < ordinals.size(); i++) {
            int ordinal = ordinals.get(i);
            key.setDescending(descending.get(i));
            int at = place(ordinal);
            if (at == 0) {
                key.add(layout.type(ordinal), layout.isSum(ordinal) ? zero(layout.type(ordinal)) : null);
            } else {
                key.addCell(layout.type(ordinal), row, at, blocks);
            }
        }
        return key;
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

    private int place(int ordinal) {
        return RowCodec.place(layout, ordinal, row, 0);
    }

    @Override
    public String toString() {
        return layout.table().qualifiedName() + " " + id;
    }
}
