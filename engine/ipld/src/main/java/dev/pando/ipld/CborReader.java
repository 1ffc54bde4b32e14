package dev.pando.ipld;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one value of strict DAG-CBOR. The only accepted bytes of a value are those that {@link CborWriter} writes for
 * it: shortest integers, definite lengths, doubles of 64 bits, sorted unique text keys, tag 42 with a valid CID; nested
 * at most 64 deep. Anything else is a {@link DecodeException} that names the offset. Nothing is allocated on the word of
 * a length before the bytes are there. Not thread-safe.
 *
 * <p>Items are read in turn: {@link #readList} and {@link #readMap} return a count, then come that many values, or keys
 * each followed by its value. A map with known fields is best read without making key strings:
 *
 * <pre>{@code
 * reader.readMap();
 * reader.expectKey("v");
 * long version = reader.readInt();
 * Cid inc = reader.tryKey("inc") ? reader.readLink() : null;
 * reader.endMap();                       // refuses any key that is left
 * reader.end();                          // refuses any byte that is left
 * }</pre>
 */
public final class CborReader {

    /** What a value is. */
    public enum Type {
        NULL,
        BOOL,
        INT,
        DOUBLE,
        TEXT,
        BYTES,
        LINK,
        LIST,
        MAP
    }

    private final Nesting nesting = new Nesting();
    private byte[] in;
    private int start;
    private int limit;
    private int at;

    public CborReader(byte[] in) {
        this(in, 0, in.length);
    }

    public CborReader(byte[] in, int offset, int length) {
        this.in = in;
        reset(in, offset, length);
    }

    /** Begins again with other bytes. */
    public void reset(byte[] bytes, int offset, int length) {
        if (offset < 0 || length < 0 || length > bytes.length - offset) {
            throw new IndexOutOfBoundsException(offset + " + " + length + " of " + bytes.length);
        }
        in = bytes;
        start = offset;
        at = offset;
        limit = offset + length;
        nesting.reset();
    }

    /** The type of the next value, which stays unread. */
    public Type peek() {
        if (at == limit) {
            throw refuse(at, "expected a value, found the end");
        }
        int head = in[at] & 0xff;
        return switch (head >>> 5) {
            case Cbor.UNSIGNED, Cbor.NEGATIVE -> Type.INT;
            case Cbor.BYTES -> Type.BYTES;
            case Cbor.TEXT -> Type.TEXT;
            case Cbor.LIST -> Type.LIST;
            case Cbor.MAP -> Type.MAP;
            case Cbor.TAG -> Type.LINK;
            default ->
                switch (head) {
                    case Cbor.FALSE_BYTE, Cbor.TRUE_BYTE -> Type.BOOL;
                    case Cbor.NULL_BYTE -> Type.NULL;
                    case Cbor.DOUBLE_BYTE -> Type.DOUBLE;
                    default -> throw refuse(at, "expected null, a boolean or a 64 bit float, found " + hex(head));
                };
        };
    }

    public void readNull() {
        int head = beginValue();
        if (head != Cbor.NULL_BYTE) {
            throw unexpected("null", head);
        }
    }

    public boolean readBool() {
        int head = beginValue();
        if (head != Cbor.TRUE_BYTE && head != Cbor.FALSE_BYTE) {
            throw unexpected("a boolean", head);
        }
        return head == Cbor.TRUE_BYTE;
    }

    /** Reads an integer of the range of {@code long}; one beyond it is refused. */
    public long readInt() {
        int from = at;
        int head = beginInt();
        long argument = argument(head);
        if (argument < 0) {
            throw refuse(from, "integer beyond 64 bits with sign");
        }
        return head >>> 5 == Cbor.UNSIGNED ? argument : ~argument;
    }

    /** Reads any integer of the format, -2^64 to 2^64 - 1. */
    public BigInteger readInteger() {
        int head = beginInt();
        long argument = argument(head);
        BigInteger value = BigInteger.valueOf(argument);
        if (argument < 0) {
            value = value.add(BigInteger.ONE.shiftLeft(Long.SIZE));
        }
        return head >>> 5 == Cbor.UNSIGNED ? value : value.not();
    }

    /** Reads a double; -0.0 stays what it is. */
    public double readDouble() {
        int from = at;
        int head = beginValue();
        if (head != Cbor.DOUBLE_BYTE) {
            throw unexpected("a 64 bit float", head);
        }
        need(8);
        double value = Double.longBitsToDouble((long) Cbor.LONG.get(in, at));
        at += 8;
        if (!Double.isFinite(value)) {
            throw refuse(from, "expected a finite number, found " + value);
        }
        return value;
    }

    public String readText() {
        int from = at;
        int head = beginValue();
        if (head >>> 5 != Cbor.TEXT) {
            throw unexpected("text", head);
        }
        return text(from, length(head));
    }

    public byte[] readBytes() {
        int length = beginBytes();
        byte[] bytes = Arrays.copyOfRange(in, at, at + length);
        at += length;
        return bytes;
    }

    public Cid readLink() {
        int from = at;
        int head = beginValue();
        if (head >>> 5 != Cbor.TAG) {
            throw unexpected("a link", head);
        }
        long tag = argument(head);
        if (tag != Cbor.LINK_TAG) {
            throw refuse(from, "expected tag 42, found tag " + Long.toUnsignedString(tag));
        }
        int content = at < limit ? in[at++] & 0xff : -1;
        if (content < 0 || content >>> 5 != Cbor.BYTES) {
            throw refuse(from, "expected a byte string in tag 42");
        }
        int length = length(content);
        if (length < 1 || in[at] != Cbor.CID_PREFIX) {
            throw refuse(from, "expected a CID behind a zero byte in tag 42");
        }
        try {
            Cid cid = Cid.fromBytes(in, at + 1, length - 1);
            at += length;
            return cid;
        } catch (DecodeException e) {
            throw new DecodeException("at offset " + (from - start) + ": " + e.getMessage(), e);
        }
    }

    /** Begins a list and returns how many values it has. */
    public int readList() {
        return open(Cbor.LIST, "a list", 1);
    }

    /** Begins a list that must have exactly {@code items} values. */
    public void expectList(int items) {
        int from = at;
        int found = readList();
        if (found != items) {
            throw refuse(from, "expected a list of " + items + ", found " + found);
        }
    }

    /** Begins a map and returns how many entries it has. */
    public int readMap() {
        return open(Cbor.MAP, "a map", 2);
    }

    /** Begins a map that must have exactly {@code entries}. */
    public void expectMap(int entries) {
        int from = at;
        int found = readMap();
        if (found != entries) {
            throw refuse(from, "expected a map of " + entries + " entries, found " + found);
        }
    }

    /** Reads the next key of the innermost map. */
    public String readKey() {
        int from = at;
        int keyTo = keyEnd(from);
        int length = keyTo - at;
        checkKey(from, keyTo);
        return text(from, length);
    }

    /**
     * Reads the next key when it is {@code key}. Returns false, and reads nothing, when it is another one or the map
     * has no more. A map that is the value of an entry must be closed by {@link #endMap} before.
     */
    public boolean tryKey(String key) {
        nesting.closeFinishedLists();
        if (!nesting.atKey()) {
            throw new IllegalStateException("no key is due at offset " + position());
        }
        if (nesting.left() == 0) {
            return false;
        }
        int from = at;
        int keyTo = keyEnd(from);
        if (!regionIs(key, at, keyTo)) {
            at = from;
            return false;
        }
        checkKey(from, keyTo);
        at = keyTo;
        return true;
    }

    /** Reads the next key, which must be {@code key}. */
    public void expectKey(String key) {
        int from = at;
        if (!tryKey(key)) {
            throw refuse(from, "expected key '" + key + "'");
        }
    }

    /** Closes the innermost map, which must have no more entries. */
    public void endMap() {
        nesting.closeFinishedLists();
        if (!nesting.inMap()) {
            throw new IllegalStateException("no map is open at offset " + position());
        }
        if (nesting.left() > 0) {
            throw refuse(at, "expected the end of the map, found " + (nesting.left() + 1) / 2 + " more entries");
        }
        nesting.pop();
    }

    /** Bytes read so far. */
    public int position() {
        return at - start;
    }

    /** Reads over one whole value, checking it like any other. */
    public void skip() {
        nesting.closeFinished();
        int base = nesting.depth();
        skipOne();
        while (nesting.depth() > base) {
            if (nesting.left() == 0) {
                nesting.pop();
            } else if (nesting.atKey()) {
                skipKey();
            } else {
                skipOne();
            }
        }
    }

    /** Reads over one whole value like {@link #skip} and returns its bytes. */
    public byte[] readEncoded() {
        int from = at;
        skip();
        return Arrays.copyOfRange(in, from, at);
    }

    /** Checks that the value is complete and that nothing follows it. */
    public void end() {
        String refusal = nesting.end();
        if (refusal != null) {
            throw refuse(at, refusal);
        }
        if (at != limit) {
            throw refuse(at, "expected the end, found " + (limit - at) + " more bytes");
        }
    }

    private void skipOne() {
        switch (peek()) {
            case NULL -> readNull();
            case BOOL -> readBool();
            case INT -> {
                int head = beginInt();
                argument(head);
            }
            case DOUBLE -> readDouble();
            case TEXT -> {
                int from = at;
                int length = length(beginValue());
                requireUtf8(from, Utf8.isValid(in, at, at + length));
                at += length;
            }
            case BYTES -> {
                int length = beginBytes(); // moves "at" too: no compound assignment
                at += length;
            }
            case LINK -> readLink();
            case LIST -> readList();
            case MAP -> readMap();
        }
    }

    private void skipKey() {
        int from = at;
        int keyTo = keyEnd(from);
        checkKey(from, keyTo);
        requireUtf8(from, Utf8.isValid(in, at, keyTo));
        at = keyTo;
    }

    /** Counts a value and reads its first byte. */
    private int beginValue() {
        String refusal = nesting.value();
        if (refusal != null) {
            throw nesting.atKey() ? new IllegalStateException(refusal) : refuse(at, refusal);
        }
        if (at == limit) {
            throw refuse(at, "expected a value, found the end");
        }
        return in[at++] & 0xff;
    }

    private int beginInt() {
        int head = beginValue();
        if (head >>> 5 > Cbor.NEGATIVE) {
            throw unexpected("an integer", head);
        }
        return head;
    }

    private int beginBytes() {
        int head = beginValue();
        if (head >>> 5 != Cbor.BYTES) {
            throw unexpected("bytes", head);
        }
        return length(head);
    }

    private int open(int major, String expected, int bytesPerItem) {
        int from = at;
        int head = beginValue();
        if (head >>> 5 != major) {
            throw unexpected(expected, head);
        }
        long items = argument(head);
        if (items < 0 || items > (limit - at) / bytesPerItem) {
            throw refuse(from, "cut off: " + Long.toUnsignedString(items) + " items in " + (limit - at) + " bytes");
        }
        String refusal = nesting.open(major == Cbor.MAP, (int) items);
        if (refusal != null) {
            throw refuse(from, refusal);
        }
        return (int) items;
    }

    /** Reads the head of a key that begins at {@code from} and returns where its text, now at hand, ends. */
    private int keyEnd(int from) {
        int head = at < limit ? in[at++] & 0xff : -1;
        if (head < 0 || head >>> 5 != Cbor.TEXT) {
            throw refuse(from, "expected a map key (text)");
        }
        int length = length(head); // moves at
        return at + length;
    }

    private void checkKey(int from, int keyTo) {
        String refusal = nesting.key(in, at, keyTo);
        if (refusal != null) {
            throw refuse(from, refusal);
        }
    }

    private boolean regionIs(String key, int from, int to) {
        int length = to - from;
        if (key.length() > length) {
            return false;
        }
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c >= 0x80) {
                return key.equals(Utf8.decode(in, from, to));
            }
            if (c != in[from + i]) {
                return false;
            }
        }
        return key.length() == length;
    }

    private String text(int from, int length) {
        String text = Utf8.decode(in, at, at + length);
        if (text == null) {
            throw notUtf8(from);
        }
        at += length;
        return text;
    }

    private void requireUtf8(int from, boolean valid) {
        if (!valid) {
            throw notUtf8(from);
        }
    }

    /** The length that {@code head} gives, of which all bytes are there. */
    private int length(int head) {
        int from = at - 1;
        long length = argument(head);
        if (length < 0 || length > limit - at) {
            throw refuse(
                    from,
                    "cut off: " + Long.toUnsignedString(length) + " bytes announced, " + (limit - at) + " are there");
        }
        return (int) length;
    }

    /** The argument of {@code head}, the byte just read, as 64 unsigned bits. */
    private long argument(int head) {
        int info = head & 31;
        if (info < 24) {
            return info;
        }
        int from = at - 1;
        long value;
        long least;
        switch (info) {
            case 24 -> {
                need(1);
                value = in[at] & 0xff;
                at += 1;
                least = 24;
            }
            case 25 -> {
                need(2);
                value = (short) Cbor.SHORT.get(in, at) & 0xffff;
                at += 2;
                least = 1 << 8;
            }
            case 26 -> {
                need(4);
                value = (int) Cbor.INT.get(in, at) & 0xffff_ffffL;
                at += 4;
                least = 1 << 16;
            }
            case 27 -> {
                need(8);
                value = (long) Cbor.LONG.get(in, at);
                at += 8;
                least = 1L << 32;
            }
            default -> throw refuse(from, info == 31 ? "indefinite length" : "reserved head " + hex(head));
        }
        if (Long.compareUnsigned(value, least) < 0) {
            throw refuse(from, Long.toUnsignedString(value) + " is not in its shortest form");
        }
        return value;
    }

    private void need(int bytes) {
        if (limit - at < bytes) {
            throw refuse(at, "cut off: expected " + bytes + " bytes, found " + (limit - at));
        }
    }

    private DecodeException unexpected(String expected, int head) {
        return refuse(at - 1, "expected " + expected + ", found " + hex(head));
    }

    private DecodeException notUtf8(int from) {
        return refuse(from, "text is not UTF-8");
    }

    private DecodeException refuse(int offset, @Nullable String reason) {
        return new DecodeException("DAG-CBOR at offset " + (offset - start) + ": " + reason);
    }

    private static String hex(int head) {
        return "0x" + Integer.toHexString(head);
    }
}
