package dev.pando.collection;

import dev.pando.DocumentId;
import dev.pando.crdt.ColumnNumbers;
import dev.pando.crdt.DocumentState;
import dev.pando.crdt.StateEncoder;
import dev.pando.crdt.StateOutput;
import dev.pando.dag.BlockSource;
import dev.pando.dag.Value;
import dev.pando.ipld.DecodeException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The stored row: a document's state, and in front of it a table that tells where each column's value stands, so that a
 * column is read without decoding the state (docs/formats/rows.md).
 *
 * <pre>
 *  0        version 1
 *  1        flags: 1 live, 2 wide (offsets of 4 bytes, else 2)
 *  2..9     commit sequence that wrote it
 * 10..11    count n of the offset table; 0 when not live
 * 12..      n offsets from the start of the row, by column number; 0 is NULL or never written
 *           count of further columns (2), each: length of its id (2), id in UTF-8, offset
 *           length of the state (4), state
 *           when several incarnations count: their merged values
 * </pre>
 *
 * Numbers are big-endian. Thread-safe.
 */
public final class RowCodec {

    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    static final int VERSION = 1;
    static final int LIVE = 1;
    static final int WIDE = 2;
    static final int SEQUENCE_AT = 2;
    static final int COUNT_AT = 10;
    static final int OFFSETS_AT = 12;

    private final ColumnNumbers numbers;

    /** @param numbers of the collection: {@link Definition#numbers()} */
    public RowCodec(ColumnNumbers numbers) {
        this.numbers = numbers;
    }

    /** The row value of a document in this state, written by the commit of this sequence. */
    public byte[] encode(long sequence, DocumentState state) {
        StateOutput body = new StateOutput(512);
        Columns columns = new Columns(state.live() ? numbers.count() : 0);
        boolean live = state.live();
        StateEncoder.encode(state, numbers, body, (column, number, offset) -> {
            if (live) {
                columns.place(column, number, offset);
            }
        });
        int stateBytes = body.size();
        if (state.incarnationCount() > 1) {
            mergeIncarnations(state, body, columns);
        }
        columns.dropNulls(body);
        boolean wide = columns.headerBytes(2) + body.size() > 0xffff;
        int header = columns.headerBytes(wide ? 4 : 2);
        StateOutput out = new StateOutput(header + body.size());
        out.putByte(VERSION);
        out.putByte((live ? LIVE : 0) | (wide ? WIDE : 0));
        out.putLong(sequence);
        columns.write(out, header, wide);
        out.putInt(stateBytes);
        out.putBytes(body);
        return out.toByteArray();
    }

    /** Appends what the incarnations show together, and lets the columns point there. */
    private void mergeIncarnations(DocumentState state, StateOutput body, Columns columns) {
        for (String column : state.columns()) {
            Value value = state.value(column);
            if (value != null && (state.key() == null || !state.key().containsKey(column))) {
                columns.replace(column, numbers.number(column), body.size());
                body.putBytes(value.encoded());
            }
        }
    }

    /**
     * The state that {@code row} holds.
     *
     * @throws DecodeException when it is no row of this collection: a checksum should have told before
     */
    public DocumentState state(byte[] row) {
        if (row.length < OFFSETS_AT || row[0] != VERSION) {
            throw new DecodeException("no row of version " + VERSION);
        }
        int at = stateAt(row);
        if (at > row.length - Integer.BYTES) {
            throw new DecodeException("a row without a state");
        }
        int length = (int) INT.get(row, at);
        if (length < 0 || length > row.length - at - Integer.BYTES) {
            throw new DecodeException("a row whose state is cut off");
        }
        return DocumentState.decode(row, at + Integer.BYTES, length, numbers);
    }

    /** The commit sequence that wrote it. */
    public static long sequence(byte[] row) {
        return sequence(row, 0);
    }

    /** The commit sequence that wrote the row that begins at {@code from}. */
    public static long sequence(byte[] bytes, int from) {
        return (long) LONG.get(bytes, from + SEQUENCE_AT);
    }

    /** The same row as that commit writes it. */
    public static byte[] withSequence(byte[] row, long sequence) {
        byte[] written = row.clone();
        LONG.set(written, SEQUENCE_AT, sequence);
        return written;
    }

    /** Whether the row exists for SQL; else it only remembers the document's heads. */
    public static boolean live(byte[] row) {
        return live(row, 0);
    }

    /** Whether the row that begins at {@code from} exists for SQL. */
    public static boolean live(byte[] bytes, int from) {
        return (bytes[from + 1] & LIVE) != 0;
    }

