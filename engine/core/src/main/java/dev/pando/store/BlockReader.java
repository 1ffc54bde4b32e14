package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads single blocks. Any thread. */
final class BlockReader {

    private final Segments segments;
    private final BlockIndex index;

    BlockReader(Segments segments, BlockIndex index) {
        this.segments = segments;
        this.index = index;
    }

    /** Null when the block is not there; throws CORRUPT when it is damaged. */
    @Nullable
    Block find(Cid cid) {
        Block unwritten = index.unwritten(cid);
        if (unwritten != null) {
            return unwritten;
        }
        BlockIndex.Place place = index.find(cid);
        return place == null ? null : read(cid, place);
    }

    /** Like {@link #find}, for a block that the log itself refers to. */
    Block require(Cid cid) {
        Block block = find(cid);
        if (block == null) {
            throw StoreErrors.corrupt("block " + cid + " is missing: a later transaction refers to it");
        }
        return block;
    }

    private Block read(Cid cid, BlockIndex.Place place) {
        Segments.Segment segment = segments.get(LogPosition.segment(place.position()));
        byte[] bytes = new byte[place.length()];
        int read;
        try {
            read = segment.file().read(LogPosition.offset(place.position()), ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            throw StoreErrors.io("reading " + LogPosition.describe(place.position()), e);
        }
        Block block = new Block(cid, bytes);
        if (read < bytes.length || !block.matches()) {
            throw StoreErrors.corrupt("the log is damaged at " + LogPosition.describe(place.position()) + ", block "
                    + cid + ": the bytes do not have the hash");
        }
        return block;
    }
}
