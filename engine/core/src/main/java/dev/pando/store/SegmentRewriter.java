package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.CarWriter;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Writes a segment aside, without blocks that are unused. For one thread. */
final class SegmentRewriter {

    private static final int BUFFER_BYTES = Store.BLOCK_BYTES_MAX + (64 << 10);

    private final Disk disk;
    private final Segments segments;
    private final Segments.Segment segment;
    private final BlockReader reader;
    private final Retention retention;
    private final Predicate<Cid> isReferred;
    private final CborWriter cbor = new CborWriter(256);
    private final CidSum cids = new CidSum();
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final List<Moved> moved = new ArrayList<>();
    private final Set<Cid> dropped = new HashSet<>();
    private long bytesBefore;
    private long at;
    private boolean changed;

    /** Where a block stands in the new file. */
    record Moved(Cid cid, long position, int length) {}

    /** @param isReferred whether a transaction that stays as it is may refer to a block */
    SegmentRewriter(
            Disk disk,
            Segments segments,
            Segments.Segment segment,
            BlockReader reader,
            Retention retention,
            Predicate<Cid> isReferred) {
        this.disk = disk;
        this.segments = segments;
        this.segment = segment;
        this.reader = reader;
        this.retention = retention;
        this.isReferred = isReferred;
    }

    /** When this returns the new file is durable, aside. */
    void write() throws IOException {
        bytesBefore = segment.file().size();
        try (DiskFile file = disk.open(Segments.name(segment.number()) + Segments.ASIDE, true)) {
            file.truncate(0);
            buffer.put(segment.header().fileStart());
            long end = LogPosition.of(segment.number(), bytesBefore);
            long next = segments.get(segment.number() + 1).header().first();
            var log = new TransactionReader(segments, segment.startEnd(), end);
            while (log.end().sequence() + 1 < next) {
                if (!log.next()) {
                    throw Store.damaged(log);
                }
                write(file, log);
            }
            flush(file);
            file.force();
        }
    }

    private void write(DiskFile file, TransactionReader log) throws IOException {
        var transaction = StoredTransaction.of(log, reader);
        Set<Cid> unused = transaction.unused(retention);
        List<Block> left = new ArrayList<>();
        List<Integer> elsewhere = new ArrayList<>();
        Set<Cid> gone = new HashSet<>();
        for (int i = 0; i < transaction.blocks().size(); i++) {
            Block block = transaction.blocks().get(i);
            boolean isElsewhere = transaction.elsewhere().contains(i);
            if (unused.contains(block.cid()) && (isElsewhere || !isReferred.test(block.cid()))) {
                gone.add(block.cid());
                if (!isElsewhere) {
                    dropped.add(block.cid());
                }
                continue;
            }
            if (isElsewhere) {
                elsewhere.add(left.size());
            }
            left.add(block);
        }
        changed |= !gone.isEmpty();
        List<Block> frames = References.compact(left, elsewhere);
        cids.reset();
        for (Block block : frames) {
            writeFrame(file, block);
            cids.add(block.cid());
        }
        Block marker = log.marker();
        if (!gone.isEmpty() || log.isCompacted()) {
            writeFrame(file, tombstone(log.end().sequence(), frames.size()));
        }
        writeFrame(file, marker);
    }

    private Block tombstone(long sequence, int frames) {
        return new Tombstone(sequence, segment.header().tag(), cids.value(), frames).encode(cbor);
    }

    private void writeFrame(DiskFile file, Block block) throws IOException {
        if (buffer.remaining() < CarWriter.frameSize(block.cid(), block.bytes())) {
            flush(file);
        }
        CarWriter.writeFrame(buffer, block.cid(), block.bytes());
        if (BlockIndex.isIndexed(block.cid())) {
            int length = block.bytes().length;
            long position = LogPosition.of(segment.number(), at + buffer.position() - length);
            moved.add(new Moved(block.cid(), position, length));
        }
    }

    private void flush(DiskFile file) throws IOException {
        buffer.flip();
        int length = buffer.remaining();
        file.write(at, buffer);
        at += length;
        buffer.clear();
    }

    /** Whether the new file differs from the old one. */
    boolean isChanged() {
        return changed;
    }

    List<Moved> moved() {
        return moved;
    }

    /** What the new file lacks. */
    Set<Cid> dropped() {
        return dropped;
    }

    long bytesBefore() {
        return bytesBefore;
    }

    long bytesAfter() {
        return at;
    }
}
