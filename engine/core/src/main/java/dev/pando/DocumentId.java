package dev.pando;

import dev.pando.ipld.Cid;
import java.util.Arrays;

/** The identity of a row: a sha2-256 digest (docs/rules.md §1). Text form: a multibase base32 CID. Immutable. */
public final class DocumentId implements Comparable<DocumentId> {

    /** Bytes of a document id. */
    public static final int BYTES = 32;

    private final byte[] digest;

    private DocumentId(byte[] digest) {
        this.digest = digest;
    }

    /** Takes {@code digest} over; the caller must not change it afterwards. */
    public static DocumentId of(byte[] digest) {
        if (digest.length != BYTES) {
            throw new PandoException(
                    PandoException.Kind.INVALID_ARGUMENT,
                    "a document id has " + BYTES + " bytes, this one has " + digest.length);
        }
        return new DocumentId(digest);
    }

    /** Parses the text form. */
    public static DocumentId parse(String text) {
        try {
            return of(Cid.parse(text).digest());
        } catch (RuntimeException e) {
            throw new PandoException(
                    PandoException.Kind.INVALID_ARGUMENT,
                    "'" + text + "' is not a document id: expected a base32 CID such as bafyrei…",
                    e);
        }
    }

    /** The digest itself, not to be changed. */
    public byte[] bytes() {
        return digest;
    }

    @Override
    public int compareTo(DocumentId other) {
        return Arrays.compareUnsigned(digest, other.digest);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DocumentId that && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return (digest[0] & 0xff) << 24 | (digest[1] & 0xff) << 16 | (digest[2] & 0xff) << 8 | digest[3] & 0xff;
    }

    @Override
    public String toString() {
        return Cid.ofDigest(Cid.DAG_CBOR, digest).toString();
    }
}
