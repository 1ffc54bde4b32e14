package dev.pando.dag;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What one commit changed in one document. The arrays and maps are not copied: nobody may change them.
 *
 * @param collection collection id
 * @param document hash of collection and key
 * @param key the primary key's values by column id, without one 16 random bytes under ""; exactly when {@code prev} is
 *     empty
 * @param prev heads of the document that the statement saw, sorted; at most {@link #PREV_MAX}
 * @param incarnation the insert it belongs to; null in an insert
 * @param hlc that of the commit; greater than every {@code prev}'s
 * @param author Ed25519 public key, 32 raw bytes
 * @param nonce 16 random bytes
 * @param live what it does to the document's life; null for an update
 * @param ops by column id, in {@link dev.pando.ipld.DagCbor#KEY_ORDER}
 */
@SuppressWarnings("ArrayRecordComponent")
public record Delta(
        Cid collection,
        DocumentId document,
        @Nullable SortedMap<String, Value> key,
        List<Cid> prev,
        @Nullable Cid incarnation,
        long hlc,
        byte[] author,
        byte[] nonce,
        @Nullable Live live,
        SortedMap<String, FieldOp> ops) {

    /** Parents of one delta at most: a writer that sees more heads names the greatest. */
    public static final int PREV_MAX = 64;

    public static final int AUTHOR_BYTES = 32;
    public static final int NONCE_BYTES = 16;

    /** Canonical DAG-CBOR. */
    public byte[] encode() {
        return DeltaCodec.encode(this);
    }

    /**
     * Decodes a block and checks all that can be checked without its parents and proof.
     *
     * @throws DecodeException when it is invalid
     * @throws UnknownVersionException when it must be kept waiting
     */
    public static Delta decode(byte[] block) {
        return DeltaCodec.decode(block);
    }

    /** The id of the document with this key: SHA-256 of DAG-CBOR {@code [collection, key]}. */
    public static DocumentId documentId(Cid collection, SortedMap<String, Value> key) {
        return DeltaCodec.documentId(collection, key);
    }

    /** The id of the document whose key is this one value. */
    public static DocumentId documentId(Cid collection, String column, Value value) {
        return DeltaCodec.documentId(collection, column, value);
    }

    /** The insert that it belongs to: itself, whose CID the caller knows, for an insert. */
    public Cid incarnation(Cid self) {
        return incarnation == null ? self : incarnation;
    }
}
