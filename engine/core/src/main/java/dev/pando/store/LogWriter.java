package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.ipld.Block;
import dev.pando.ipld.CarWriter;
import dev.pando.ipld.CborWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log: encodes transactions into a buffer, writes it, forces it, and begins new segments. Callers take
 * turns; {@link #durable} and {@link #failure} may be read by any thread.
 *
 * <p>After the first I/O error nothing more is written: what the disk holds behind the last force is unknown, and a
 * second force may report success for writes that the first one lost. Only a write that found no room is different: the
 * file is cut off at the last force, and when that is durable the log is what it was then, and goes on.
 */
final class LogWriter {

    /** Room for the largest frame. Full, it is written to the file before the transaction ends. */
    private static final int BUFFER_BYTES_MAX = Store.BLOCK_BYTES_MAX + (64 << 10);

    private static final int BUFFER_BYTES_MIN = 32 << 10;

    /**
     * More than this between two forces is written without space given ahead: the force takes long anyway, and the
     * space would be written twice.
     */
    private static final int AHEAD_BYTES_MAX = 64 << 10;

    private final Segments segments;
    private final StoreOptions options;
    private final StoreEnvironment environment;
    private final BlockIndex index;
    private final CborWriter cbor = new CborWriter(256);
    private final CidSum cids = new CidSum();
    private final boolean direct;

    private LogId id;
    private Segments.Segment segment;
    private ByteBuffer buffer;
    /** Offset in the file of the buffer's first byte. */
    private long bufferAt;
    /** The file's size, when that is behind the data; the space between is padding. */
    private long allocated;

    private LogEnd appended;
    private volatile LogEnd durable;
    private volatile @Nullable PandoException failure;

    /** How often something was given up because there was no room. */
    private final AtomicInteger takenBack = new AtomicInteger();

    LogWriter(
            Segments segments,
            StoreOptions options,
            StoreEnvironment environment,
            BlockIndex index,
            boolean direct,
            LogEnd end) {
        this.segments = segments;
        this.options = options;
        this.environment = environment;
        this.index = index;
        this.direct = direct;
        this.segment = segments.last();
        this.id = segment.header().log();
        this.buffer = allocate(BUFFER_BYTES_MIN);
        this.bufferAt = LogPosition.offset(end.position());
        this.allocated = bufferAt;
        this.appended = end;
        this.durable = end;
    }

    private ByteBuffer allocate(int bytes) {
        return direct ? ByteBuffer.allocateDirect(bytes) : ByteBuffer.allocate(bytes);
    }

    LogId id() {
        return id;
    }

    LogEnd appended() {
        return appended;
    }

    LogEnd durable() {
        return durable;
    }

    @Nullable
    PandoException failure() {
        return failure;
    }

    /** Grows each time that what was not durable has been given up, when the block index does not know it any more. */
    int takenBack() {
        return takenBack.get();
    }

    /** Appends the blocks and a marker; returns the sequence. */
    long append(List<Block> blocks) {
        checkUsable();
        try {
            if (offset() >= options.segmentBytes() && offset() > segment.start()) {
                roll(id);
            }
            cids.reset();
            for (Block block : blocks) {
                long dataAt = writeFrame(block);
                cids.add(block.cid());
                if (BlockIndex.isIndexed(block.cid())) {
                    index.addUnwritten(block, LogPosition.of(segment.number(), dataAt));
                }
            }
            long sequence = appended.sequence() + 1;
            Block marker = marker(sequence, blocks.size()).encode(cbor);
            writeFrame(marker);
            appended = new LogEnd(LogPosition.of(segment.number(), offset()), sequence, marker.cid());
            return sequence;
        } catch (IOException e) {
            throw failWrite("appending to " + Segments.name(segment.number()), e);
        } catch (RuntimeException | Error e) {
            /* The buffer may hold half a transaction. */
            failure = new PandoException(Kind.INTERNAL, "appending failed: " + e, e);
            throw e;
        }
    }

    private Marker marker(long sequence, int blocks) {
        byte[] tag = segment.header().tag();
        return new Marker(sequence, tag, cids.value(), appended.marker(), blocks, durable.sequence());
    }

    /**
     * Makes all that was appended durable.
     *
     * @param mayTakeBack whether what is not durable may be given up when there is no room for it
     */
    void force(boolean mayTakeBack) {
        checkUsable();
        if (appended.sequence() == durable.sequence()) {
            return;
        }
        int takenBackBefore = takenBack.get();
        try {
            write(mayTakeBack);
            segment.file().force();
            durable = appended;
            index.forced();
        } catch (IOException e) {
            throw fail(forcing(), e);
        } catch (RuntimeException | Error e) {
            if (failure == null && takenBack.get() == takenBackBefore) {
                /* Of the block index: going on would hide from readers for ever what is in the file. */
                failure = e instanceof PandoException known
                        ? known
                        : new PandoException(Kind.INTERNAL, forcing() + " failed: " + e, e);
            }
            throw e;
        }
    }

    private String forcing() {
        return "forcing " + Segments.name(segment.number());
    }

    private void write(boolean mayTakeBack) {
        try {
            allocateAhead();
            flush();
        } catch (IOException e) {
            throw mayTakeBack ? failWrite(forcing(), e) : fail(forcing(), e);
        }
    }

    /**
     * Ends the segment, if there is anything in it, and begins the next one. What was appended is not given up when there is
     * no room for that: the log goes on in the old one.
     */
    void seal() {
        force(false);
        try {
            if (offset() > segment.start()) {
                roll(id);
            }
        } catch (IOException e) {
            String ending = "ending " + Segments.name(segment.number());
            throw StoreErrors.isDiskFull(e) ? StoreErrors.io(ending, e) : fail(ending, e);
        }
    }

    /** Ends the segment and begins the next one, with this log id. */
    void roll(LogId newId) throws IOException {
        finishSegment();
        byte[] tag = new byte[Marker.TAG_BYTES];
        environment.randomBytes(tag);
        segment = segments.add(
                new SegmentHeader(newId, tag, appended.marker(), appended.sequence() + 1, segment.number() + 1));
        id = newId;
        bufferAt = segment.start();
        allocated = bufferAt;
        appended = new LogEnd(segment.startPosition(), appended.sequence(), appended.marker());
        durable = appended;
        index.forced();
    }

    /** Forces, and cuts off the padding. */
    void finish() {
        checkUsable();
        try {
            finishSegment();
        } catch (IOException e) {
            throw fail("closing " + Segments.name(segment.number()), e);
        }
    }

    private void finishSegment() throws IOException {
        flush();
        segment.file().truncate(bufferAt);
        segment.file().force();
        allocated = bufferAt;
        durable = appended;
        index.forced();
    }

    private long offset() {
        return bufferAt + buffer.position();
    }

    /** Returns the offset of the block's content. */
    private long writeFrame(Block block) throws IOException {
        int size = CarWriter.frameSize(block.cid(), block.bytes());
        reserve(size);
        CarWriter.writeFrame(buffer, block.cid(), block.bytes());
        return offset() - block.bytes().length;
    }

    private void reserve(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        int needed = buffer.position() + bytes;
        if (needed <= BUFFER_BYTES_MAX) {
            ByteBuffer larger = allocate(Math.min(BUFFER_BYTES_MAX, Math.max(needed, 2 * buffer.capacity())));
            buffer = larger.put(buffer.flip());
            return;
        }
        flush();
        if (buffer.remaining() < bytes) {
            buffer = allocate(bytes);
        }
    }

    private void flush() throws IOException {
        if (buffer.position() > 0) {
            int length = buffer.position();
            segment.file().write(bufferAt, buffer.flip());
            bufferAt += length;
            buffer.clear();
        }
        allocated = Math.max(allocated, bufferAt);
        index.written();
    }

    /** Sees to it that behind the data there is padding or the end of the file; the data is in the buffer still. */
    private void allocateAhead() throws IOException {
        long end = offset();
        int bridge = Padding.bridgeBytes(end);
        long pagesFrom = end + bridge;
        boolean small = end - durableOffset() <= AHEAD_BYTES_MAX;
        if (pagesFrom > allocated && options.preallocateBytes() > 0 && small) {
            writePagesIfThereIsRoom(pagesFrom);
        }
        if (end < allocated) {
            reserve(bridge);
            Padding.writeBridge(buffer, bridge);
            segment.file().write(bufferAt, buffer.flip());
            buffer.clear();
            bufferAt = end; // The bridge is written over by what comes next.
            allocated = Math.max(allocated, pagesFrom);
            index.written();
        }
    }

    private long durableOffset() {
        return LogPosition.segment(durable.position()) == segment.number()
                ? LogPosition.offset(durable.position())
                : segment.start();
    }

    private void writePagesIfThereIsRoom(long from) throws IOException {
        try {
            allocated = writePages(from);
        } catch (IOException e) {
            if (!StoreErrors.isDiskFull(e)) {
                throw e;
            }
            /* There may be room for the data still. */
            segment.file().truncate(allocated);
        }
    }

    private long writePages(long from) throws IOException {
        int pages = Math.max(1, options.preallocateBytes() / Padding.PAGE_BYTES);
        long at = from;
        for (int left = pages; left > 0; ) {
            ByteBuffer some = Padding.pages(left);
            left -= some.remaining() / Padding.PAGE_BYTES;
            int length = some.remaining();
            segment.file().write(at, some);
            at += length;
        }
        return at;
    }

    private void checkUsable() {
        PandoException before = failure;
        if (before != null) {
            throw new PandoException(
                    before.kind() == Kind.DISK_FULL ? Kind.DISK_FULL : Kind.IO_ERROR,
                    "the log takes no more writes since an earlier failure; close and open the database again ("
                            + before.getMessage() + ")",
                    before);
        }
    }

    /** After this nothing is written any more. */
    void giveUp(PandoException reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    private PandoException failWrite(String doing, IOException e) {
        return StoreErrors.isDiskFull(e) && isTakenBack() ? StoreErrors.io(doing, e) : fail(doing, e);
    }

    /** Gives up what is not durable; whether the log is again what it was after the last force. */
    private boolean isTakenBack() {
        try {
            long end = durableOffset();
            segment.file().truncate(end);
            segment.file().force();
            buffer.clear();
            bufferAt = end;
            allocated = end;
            appended = durable;
            index.takeBack();
            takenBack.incrementAndGet(); // Who saw the number after this does not see the places any more.
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private PandoException fail(String doing, IOException e) {
        PandoException error = StoreErrors.io(doing, e);
        failure = error;
        return error;
    }
}
