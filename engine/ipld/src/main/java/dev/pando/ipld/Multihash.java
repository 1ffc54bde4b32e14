package dev.pando.ipld;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** A digest that names its hash function: varint code, varint length, digest. Immutable. */
public final class Multihash {

    /** The digest is the content itself. */
    public static final long IDENTITY = 0x00;

    public static final long SHA2_256 = 0x12;

    /** Longer digests are refused when read; no hash function in use has one, and an identity hash is for small keys. */
    public static final int DIGEST_BYTES_MAX = 128;

    private final long code;
    private final byte[] digest;

    /** Makes one of a known digest: of 32 bytes for sha2-256, of at most {@link #DIGEST_BYTES_MAX} for any other. */
    public Multihash(long code, byte[] digest) {
        if (digest.length > DIGEST_BYTES_MAX || (code == SHA2_256 && digest.length != Sha256.BYTES)) {
            throw new IllegalArgumentException(
                    "no digest of hash 0x" + Long.toHexString(code) + ": " + digest.length + " bytes");
        }
        this.code = code;
        this.digest = digest.clone();
    }

    public static Multihash sha256(byte[] content) {
        return new Multihash(SHA2_256, Sha256.digest(content));
    }

    /** Decodes exactly one multihash, with no byte left over. */
    public static Multihash fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        Multihash multihash = read(in);
        if (in.hasRemaining()) {
            throw new DecodeException(
                    "multihash of " + in.position() + " bytes followed by " + in.remaining() + " more");
        }
        return multihash;
    }

    /** Reads one multihash and moves {@code in} behind it. */
    public static Multihash read(ByteBuffer in) {
        long code = Varint.read(in);
        byte[] digest = new byte[readLength(in, code)];
        in.get(digest);
        return new Multihash(code, digest);
    }

    /** Reads the digest's length and checks it against the hash function and the bytes that are there. */
    static int readLength(ByteBuffer in, long code) {
        long length = Varint.read(in);
        if (length > DIGEST_BYTES_MAX) {
            throw new DecodeException("multihash digest of " + length + " bytes, at most " + DIGEST_BYTES_MAX);
        }
        if (code == SHA2_256 && length != Sha256.BYTES) {
            throw new DecodeException("sha2-256 digest of " + length + " bytes, expected " + Sha256.BYTES);
        }
        if (length > in.remaining()) {
            throw new DecodeException("multihash digest cut off: " + in.remaining() + " of " + length + " bytes");
        }
        return (int) length;
    }

    public byte[] toBytes() {
        byte[] out = new byte[Varint.size(code) + Varint.size(digest.length) + digest.length];
        int at = Varint.write(out, Varint.write(out, 0, code), digest.length);
        System.arraycopy(digest, 0, out, at, digest.length);
        return out;
    }

    /** The hash function's number in the multicodec table. */
    public long code() {
        return code;
    }

    public byte[] digest() {
        return digest.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Multihash that && code == that.code && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(code) * 31 + Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return "multihash 0x" + Long.toHexString(code) + " " + HexFormat.of().formatHex(digest);
    }
}
