package dev.pando.collection;

import dev.pando.DocumentId;
import dev.pando.crdt.DocumentState;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.ipld.Sha256;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sum of a collection's leaves (docs/rules.md §7): {@code leaf = SHA-256(document id ‖ sorted head CIDs)}, added
 * modulo 2^256. Leaves come and go in any order; equal sets have equal sums. Not thread-safe.
 */
public final class Fingerprint {

    /** Bytes of an encoded fingerprint: sum and count. */
    public static final int BYTES = 40;

    private static final int WORDS = 4;

    private final long[] sum = new long[WORDS]; // most significant first
    private long count;

    /** Of no documents. */
    public Fingerprint() {}

    /** The leaf of a document; null for one without heads, which counts as not there. */
    public static byte @Nullable [] leafOf(DocumentId document, DocumentState state) {
        List<Cid> heads = state.headCids();
        return heads.isEmpty() ? null : leaf(document, heads);
    }

    public static byte[] leaf(DocumentId document, List<Cid> sortedHeads) {
        byte[] content = new byte[DocumentId.BYTES + Cid.SHA256_BYTES * sortedHeads.size()];
        System.arraycopy(document.bytes(), 0, content, 0, DocumentId.BYTES);
        int at = DocumentId.BYTES;
        for (Cid head : sortedHeads) {
            at = head.write(content, at);
        }
        return Sha256.digest(content);
    }

    public void add(byte[] leaf) {
        ByteBuffer words = ByteBuffer.wrap(leaf);
        boolean carry = false;
        for (int i = WORDS - 1; i >= 0; i--) {
            long word = words.getLong(i * Long.BYTES);
            long added = sum[i] + word + (carry ? 1 : 0);
            carry = carry ? Long.compareUnsigned(added, word) <= 0 : Long.compareUnsigned(added, word) < 0;
            sum[i] = added;
        }
        count++;
    }

    public void remove(byte[] leaf) {
        ByteBuffer words = ByteBuffer.wrap(leaf);
        boolean borrow = false;
        for (int i = WORDS - 1; i >= 0; i--) {
            long word = words.getLong(i * Long.BYTES);
            long before = sum[i];
            sum[i] = before - word - (borrow ? 1 : 0);
            int order = Long.compareUnsigned(before, word);
            borrow = borrow ? order <= 0 : order < 0;
        }
        count--;
    }

    /** Adds all leaves of another fingerprint. */
    public void add(Fingerprint other) {
        long documents = count + other.count;
        add(Arrays.copyOf(other.encode(), WORDS * Long.BYTES));
        count = documents;
    }

    /** Documents, live and deleted. */
    public long count() {
        return count;
    }

    /** SHA-256(sum, 32 bytes big-endian ‖ count, 8 bytes big-endian), as a CID of the raw codec. */
    public Cid stateHash() {
        return Cid.ofSha256(Cid.RAW, encode());
    }

    /** Sum, 32 bytes big-endian, and count, 8 bytes big-endian. */
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        for (long word : sum) {
            out.putLong(word);
        }
        return out.putLong(count).array();
    }

    /** Reads what {@link #encode} wrote. */
    public static Fingerprint decode(byte[] encoded) {
        if (encoded.length != BYTES) {
            throw new DecodeException("a fingerprint of " + encoded.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(encoded);
        Fingerprint fingerprint = new Fingerprint();
        for (int i = 0; i < WORDS; i++) {
            fingerprint.sum[i] = in.getLong();
        }
        fingerprint.count = in.getLong();
        return fingerprint;
    }
}
