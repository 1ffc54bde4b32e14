package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.DecodeException;
import java.util.Arrays;

/**
 * Stands before the marker of a transaction that compaction took blocks out of, and says what is left of it: the marker
 * itself stays as it was, so that those after it, which name it, stay valid.
 *
 * <pre>
 * {"v": 1, "seq": int, "tag": bytes(16), "cids": int, "count": int}
 * </pre>
 *
 * @param sequence of the transaction
 * @param tag of the segment, as in a marker
 * @param cids CRC-32C of the CIDs of the frames that are left, as in a marker
 * @param count of these frames
 */
@SuppressWarnings("ArrayRecordComponent")
record Tombstone(long sequence, byte[] tag, long cids, long count) {

    Block encode(CborWriter writer) {
        writer.reset();
        writer.startMap(5);
        writer.writeKey("v");
        writer.writeInt(1);
        writer.writeKey("seq");
        writer.writeInt(sequence);
        writer.writeKey("tag");
        writer.writeBytes(tag);
        writer.writeKey("cids");
        writer.writeInt(cids);
        writer.writeKey("count");
        writer.writeInt(count);
        return Block.of(Codecs.TOMBSTONE, writer.toByteArray());
    }

    /** Throws {@link DecodeException} when the bytes are no tombstone. */
    static Tombstone decode(byte[] bytes) {
        CborReader reader = new CborReader(bytes);
        reader.readMap();
        reader.expectKey("v");
        long version = reader.readInt();
        if (version != 1) {
            throw new DecodeException("tombstone version " + version + ", expected 1");
        }
        reader.expectKey("seq");
        long sequence = reader.readInt();
        reader.expectKey("tag");
        byte[] tag = reader.readBytes();
        reader.expectKey("cids");
        long cids = reader.readInt();
        reader.expectKey("count");
        long count = reader.readInt();
        reader.endMap();
        reader.end();
        if (tag.length != Marker.TAG_BYTES || sequence < 1 || count < 0) {
            throw new DecodeException("tombstone with values out of range");
        }
        return new Tombstone(sequence, tag, cids, count);
    }

    boolean isOf(long marked, byte[] segment) {
        return sequence == marked && Arrays.equals(tag, segment);
    }
}
