package dev.pando.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Values that do not fit into a slot of a {@link RecordHeap}: parts in slots of their own, and what stands for the value.
 *
 * <pre>
 * length (4) | position of a part (8), each
 * </pre>
 */
final class LargeValues {

    /** A larger value is in parts: these leave room for the longest key. */
    static final int INLINE_BYTES_MAX = 32 << 10;

    private static final int PART_BYTES = SizeClasses.SLOT_BYTES_MAX - RecordHeap.HEADER_BYTES;
    private static final byte[] NO_KEY = {};

    private LargeValues() {}

    /** Writes the parts of a value; returns what stands for it. */
    static byte[] write(RecordHeap heap, byte[] value) throws IOException {
        ByteBuffer head = buffer(new byte[Integer.BYTES + Long.BYTES * parts(value.length)]);
        head.putInt(value.length);
        for (int at = 0; at < value.length; at += PART_BYTES) {
            int length = Math.min(PART_BYTES, value.length - at);
            int sizeClass = SizeClasses.of(RecordHeap.HEADER_BYTES + length);
            long position = heap.allocate(sizeClass);
            heap.write(position, sizeClass, RecordHeap.PART, NO_KEY, value, at, length);
            head.putLong(position);
        }
        return head.array();
    }

    private static int parts(int length) {
        return (length + PART_BYTES - 1) / PART_BYTES;
    }

    /** Null when something is not right: it is damaged, or has another value meanwhile. */
    static byte @Nullable [] assemble(RecordHeap heap, byte[] headBytes) {
        ByteBuffer head = buffer(headBytes);
        int length = head.remaining() < Integer.BYTES ? -1 : head.getInt();
        if (length < 0 || length > DerivedMap.VALUE_BYTES_MAX || head.remaining() != Long.BYTES * parts(length)) {
            return null;
        }
        byte[] value = new byte[length];
        for (int at = 0; at < length; at += PART_BYTES) {
            byte[] part = heap.part(head.getLong());
            if (part == null || part.length != Math.min(PART_BYTES, length - at)) {
                return null;
            }
            System.arraycopy(part, 0, value, at, part.length);
        }
        return value;
    }

    /** Gives up the parts, when nothing refers to them any more. */
    static void release(RecordHeap heap, byte[] headBytes) {
        ByteBuffer head = buffer(headBytes).position(Integer.BYTES);
        while (head.hasRemaining()) {
            long position = head.getLong();
            heap.release(position, heap.copy(position).sizeClass());
        }
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
