package dev.pando.dag;

import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.crypto.Ed25519Strict;
import java.util.SortedMap;

/**
 * The signed block that binds the deltas of one transaction.
 *
 * @param author Ed25519 public key, 32 raw bytes
 * @param parts by collection id
 * @param signature over {@code pando-commit-1:} and this block without it
 */
@SuppressWarnings("ArrayRecordComponent")
public record Commit(long hlc, byte[] author, SortedMap<Cid, Part> parts, byte[] signature) {

    /** Documents of one commit at most; a transaction with more is refused with SQLState 54000. */
    public static final int DOCUMENTS_MAX = 131_072;

    /** Bytes of all blocks of one commit at most; a transaction with more is refused with SQLState 54000. */
    public static final long BYTES_MAX = 128L << 20;

    /** Bytes of one replicated block at most: a larger one is invalid, a larger change refused with 54000. */
    public static final int BLOCK_BYTES_MAX = 1 << 20;

    public static final int SIGNATURE_BYTES = 64;

    /** Canonical DAG-CBOR. */
    public byte[] encode() {
        return CommitCodec.encode(this);
    }

    /** What is signed. */
    public byte[] signedBytes() {
        return CommitCodec.Unsigned.of(hlc, author, parts).message();
    }

    /** Whether the signature is its author's, by the strict rules of docs/rules.md §1. */
    public boolean verifySignature() {
        return Ed25519Strict.verify(author, signedBytes(), signature);
    }

    /**
     * Decodes a block; does not check the signature.
     *
     * @throws DecodeException when it is invalid
     * @throws UnknownVersionException when it must be kept waiting
     */
    public static Commit decode(byte[] block) {
        return CommitCodec.decode(block);
    }
}
