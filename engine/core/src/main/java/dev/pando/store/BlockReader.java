package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** Reads single blocks. Any thread. */
final class BlockReader {

    private final Segments segments;
    private final BlockIndex index;

    /** Cannot be had while places are being changed. */
    private final Lock places;

    BlockReader(Segments segments, BlockIndex index, Lock places) {
        this.places = places;
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
        while (place != null) {
            Segments.Segment segment = segments.get(LogPosition.segment(place.position()));
            DiskFile before = segment.before();
            ClosedChannelException closed = null;
            try {
                Block block = read(cid, place, segment.file());
                if (block == null && before != null) {
                    block = read(cid, place, before);
                }
                if (block != null) {
                    return block;
                }
            } catch (ClosedChannelException e) {
                closed = e; // the file was replaced, or the store was closed
            }
            /* Compaction may have moved it, or taken it away, since its place was looked up. */
            if (before != null) {
                places.lock();
                places.unlock();
            }
            BlockIndex.Place again = index.find(cid);
            if (place.equals(again) && segments.get(segment.number()).equals(segment)) {
                throw closed == null ? damaged(cid, place) : StoreErrors.io(reading(place), closed);
            }
            place = again;
        }
        return null;
    }

    /** Like {@link #find}, for a block that the log itself refers to. */
    Block require(Cid cid) {
        Block block = find(cid);
        if (block == null) {
            throw StoreErrors.corrupt("block " + cid + " is missing: a later transaction refers to it");
        }
        return block;
    }

    private static PandoException damaged(Cid cid, BlockIndex.Place place) {
        return StoreErrors.corrupt("the log is damaged at " + LogPosition.describe(place.position()) + ", block " + cid
                + ": the bytes do not have the hash");
    }

    private static String reading(BlockIndex.Place place) {
        return "reading " + LogPosition.describe(place.position());
    }

    /** Null when the block is not there. */
    private static @Nullable Block read(Cid cid, BlockIndex.Place place, DiskFile file) throws ClosedChannelException {
        byte[] bytes = new byte[place.length()];
        try {
            int read = file.read(LogPosition.offset(place.position()), ByteBuffer.wrap(bytes));
            Block block = new Block(cid, bytes);
            return read == bytes.length && block.matches() ? block : null;
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            throw StoreErrors.io(reading(place), e);
        }
    }
}
