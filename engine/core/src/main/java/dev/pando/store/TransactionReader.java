package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads transactions from the log, in order, and checks every byte of them. For one thread. */
final class TransactionReader {

    /** A block as it stands in the log. {@code position} is that of its content. */
    record Stored(Block block, long position) {}

    /** Where reading could not go on, before the end. {@code cid} is what the damaged frame claims to be, if it is one. */
    record Damage(long position, @Nullable Cid cid, String reason) {

        @Override
        public String toString() {
            return LogPosition.describe(position) + (cid == null ? "" : ", block " + cid) + ": " + reason;
        }
    }

    private final Segments segments;
    private final long end;
    private final CidSum cids = new CidSum();
    private LogEnd last;
    private Segments.Segment segment;
    private FrameReader frames;
    private List<Stored> blocks = List.of();
    private @Nullable Damage damage;
    private long durable;

    /** What compaction left of the transaction that is being read. */
    private @Nullable Tombstone tombstone;

    private @Nullable Block markerBlock;

    /**
     * @param from where to begin
     * @param end a position at which a transaction ends, or the end of the last file
     */
    TransactionReader(Segments segments, LogEnd from, long end) throws IOException {
        this.segments = segments;
        this.end = end;
        this.last = from;
        this.segment = segments.get(LogPosition.segment(from.position()));
        this.frames = frames(LogPosition.offset(from.position()));
    }

    private FrameReader frames(long offset) throws IOException {
        boolean isLast = LogPosition.segment(end) == segment.number();
        return new FrameReader(
                segment.file(),
                offset,
                isLast ? LogPosition.offset(end) : segment.file().size());
    }

    /** The next transaction. False at the end, or at {@link #damage}. */
    boolean next() throws IOException {
        return next(true);
    }

    /** Like {@link #next()} without looking at the content of blocks, and without {@link #blocks}. */
    boolean skip() throws IOException {
        return next(false);
    }

    private boolean next(boolean withContent) throws IOException {
        blocks = new ArrayList<>();
        tombstone = null;
        cids.reset();
        long count = 0;
        while (true) {
            if (!frames.next()) {
                if (!frames.problem().isEmpty()) {
                    return fail(frames.frameOffset(), null, frames.problem());
                }
                if (LogPosition.segment(end) == segment.number()) {
                    return (count > 0 || tombstone != null)
                            && fail(LogPosition.offset(last.position()), null, "a transaction has no end");
                }
                if (!isPaddingOnly()) {
                    return fail(LogPosition.offset(last.position()), null, "a transaction has no end");
                }
                enterNextSegment();
                blocks = new ArrayList<>();
                cids.reset();
                count = 0;
                continue;
            }
            if (frames.cid().codec() == Codecs.MARKER) {
                return endTransaction(count);
            }
            if (tombstone != null) {
                return fail(frames.frameOffset(), frames.cid(), "a tombstone stands right before a commit marker");
            }
            if (frames.cid().codec() == Codecs.TOMBSTONE) {
                if (!readTombstone()) {
                    return false;
                }
                continue;
            }
            count++;
            cids.add(frames.cid());
            if (withContent) {
                Block block = frames.block();
                if (!Padding.isPage(block) && !block.matches()) {
                    return fail(frames.frameOffset(), block.cid(), "the bytes do not have the hash");
                }
                blocks.add(new Stored(block, LogPosition.of(segment.number(), frames.dataOffset())));
            }
        }
    }

    private boolean readTombstone() throws IOException {
        Block block = frames.block();
        if (!block.matches()) {
            return fail(frames.frameOffset(), block.cid(), "the tombstone does not have its hash");
        }
        try {
            tombstone = Tombstone.decode(block.bytes());
            return true;
        } catch (DecodeException e) {
            return fail(frames.frameOffset(), block.cid(), "no tombstone: " + e.getMessage());
        }
    }

    private boolean endTransaction(long count) {
        Block block = frames.block();
        long offset = frames.frameOffset();
        if (!block.matches()) {
            return fail(offset, block.cid(), "the commit marker does not have its hash");
        }
        Marker marker;
        try {
            marker = Marker.decode(block.bytes());
        } catch (DecodeException e) {
            return fail(offset, block.cid(), "no commit marker: " + e.getMessage());
        }
        if (!marker.hasTag(segment.header().tag())) {
            return fail(offset, block.cid(), "the commit marker is not of this segment");
        }
        if (marker.sequence() != last.sequence() + 1) {
            return fail(offset, block.cid(), "commit " + marker.sequence() + " follows " + last.sequence());
        }
        if (!Objects.equals(marker.previous(), last.marker())) {
            return fail(offset, block.cid(), "the commit marker does not name the one before");
        }
        Tombstone rest = tombstone;
        if (rest != null && !rest.isOf(marker.sequence(), marker.tag())) {
            return fail(offset, block.cid(), "the tombstone before the commit marker is of another transaction");
        }
        if ((rest == null ? marker.count() : rest.count()) != count) {
            return fail(
                    LogPosition.offset(last.position()),
                    null,
                    "commit " + marker.sequence() + " has " + count + " blocks, its marker says "
                            + (rest == null ? marker.count() : rest.count()));
        }
        if ((rest == null ? marker.cids() : rest.cids()) != cids.value()) {
            return fail(
                    LogPosition.offset(last.position()),
                    null,
                    "the CIDs of commit " + marker.sequence() + " do not have the checksum in its marker");
        }
        last = new LogEnd(LogPosition.of(segment.number(), frames.position()), marker.sequence(), block.cid());
        markerBlock = block;
        durable = marker.durable();
        return true;
    }

    private boolean isPaddingOnly() throws IOException {
        long offset = Math.max(
                segment.start(),
                LogPosition.segment(last.position()) == segment.number() ? LogPosition.offset(last.position()) : 0);
        FrameReader rest = frames(offset);
        while (rest.next()) {
            if (!Padding.isPadding(rest.cid(), rest.data())) {
                return false;
            }
        }
        return true;
    }

    private void enterNextSegment() throws IOException {
        segment = segments.get(segment.number() + 1);
        SegmentHeader header = segment.header();
        if (header.first() != last.sequence() + 1 || !Objects.equals(header.previous(), last.marker())) {
            throw StoreErrors.corrupt(Segments.name(segment.number()) + " begins with commit " + header.first()
                    + " but the one before ends with " + last.sequence());
        }
        last = new LogEnd(segment.startPosition(), last.sequence(), last.marker());
        frames = frames(segment.start());
    }

    private boolean fail(long offset, @Nullable Cid cid, String reason) {
        damage = new Damage(LogPosition.of(segment.number(), offset), cid, reason);
        return false;
    }

    /** The end of the transaction that {@link #next} read; then also the blocks are its. */
    LogEnd end() {
        return last;
    }

    /** What the marker of that transaction says was durable when it was written. */
    long durable() {
        return durable;
    }

    /** The file in which the transaction stands. */
    Segments.Segment segment() {
        return segment;
    }

    /** Whether blocks of that transaction were dropped by compaction. */
    boolean isCompacted() {
        return tombstone != null;
    }

    /** The marker of the transaction that {@link #next} read. */
    Block marker() {
        return Objects.requireNonNull(markerBlock);
    }

    List<Stored> blocks() {
        return blocks;
    }

    @Nullable
    Damage damage() {
        return damage;
    }
}
