package dev.pando.libp2p;

import dev.pando.libp2p.crypto.Signatures;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The public half of an identity. Immutable.
 *
 * <p>Its bytes are the deterministic protobuf {@code PublicKey{Type = 1, Data = 2}}: both fields written, in this order,
 * with shortest varints. Other encodings of the same key are refused: they would give one key several Peer IDs.
 */
public final class PublicKey {
    /** Larger keys are refused before anything is computed with them. An RSA key of 8,192 bits has about 1,060 bytes. */
    static final int DATA_BYTES_MAX = 2_048;

    private static final byte TYPE_TAG = 0x08;
    private static final byte DATA_TAG = 0x12;

    private final KeyType type;
    private final byte[] raw;

    private PublicKey(KeyType type, byte[] raw) {
        this.type = type;
        this.raw = raw;
    }

    /**
     * @param raw 32 bytes for Ed25519, 33 (compressed) for secp256k1, DER SubjectPublicKeyInfo for RSA and ECDSA
     * @throws IllegalArgumentException when the bytes are no key of that type
     */
    public static PublicKey of(KeyType type, byte[] raw) {
        Signatures.checkPublicKey(type, raw);
        return new PublicKey(type, raw.clone());
    }

    /** @throws IllegalArgumentException when {@code bytes} are not the canonical protobuf of a key */
    public static PublicKey fromBytes(byte[] bytes) {
        if (bytes.length < 5 || bytes[0] != TYPE_TAG || bytes[1] < 0 || bytes[2] != DATA_TAG) {
            throw malformed(bytes);
        }
        if (bytes[1] >= KeyType.values().length) {
            throw new IllegalArgumentException("unknown key type " + bytes[1]
                    + "; expected one of RSA (0), Ed25519 (1), secp256k1 (2), ECDSA (3)");
        }
        int at = 3;
        int length = bytes[at++] & 0xff;
        if (length > 0x7f) {
            int high = bytes[at++];
            if (high <= 0) {
                throw malformed(bytes);
            }
            length = (length & 0x7f) | (high << 7);
        }
        if (length > DATA_BYTES_MAX || bytes.length - at != length) {
            throw malformed(bytes);
        }
        return of(KeyType.values()[bytes[1]], Arrays.copyOfRange(bytes, at, bytes.length));
    }

    private static IllegalArgumentException malformed(byte[] bytes) {
        return new IllegalArgumentException("not a canonical protobuf public key (Type, Data): "
                + HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 16)));
    }

    public KeyType type() {
        return type;
    }

    public byte[] raw() {
        return raw.clone();
    }

    /** The canonical protobuf form. */
    public byte[] toBytes() {
        int prefix = raw.length > 0x7f ? 5 : 4;
        byte[] bytes = new byte[prefix + raw.length];
        bytes[0] = TYPE_TAG;
        bytes[1] = (byte) type.code();
        bytes[2] = DATA_TAG;
        if (raw.length > 0x7f) {
            bytes[3] = (byte) (raw.length | 0x80);
            bytes[4] = (byte) (raw.length >>> 7);
        } else {
            bytes[3] = (byte) raw.length;
        }
        System.arraycopy(raw, 0, bytes, prefix, raw.length);
        return bytes;
    }

    /** Whether {@code signature} over {@code message} was made with this key's private half. Malformed ones were not. */
    public boolean verify(byte[] message, byte[] signature) {
        return Signatures.verify(type, raw, message, signature);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof PublicKey other && type == other.type && Arrays.equals(raw, other.raw);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        return type + ":" + HexFormat.of().formatHex(raw, 0, Math.min(raw.length, 8)) + "…";
    }
}
