package dev.pando.ipld;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes one value as canonical DAG-CBOR into a growing array. What it lets through, {@link CborReader} reads: calls
 * that would make anything else (keys out of order, too few items, nesting beyond 64) throw
 * {@link IllegalStateException}, values that the format has no room for {@link IllegalArgumentException}. After either
 * only {@link #reset} is of use. Not thread-safe; made to be reused.
 */
public final class CborWriter {

    private static final int HEAD_BYTES_MAX = 9;

    private final Nesting nesting = new Nesting();
    private byte[] out;
    private int size;

    public CborWriter() {
        this(256);
    }

    public CborWriter(int expectedBytes) {
        out = new byte[Math.max(expectedBytes, HEAD_BYTES_MAX)];
    }

    /** Forgets what was written and keeps the array. */
    public CborWriter reset() {
        nesting.reset();
        size = 0;
        return this;
    }

    public void writeNull() {
        simple(Cbor.NULL_BYTE);
    }

    public void writeBool(boolean value) {
        simple(value ? Cbor.TRUE_BYTE : Cbor.FALSE_BYTE);
    }

    public void writeInt(long value) {
        check(nesting.value());
        if (value >= 0) {
            head(Cbor.UNSIGNED, value);
        } else {
            head(Cbor.NEGATIVE, ~value);
        }
    }

    /** Writes {@code bits} taken as an unsigned number of 64 bits. */
    public void writeUnsigned(long bits) {
        check(nesting.value());
        head(Cbor.UNSIGNED, bits);
    }

    /** Writes an integer of -2^64 to 2^64 - 1; any other is an {@link IllegalArgumentException}. */
    public void writeInteger(BigInteger value) {
        BigInteger argument = value.signum() < 0 ? value.not() : value;
        if (argument.bitLength() > Long.SIZE) {
            throw new IllegalArgumentException("no 64 bit integer: " + value);
        }
        check(nesting.value());
        head(value.signum() < 0 ? Cbor.NEGATIVE : Cbor.UNSIGNED, argument.longValue());
    }

    /** Writes the eight bytes of {@code value} as they are: whoever wants -0.0 to equal 0.0 makes it so before. */
    public void writeDouble(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("DAG-CBOR has no " + value);
        }
        check(nesting.value());
        ensure(HEAD_BYTES_MAX);
        out[size] = (byte) Cbor.DOUBLE_BYTE;
        Cbor.LONG.set(out, size + 1, Double.doubleToRawLongBits(value));
        size += 9;
    }

    public void writeText(String text) {
        check(nesting.value());
        text(text);
    }

    public void writeBytes(byte[] bytes) {
        writeBytes(bytes, 0, bytes.length);
    }

    public void writeBytes(byte[] bytes, int offset, int length) {
        check(nesting.value());
        head(Cbor.BYTES, length);
        raw(bytes, offset, length);
    }

    public void writeLink(Cid cid) {
        check(nesting.value());
        head(Cbor.TAG, Cbor.LINK_TAG);
        head(Cbor.BYTES, 1 + cid.byteLength());
        ensure(1 + cid.byteLength());
        out[size] = Cbor.CID_PREFIX;
        size = cid.write(out, size + 1);
    }

    /** Begins a list of exactly {@code items} values. */
    public void startList(int items) {
        start(Cbor.LIST, items);
    }

    /** Begins a map of exactly {@code entries}, each a {@link #writeKey} and a value. */
    public void startMap(int entries) {
        start(Cbor.MAP, entries);
    }

    /** Writes a key; keys come in the order of {@link DagCbor#KEY_ORDER}. */
    public void writeKey(String key) {
        int before = size;
        int length = text(key);
        check(nesting.key(out, size - length, size), key, before);
    }

    /** Writes one value that is canonical DAG-CBOR already, such as {@link CborReader#readEncoded} gives; trusted. */
    public void writeEncoded(byte[] value) {
        check(nesting.value());
        raw(value, 0, value.length);
    }

    /** Bytes written so far. */
    public int size() {
        return size;
    }

    /** A copy of the whole value. */
    public byte[] toByteArray() {
        check(nesting.end());
        return Arrays.copyOf(out, size);
    }

    /** Writes the whole value to {@code buffer}. */
    public void writeTo(ByteBuffer buffer) {
        check(nesting.end());
        buffer.put(out, 0, size);
    }

    private void start(int major, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("a negative count: " + count);
        }
        check(nesting.value());
        head(major, count);
        check(nesting.open(major == Cbor.MAP, count));
    }

    private void simple(int head) {
        check(nesting.value());
        ensure(1);
        out[size++] = (byte) head;
    }

    private int text(String text) {
        int length = Utf8.length(text);
        if (length < 0) {
            throw new IllegalArgumentException("text with a lone surrogate has no UTF-8");
        }
        head(Cbor.TEXT, length);
        ensure(length);
        Utf8.encode(text, length, out, size);
        size += length;
        return length;
    }

    private void raw(byte[] bytes, int offset, int length) {
        ensure(length);
        System.arraycopy(bytes, offset, out, size, length);
        size += length;
    }

    /** Writes a head in the shortest of its five forms; {@code argument} is unsigned. */
    private void head(int major, long argument) {
        ensure(HEAD_BYTES_MAX);
        int type = major << 5;
        if (argument >= 0 && argument < 24) {
            out[size++] = (byte) (type | (int) argument);
        } else if (argument >>> 8 == 0) {
            out[size] = (byte) (type | 24);
            out[size + 1] = (byte) argument;
            size += 2;
        } else if (argument >>> 16 == 0) {
            out[size] = (byte) (type | 25);
            Cbor.SHORT.set(out, size + 1, (short) argument);
            size += 3;
        } else if (argument >>> 32 == 0) {
            out[size] = (byte) (type | 26);
            Cbor.INT.set(out, size + 1, (int) argument);
            size += 5;
        } else {
            out[size] = (byte) (type | 27);
            Cbor.LONG.set(out, size + 1, argument);
            size += 9;
        }
    }

    private void ensure(int more) {
        if (out.length - size < more) {
            out = Arrays.copyOf(out, Math.max(Math.addExact(size, more), (int) Math.min(2L * out.length, 1L << 30)));
        }
    }

    private static void check(@Nullable String refusal) {
        if (refusal != null) {
            throw new IllegalStateException(refusal);
        }
    }

    private static void check(@Nullable String refusal, String key, int offset) {
        if (refusal != null) {
            throw new IllegalStateException(refusal + ": key '" + key + "' at offset " + offset);
        }
    }
}