    /** The row as a table shows it; {@code row} must not be changed afterwards. */
    public static RowView view(RowLayout layout, DocumentId id, byte[] row, BlockSource blocks) {
        return new RowView(layout, id, row, blocks);
    }

    private static int offsetBytes(byte[] bytes, int from) {
        return (bytes[from + 1] & WIDE) != 0 ? Integer.BYTES : Short.BYTES;
    }

    private static int count(byte[] bytes, int from) {
        return (short) SHORT.get(bytes, from + COUNT_AT) & 0xffff;
    }

    /** Where in {@code bytes} the value of a column stands, 0 for none, by the offset at {@code at}. */
    private static int place(byte[] bytes, int from, int at) {
        int offset = (bytes[from + 1] & WIDE) != 0 ? (int) INT.get(bytes, at) : (short) SHORT.get(bytes, at) & 0xffff;
        return offset == 0 ? 0 : from + offset;
    }

    /** Where in {@code bytes} the value of a column of the row that begins at {@code from} stands, 0 for none. */
    static int place(RowLayout layout, int ordinal, byte[] bytes, int from) {
        int number = layout.number(ordinal);
        int count = count(bytes, from);
        int width = offsetBytes(bytes, from);
        if (number >= 0) {
            return number < count ? place(bytes, from, from + OFFSETS_AT + number * width) : 0;
        }
        return furtherPlace(layout.idUtf8(ordinal), bytes, from, from + OFFSETS_AT + count * width, width);
    }

    private static int furtherPlace(byte[] column, byte[] bytes, int from, int furtherAt, int width) {
        int further = (short) SHORT.get(bytes, furtherAt) & 0xffff;
        int at = furtherAt + Short.BYTES;
        for (int i = 0; i < further; i++) {
            int length = (short) SHORT.get(bytes, at) & 0xffff;
            int idAt = at + Short.BYTES;
            if (Arrays.equals(bytes, idAt, idAt + length, column, 0, column.length)) {
                return place(bytes, from, idAt + length);
            }
            at = idAt + length + width;
        }
        return 0;
    }

    private static int stateAt(byte[] row) {
        int width = offsetBytes(row, 0);
        int at = OFFSETS_AT + count(row, 0) * width;
        int further = unsignedShort(row, at);
        at += Short.BYTES;
        for (int i = 0; i < further; i++) {
            at += Short.BYTES + unsignedShort(row, at) + width;
        }
        return at;
    }

    private static int unsignedShort(byte[] row, int at) {
        if (at > row.length - Short.BYTES) {
            throw new DecodeException("a row that is cut off");
        }
        return (short) SHORT.get(row, at) & 0xffff;
    }

    /** Offsets within the body while it is written; the header moves them. */
    private static final class Columns {

        private final int[] numbered;
        private final Map<String, Integer> further = new LinkedHashMap<>();

        Columns(int count) {
            numbered = new int[count];
            Arrays.fill(numbered, -1);
        }

        /** The first place counts: that of a key column, whatever hostile ops say of it. */
        void place(String column, int number, int offset) {
            if (number < 0 && !column.isEmpty()) {
                further.putIfAbsent(column, offset);
            } else if (number >= 0 && numbered[number] < 0) {
                numbered[number] = offset;
            }
        }

        void replace(String column, int number, int offset) {
            if (number >= 0) {
                numbered[number] = offset;
            } else {
                further.put(column, offset);
            }
        }

        void dropNulls(StateOutput body) {
            byte nullByte = Value.NULL.encoded()[0];
            for (int i = 0; i < numbered.length; i++) {
                if (numbered[i] >= 0 && body.byteAt(numbered[i]) == nullByte) {
                    numbered[i] = -1;
                }
            }
            further.values().removeIf(offset -> body.byteAt(offset) == nullByte);
        }

        int headerBytes(int width) {
            int bytes = OFFSETS_AT + numbered.length * width + Short.BYTES + Integer.BYTES;
            for (String column : further.keySet()) {
                bytes += Short.BYTES + column.getBytes(StandardCharsets.UTF_8).length + width;
            }
            return bytes;
        }

        void write(StateOutput out, int header, boolean wide) {
            out.putShort(numbered.length);
            for (int offset : numbered) {
                putOffset(out, offset < 0 ? 0 : header + offset, wide);
            }
            out.putShort(further.size());
            further.forEach((column, offset) -> {
                byte[] utf8 = column.getBytes(StandardCharsets.UTF_8);
                out.putShort(utf8.length);
                out.putBytes(utf8);
                putOffset(out, header + offset, wide);
            });
        }

        private static void putOffset(StateOutput out, int offset, boolean wide) {
            if (wide) {
                out.putInt(offset);
            } else {
                out.putShort(offset);
            }
        }
    }
}
