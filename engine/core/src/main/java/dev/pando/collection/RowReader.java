package dev.pando.collection;

import dev.pando.dag.BlockSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one stored row after the other, wherever their bytes stand, without an object for each. Columns are decoded
 * when asked for. For one thread.
 */
public final class RowReader {

    private static final byte[] NOTHING = {};

    private final RowLayout layout;
    private final BlockSource blocks;
    private byte[] bytes = NOTHING;
    private int from;

    public RowReader(RowLayout layout, BlockSource blocks) {
        this.layout = layout;
        this.blocks = blocks;
    }

    /** Turns to the row that begins at {@code start} of {@code stored}; its bytes must stay until the next one. */
    public void show(byte[] stored, int start) {
        this.bytes = stored;
        this.from = start;
    }

    /** As {@link dev.pando.Row#get}. */
    public @Nullable Object get(int ordinal) {
        return RowView.value(layout, ordinal, bytes, place(ordinal), blocks);
    }

    /** As {@link dev.pando.Row#isNull}. */
    public boolean isNull(int ordinal) {
        return place(ordinal) == 0 && !layout.isSum(ordinal);
    }

    /** As {@link dev.pando.Row#getLong}. */
    public long getLong(int ordinal) {
        return RowView.longValue(layout, ordinal, bytes, place(ordinal));
    }

    private int place(int ordinal) {
        return RowCodec.place(layout, ordinal, bytes, from);
    }
}
