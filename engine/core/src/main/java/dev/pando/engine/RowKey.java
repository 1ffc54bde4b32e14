package dev.pando.engine;

import dev.pando.DocumentId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a row is kept: the number that this node gave its collection, then its document id.
 *
 * <pre>
 * | 4 bytes collection number, big-endian | 32 bytes document id |
 * </pre>
 */
final class RowKey {

    static final int BYTES = 4 + DocumentId.BYTES;

    private final byte[] bytes;

    /** Null when only the key's own bytes say it. */
    private final @Nullable DocumentId document;

    private RowKey(byte[] bytes, @Nullable DocumentId document) {
        this.bytes = bytes;
        this.document = document;
    }

    static RowKey of(int collection, DocumentId document) {
        byte[] bytes = new byte[BYTES];
        bytes[0] = (byte) (collection >>> 24);
        bytes[1] = (byte) (collection >>> 16);
        bytes[2] = (byte) (collection >>> 8);
        bytes[3] = (byte) collection;
        System.arraycopy(document.bytes(), 0, bytes, 4, DocumentId.BYTES);
        return new RowKey(bytes, document);
    }

    /** Takes {@code bytes} over. */
    static RowKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalStateException("a row key has " + BYTES + " bytes, not " + bytes.length);
        }
        return new RowKey(bytes, null);
    }

    /** The key itself, not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    int collection() {
        return collection(bytes);
    }

    static int collection(byte[] key) {
        return collection(key, 0);
    }

    /** The collection number of the key that begins at {@code from}. */
    static int collection(byte[] bytes, int from) {
        return (bytes[from] & 0xff) << 24
                | (bytes[from + 1] & 0xff) << 16
                | (bytes[from + 2] & 0xff) << 8
                | bytes[from + 3] & 0xff;
    }

    DocumentId document() {
        return document != null ? document : DocumentId.of(Arrays.copyOfRange(bytes, 4, BYTES));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowKey that && Arrays.equals(bytes, that.bytes);
    }

    /* A document id is a digest: four of its bytes are as good a hash as any. */
    @Override
    public int hashCode() {
        return ((bytes[4] & 0xff) << 24 | (bytes[5] & 0xff) << 16 | (bytes[6] & 0xff) << 8 | bytes[7] & 0xff)
                + 31 * collection();
    }

    @Override
    public String toString() {
        return collection() + "/" + document();
    }
}
