package dev.pando.ipld;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A content identifier: which codec the content is in, and its hash.
 *
 * <pre>
 * CIDv1   version 1 (varint) | codec (varint) | multihash
 * CIDv0   0x12 0x20 | sha2-256 digest (32)                   codec dag-pb; read, never made here
 * </pre>
 *
 * Immutable. CIDs are ordered by their bytes, unsigned.
 */
public final class Cid implements Comparable<Cid> {

    public static final long RAW = 0x55;
    public static final long DAG_PB = 0x70;
    public static final long DAG_CBOR = 0x71;
    public static final long LIBP2P_KEY = 0x72;

    /** Bytes of a CIDv1 with sha2-256 and a codec below 0x80, as all of Pando's are. */
    public static final int SHA256_BYTES = 36;

    private static final int V0_BYTES = 2 + Sha256.BYTES;

    /** Bytes of the longest CID that is read: version, codec, hash code, digest length, digest. */
    public static final int BYTES_MAX = 1 + 2 * Varint.BYTES_MAX + 2 + Multihash.DIGEST_BYTES_MAX;

    private final byte[] bytes;
    private final long codec;
    private final long hashCode;
    private final int digestAt;
    private final int hash;

    private Cid(byte[] bytes, long codec, long hashCode, int digestAt) {
        this.bytes = bytes;
        this.codec = codec;
        this.hashCode = hashCode;
        this.digestAt = digestAt;
        // The last bytes of a digest are as good a hash as any; only an identity hash may be as short as this.
        this.hash = bytes.length < V0_BYTES ? Arrays.hashCode(bytes) : (int) Cbor.INT.get(bytes, bytes.length - 4);
    }

    /** The CIDv1 of {@code block}, hashed with sha2-256. */
    public static Cid ofSha256(long codec, byte[] block) {
        return ofDigest(codec, Sha256.digest(block));
    }

    /** The CIDv1 of a block whose sha2-256 digest is known. */
    public static Cid ofDigest(long codec, byte[] sha256Digest) {
        if (sha256Digest.length != Sha256.BYTES) {
            throw new IllegalArgumentException("a sha2-256 digest has 32 bytes, got " + sha256Digest.length);
        }
        int digestAt = 1 + Varint.size(codec) + 2;
        byte[] bytes = new byte[digestAt + Sha256.BYTES];
        bytes[0] = 1;
        Varint.write(bytes, 1, codec);
        bytes[digestAt - 2] = (byte) Multihash.SHA2_256;
        bytes[digestAt - 1] = Sha256.BYTES;
        System.arraycopy(sha256Digest, 0, bytes, digestAt, Sha256.BYTES);
        return new Cid(bytes, codec, Multihash.SHA2_256, digestAt);
    }

    /** The CIDv1 with any multihash. */
    public static Cid of(long codec, Multihash multihash) {
        byte[] tail = multihash.toBytes();
        byte[] bytes = new byte[1 + Varint.size(codec) + tail.length];
        bytes[0] = 1;
        int at = Varint.write(bytes, 1, codec);
        System.arraycopy(tail, 0, bytes, at, tail.length);
        return fromBytes(bytes);
    }

    /** Parses a CIDv1 in multibase, or a CIDv0 ({@code Qm…}, 46 characters of base58btc). */
    public static Cid parse(String text) {
        boolean v0 = text.length() == 46 && text.startsWith("Qm");
        byte[] bytes;
        try {
            bytes = v0 ? Multibase.fromBase58(text) : Multibase.decode(text);
            if (!v0 && bytes.length > 0 && bytes[0] == Multihash.SHA2_256) {
                throw new DecodeException("a CIDv0 is written without a multibase prefix");
            }
            return fromBytes(bytes);
        } catch (DecodeException e) {
            throw new DecodeException("no CID: '" + abbreviate(text) + "': " + e.getMessage(), e);
        }
    }

    /** Decodes exactly one CID, with no byte left over. */
    public static Cid fromBytes(byte[] bytes) {
        return fromBytes(bytes, 0, bytes.length);
    }

    /** Decodes the CID that these {@code length} bytes are. */
    public static Cid fromBytes(byte[] bytes, int offset, int length) {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
        Cid cid = read(in);
        if (in.hasRemaining()) {
            throw new DecodeException("CID of " + cid.byteLength() + " bytes followed by " + in.remaining() + " more");
        }
        return cid;
    }

    /** Reads one CID and moves {@code in} behind it. */
    public static Cid read(ByteBuffer in) {
        int start = in.position();
        if (in.remaining() >= 2 && in.get(start) == Multihash.SHA2_256 && in.get(start + 1) == Sha256.BYTES) {
            if (in.remaining() < V0_BYTES) {
                throw new DecodeException("CIDv0 cut off: " + in.remaining() + " of " + V0_BYTES + " bytes");
            }
            byte[] bytes = new byte[V0_BYTES];
            in.get(bytes);
            return new Cid(bytes, DAG_PB, Multihash.SHA2_256, 2);
        }
        long version = Varint.read(in);
        if (version != 1) {
            throw new DecodeException("CID version " + version + ", expected 1");
        }
        long codec = Varint.read(in);
        long hashCode = Varint.read(in);
        int length = Multihash.readLength(in, hashCode);
        int digestAt = in.position() - start;
        byte[] bytes = new byte[digestAt + length];
        in.position(start);
        in.get(bytes);
        return new Cid(bytes, codec, hashCode, digestAt);
    }

    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Writes the bytes of this CID. */
    public void write(ByteBuffer out) {
        out.put(bytes);
    }

    /** Copies the bytes of this CID to {@code out} and returns the offset behind them. */
    public int write(byte[] out, int offset) {
        System.arraycopy(bytes, 0, out, offset, bytes.length);
        return offset + bytes.length;
    }

    public int byteLength() {
        return bytes.length;
    }

    /** 0 or 1. */
    public int version() {
        return bytes[0] == Multihash.SHA2_256 ? 0 : 1;
    }

    /** The codec's number in the multicodec table. */
    public long codec() {
        return codec;
    }

    public Multihash multihash() {
        return new Multihash(hashCode, digest());
    }

    /** The hash function's number in the multicodec table. */
    public long hashFunction() {
        return hashCode;
    }

    public byte[] digest() {
        return Arrays.copyOfRange(bytes, digestAt, bytes.length);
    }

    /** Whether this is the hash of {@code content}; false too for a hash function that is not sha2-256 or identity. */
    public boolean matches(byte[] content) {
        byte[] expected;
        if (hashCode == Multihash.SHA2_256) {
            expected = Sha256.digest(content);
        } else if (hashCode == Multihash.IDENTITY) {
            expected = content;
        } else {
            return false;
        }
        return Arrays.equals(bytes, digestAt, bytes.length, expected, 0, expected.length);
    }

    @Override
    public int compareTo(Cid other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return this == other || (other instanceof Cid that && hash == that.hash && Arrays.equals(bytes, that.bytes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** CIDv1 in base32; CIDv0 in base58btc without a prefix. */
    @Override
    public String toString() {
        return version() == 0 ? Multibase.toBase58(bytes) : Multibase.encodeBase32(bytes);
    }

    private static String abbreviate(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
