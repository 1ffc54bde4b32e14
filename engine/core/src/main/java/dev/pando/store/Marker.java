package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Ends a transaction in the log: what stands between two markers is there as a whole, or not at all.
 *
 * <pre>
 * {"v": 1, "seq": int, "tag": bytes(16), "cids": int, "prev": link or null, "count": int, "durable": int, "committed": true}
 * </pre>
 *
 * @param sequence of the transaction, one more than that of the marker before
 * @param tag of the segment: random and never told to anyone, so that no block from outside can look like a marker
 * @param cids CRC-32C of the CIDs of the blocks, as an unsigned number: a hash covers a block but not its codec
 * @param previous the marker before, also in the segment before; null for the first of a log
 * @param count of the blocks since the marker before
 * @param durable the last sequence that was certain to be on disk when this was written. A crash cannot explain damage
 *     at or before it
 */
@SuppressWarnings("ArrayRecordComponent")
record Marker(
        long sequence, byte[] tag, long cids, @Nullable Cid previous, long count, long durable) {

    static final int TAG_BYTES = 16;

    /** Bytes of a marker's CID: its codec takes four. */
    static final int CID_BYTES = Cid.SHA256_BYTES + 3;

    Block encode(CborWriter writer) {
        writer.reset();
        writer.startMap(8);
        writer.writeKey("v");
        writer.writeInt(1);
        writer.writeKey("seq");
        writer.writeInt(sequence);
        writer.writeKey("tag");
        writer.writeBytes(tag);
        writer.writeKey("cids");
        writer.writeInt(cids);
        writer.writeKey("prev");
        if (previous == null) {
            writer.writeNull();
        } else {
            writer.writeLink(previous);
        }
        writer.writeKey("count");
        writer.writeInt(count);
        writer.writeKey("durable");
        writer.writeInt(durable);
        /* Comes last so that a marker never ends in a zero byte: see TornTail. */
        writer.writeKey("committed");
        writer.writeBool(true);
        return Block.of(Codecs.MARKER, writer.toByteArray());
    }

    /** Throws {@link DecodeException} when the bytes are no marker. */
    static Marker decode(byte[] bytes) {
        CborReader reader = new CborReader(bytes);
        Marker marker = decode(reader);
        reader.end();
        return marker;
    }

    private static Marker decode(CborReader reader) {
        reader.readMap();
        reader.expectKey("v");
        long version = reader.readInt();
        if (version != 1) {
            throw new DecodeException("marker version " + version + ", expected 1");
        }
        reader.expectKey("seq");
        long sequence = reader.readInt();
        reader.expectKey("tag");
        byte[] tag = reader.readBytes();
        reader.expectKey("cids");
        long cids = reader.readInt();
        reader.expectKey("prev");
        Cid previous = null;
        if (reader.peek() == CborReader.Type.NULL) {
            reader.readNull();
        } else {
            previous = reader.readLink();
        }
        reader.expectKey("count");
        long count = reader.readInt();
        reader.expectKey("durable");
        long durable = reader.readInt();
        reader.expectKey("committed");
        boolean committed = reader.readBool();
        reader.endMap();
        if (!committed || tag.length != TAG_BYTES || sequence < 1 || count < 0 || durable < 0 || durable >= sequence) {
            throw new DecodeException("marker with values out of range");
        }
        return new Marker(sequence, tag, cids, previous, count, durable);
    }

    boolean hasTag(byte[] expected) {
        return Arrays.equals(tag, expected);
    }
}
