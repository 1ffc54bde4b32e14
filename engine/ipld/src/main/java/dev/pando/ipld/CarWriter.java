package dev.pando.ipld;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The bytes of a CARv1 archive: a header, then blocks.
 *
 * <pre>
 * header   length (varint) | DAG-CBOR {"roots": [links], "version": 1}
 * frame    length (varint) of what follows | CID | block
 * </pre>
 */
public final class CarWriter {

    /** Longer headers are neither written nor read: about 25,000 roots. */
    public static final int HEADER_BYTES_MAX = 1 << 20;

    /** Larger blocks are neither written nor read; other IPLD systems draw the line at 1 to 4 MiB too. */
    public static final int BLOCK_BYTES_MAX = 4 << 20;

    private CarWriter() {}

    /** The header with its length. */
    public static byte[] header(List<Cid> roots) {
        CborWriter writer = new CborWriter();
        writer.startMap(2);
        writer.writeKey("roots");
        writer.startList(roots.size());
        roots.forEach(writer::writeLink);
        writer.writeKey("version");
        writer.writeInt(1);
        int length = writer.size();
        if (length > HEADER_BYTES_MAX) {
            throw new IllegalArgumentException("CAR header of " + length + " bytes, at most " + HEADER_BYTES_MAX);
        }
        ByteBuffer out = ByteBuffer.allocate(Varint.size(length) + length);
        Varint.write(out, length);
        writer.writeTo(out);
        return out.array();
    }

    /** The bytes that a block takes in an archive. */
    public static int frameSize(Cid cid, byte[] block) {
        return frameSize(cid, block.length);
    }

    /** The bytes that a block of {@code blockBytes} takes in an archive. */
    public static int frameSize(Cid cid, int blockBytes) {
        int length = bodyLength(cid, blockBytes);
        return Varint.size(length) + length;
    }

    public static void writeFrame(ByteBuffer out, Cid cid, byte[] block) {
        Varint.write(out, bodyLength(cid, block.length));
        cid.write(out);
        out.put(block);
    }

    public static void writeFrame(OutputStream out, Cid cid, byte[] block) throws IOException {
        Varint.write(out, bodyLength(cid, block.length));
        out.write(cid.toBytes());
        out.write(block);
    }

    private static int bodyLength(Cid cid, int blockBytes) {
        if (blockBytes < 0 || blockBytes > BLOCK_BYTES_MAX) {
            throw new IllegalArgumentException("block of " + blockBytes + " bytes, at most " + BLOCK_BYTES_MAX);
        }
        return cid.byteLength() + blockBytes;
    }
}
