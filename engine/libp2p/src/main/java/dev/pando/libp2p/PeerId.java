package dev.pando.libp2p;

import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.ipld.Multibase;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer is: the multihash of its public key. Keys of up to 42 bytes (Ed25519, secp256k1) are held in it whole, of
 * longer ones it holds the SHA-256. Immutable, ordered by its bytes.
 */
public final class PeerId implements Comparable<PeerId> {
    /** Longer keys are hashed. */
    private static final int INLINE_KEY_BYTES_MAX = 42;

    private static final byte IDENTITY = 0x00;
    private static final byte SHA2_256 = 0x12;
    private static final int SHA2_256_BYTES = 32;

    /** The longest text that is looked at: a CID in base32 of a SHA-256 has 59 characters. */
    private static final int TEXT_CHARS_MAX = 128;

    private static final String EXPECTED =
            "expected a base58btc Peer ID like 12D3KooW… or Qm…, or a CIDv1 of codec libp2p-key";

    private final byte[] multihash;
    private final int hash;

    /** Made when it is first asked for: most ids are only compared. */
    private @Nullable String text;

    private PeerId(byte[] multihash) {
        this.multihash = multihash;
        this.hash = Arrays.hashCode(multihash);
    }

    /**
     * Reads both text forms: base58btc ({@code 12D3KooW…}, {@code Qm…}) and a CIDv1 of codec libp2p-key ({@code b…},
     * {@code k…}).
     *
     * @throws IllegalArgumentException with a message that says what was expected
     */
    public static PeerId parse(String text) {
        if (text.isEmpty() || text.length() > TEXT_CHARS_MAX) {
            throw new IllegalArgumentException("malformed Peer ID of " + text.length() + " characters: " + EXPECTED);
        }
        try {
            return text.startsWith("Qm") || text.startsWith("1")
                    ? fromBytes(Multibase.fromBase58(text))
                    : fromCid(Cid.parse(text));
        } catch (IllegalArgumentException | DecodeException e) {
            throw new IllegalArgumentException(
                    "malformed Peer ID '" + text + "': " + EXPECTED + " (" + e.getMessage() + ")", e);
        }
    }

    private static PeerId fromCid(Cid cid) {
        if (cid.codec() != Cid.LIBP2P_KEY) {
            throw new IllegalArgumentException("a CID of another codec");
        }
        return fromBytes(cid.multihash().toBytes());
    }

    /** @throws IllegalArgumentException when {@code multihash} is not an identity or SHA-256 multihash of a key */
    public static PeerId fromBytes(byte[] multihash) {
        boolean sha256 =
                multihash.length == 2 + SHA2_256_BYTES && multihash[0] == SHA2_256 && multihash[1] == SHA2_256_BYTES;
        boolean inline = multihash.length > 2
                && multihash.length <= 2 + INLINE_KEY_BYTES_MAX
                && multihash[0] == IDENTITY
                && multihash[1] == multihash.length - 2;
        if (!sha256 && !inline) {
            throw new IllegalArgumentException("not the multihash of a key");
        }
        if (inline) {
            PublicKey.fromBytes(Arrays.copyOfRange(multihash, 2, multihash.length));
        }
        return new PeerId(multihash.clone());
    }

    public static PeerId of(PublicKey key) {
        byte[] bytes = key.toBytes();
        byte[] hash = bytes.length <= INLINE_KEY_BYTES_MAX ? bytes : sha256(bytes);
        byte[] multihash = new byte[2 + hash.length];
        multihash[0] = bytes.length <= INLINE_KEY_BYTES_MAX ? IDENTITY : SHA2_256;
        multihash[1] = (byte) hash.length;
        System.arraycopy(hash, 0, multihash, 2, hash.length);
        return new PeerId(multihash);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The multihash. */
    public byte[] toBytes() {
        return multihash.clone();
    }

    /** The key itself, when it is short enough to be held in the id. */
    public Optional<PublicKey> publicKey() {
        return multihash[0] == IDENTITY
                ? Optional.of(PublicKey.fromBytes(Arrays.copyOfRange(multihash, 2, multihash.length)))
                : Optional.empty();
    }

    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(multihash, other.multihash);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof PeerId other && Arrays.equals(multihash, other.multihash);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The base58btc form. */
    @Override
    public String toString() {
        String made = text;
        if (made == null) {
            made = Multibase.toBase58(multihash);
            text = made; // the same whoever makes it
        }
        return made;
    }
}
