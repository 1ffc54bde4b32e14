package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.CarWriter;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first block of a segment, and the root of its CAR header.
 *
 * <pre>
 * {"v": 1, "log": bytes(16), "tag": bytes(16), "prev": link or null, "first": int, "number": int}
 * </pre>
 *
 * @param log id of the log from this segment on
 * @param tag of the markers in this segment
 * @param previous the last marker of the segment before; null in the first segment
 * @param first sequence of the first transaction in this segment
 * @param number of the segment, from 1
 */
@SuppressWarnings("ArrayRecordComponent")
record SegmentHeader(LogId log, byte[] tag, @Nullable Cid previous, long first, int number) {

    Block encode() {
        CborWriter writer = new CborWriter();
        writer.startMap(6);
        writer.writeKey("v");
        writer.writeInt(1);
        writer.writeKey("log");
        writer.writeBytes(log.bytes());
        writer.writeKey("tag");
        writer.writeBytes(tag);
        writer.writeKey("prev");
        if (previous == null) {
            writer.writeNull();
        } else {
            writer.writeLink(previous);
        }
        writer.writeKey("first");
        writer.writeInt(first);
        writer.writeKey("number");
        writer.writeInt(number);
        return Block.of(Codecs.SEGMENT_HEADER, writer.toByteArray());
    }

    /** The CAR header and the first frame. */
    byte[] fileStart() {
        Block block = encode();
        byte[] carHeader = CarWriter.header(List.of(block.cid()));
        ByteBuffer out = ByteBuffer.allocate(carHeader.length + CarWriter.frameSize(block.cid(), block.bytes()));
        out.put(carHeader);
        CarWriter.writeFrame(out, block.cid(), block.bytes());
        return out.array();
    }

    static SegmentHeader decode(byte[] bytes) {
        CborReader reader = new CborReader(bytes);
        reader.readMap();
        reader.expectKey("v");
        long version = reader.readInt();
        if (version != 1) {
            throw new DecodeException("log format version " + version + ", this program reads version 1");
        }
        reader.expectKey("log");
        byte[] log = reader.readBytes();
        reader.expectKey("tag");
        byte[] tag = reader.readBytes();
        reader.expectKey("prev");
        Cid previous = null;
        if (reader.peek() == CborReader.Type.NULL) {
            reader.readNull();
        } else {
            previous = reader.readLink();
        }
        reader.expectKey("first");
        long first = reader.readInt();
        reader.expectKey("number");
        long number = reader.readInt();
        reader.endMap();
        reader.end();
        if (log.length != LogId.BYTES
                || tag.length != Marker.TAG_BYTES
                || first < 1
                || number < 1
                || number > Integer.MAX_VALUE) {
            throw new DecodeException("segment header with values out of range");
        }
        return new SegmentHeader(new LogId(log), tag, previous, first, (int) number);
    }
}
