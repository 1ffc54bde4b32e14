package dev.pando.store;

import dev.pando.ipld.CarFrame;
import dev.pando.ipld.CarReader;
import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The segment files of a log, all of them open: numbers are consecutive, the last one is written to. Any thread reads;
 * one adds.
 */
final class Segments implements AutoCloseable {

    /** Suffix of files that are not in place yet; what a crash left of them is deleted at the next start. */
    static final String ASIDE = ".new";

    private static final Pattern NAME = Pattern.compile("seg-(\\d{8,10})\\.car");

    /** A segment's two headers are a few hundred bytes. */
    private static final int START_BYTES_MAX = 4_096;

    private final Disk disk;
    private final Readers readers = new Readers();
    private volatile Segment[] all = new Segment[0];
    private volatile int replaced;

    Segments(Disk disk) {
        this.disk = disk;
    }

    /**
     * One file.
     *
     * @param start the offset behind its header block
     * @param before the file as it was before compaction, while places in the index may still be those of it
     */
    record Segment(
            SegmentHeader header,
            DiskFile file,
            long start,
            @Nullable DiskFile before) {
        Segment(SegmentHeader header, DiskFile file, long start) {
            this(header, file, start, null);
        }

        int number() {
            return header.number();
        }

        long startPosition() {
            return LogPosition.of(number(), start);
        }

        /** The boundary before its first transaction. */
        LogEnd startEnd() {
            return new LogEnd(startPosition(), header.first() - 1, header.previous());
        }
    }

    static String name(int number) {
        return String.format(Locale.ROOT, "seg-%08d.car", number);
    }

    /** Opens what is there; throws CORRUPT when a number is missing or a header is damaged. */
    void openAll() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (String name : disk.list("")) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                numbers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        numbers.sort(null);
        List<Segment> found = new ArrayList<>();
        for (int number : numbers) {
            int expected = found.size() + 1;
            if (number != expected) {
                throw StoreErrors.corrupt(name(expected) + " is missing, " + name(number) + " is there");
            }
            found.add(open(number));
            all = found.toArray(new Segment[0]);
        }
    }

    private Segment open(int number) throws IOException {
        DiskFile file = disk.open(name(number), false);
        try {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(START_BYTES_MAX, file.size()));
            file.read(0, buffer);
            CarReader reader = CarReader.open(buffer.flip(), true);
            CarFrame frame = reader.next();
            if (frame == null || frame.block().cid().codec() != Codecs.SEGMENT_HEADER) {
                throw new DecodeException("the first block is no segment header");
            }
            SegmentHeader header = SegmentHeader.decode(frame.block().bytes());
            if (header.number() != number) {
                throw new DecodeException("its header is that of " + name(header.number()));
            }
            if (!reader.roots().equals(List.of(frame.block().cid()))) {
                throw new DecodeException("its root is not its header block");
            }
            return new Segment(header, file, frame.end());
        } catch (DecodeException e) {
            file.close();
            throw StoreErrors.corrupt(name(number) + " offset 0: damaged header: " + e.getMessage(), e);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /** Makes the next segment; when this returns its name and header are durable. */
    Segment add(SegmentHeader header) throws IOException {
        String name = name(header.number());
        byte[] start = header.fileStart();
        try (DiskFile file = disk.open(name + ASIDE, true)) {
            file.truncate(0);
            file.write(0, ByteBuffer.wrap(start));
            file.force();
        }
        disk.rename(name + ASIDE, name);
        disk.syncDirectory("");
        Segment segment = new Segment(header, disk.open(name, false), start.length);
        append(segment);
        return segment;
    }

    private synchronized void append(Segment segment) {
        Segment[] more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = segment;
        all = more;
    }

    /**
     * Puts the file of a compacted segment, which is durable aside, into the place of the old one. That one is read still
     * by who asks for {@link Segment#before}, until {@link #moved}.
     */
    void replace(int number) throws IOException {
        String name = name(number);
        Segment old = get(number);
        disk.rename(name + ASIDE, name);
        disk.syncDirectory("");
        set(new Segment(old.header(), disk.open(name, false), old.start(), old.file()));
    }

    /** Blocks are about to go and a file about to be replaced. */
    synchronized void replacing() {
        replaced++;
    }

    /** How often that was said: what was found with places of before may be wrong when it has grown. */
    int replaced() {
        return replaced;
    }

    /** All places in a replaced segment are those of the new file. Who reads the old one goes on until it is done. */
    void moved(int number) throws IOException {
        Segment segment = get(number);
        DiskFile before = segment.before();
        set(new Segment(segment.header(), segment.file(), segment.start()));
        if (before != null) {
            readers.retire(before);
        }
    }

    /* The writer may add one meanwhile. */
    private synchronized void set(Segment segment) {
        Segment[] changed = all.clone();
        changed[segment.number() - 1] = segment;
        all = changed;
    }

    /** Held by who reads files for longer than a moment, so that they are not closed under it. */
    Readers readers() {
        return readers;
    }

    boolean isEmpty() {
        return all.length == 0;
    }

    int count() {
        return all.length;
    }

    Segment first() {
        return all[0];
    }

    Segment last() {
        Segment[] now = all;
        return now[now.length - 1];
    }

    Segment get(int number) {
        Segment[] now = all;
        if (number < 1 || number > now.length) {
            throw StoreErrors.corrupt("a position in " + name(number) + ", which does not exist");
        }
        return now[number - 1];
    }

    /** The last segment whose first transaction is at or before {@code sequence}. */
    Segment holding(long sequence) {
        Segment[] now = all;
        int at = now.length - 1;
        while (at > 0 && now[at].header().first() > sequence) {
            at--;
        }
        return now[at];
    }

    /** Bytes of all files before a position. */
    long bytesUpTo(long position) throws IOException {
        long bytes = LogPosition.offset(position);
        for (int number = 1; number < LogPosition.segment(position); number++) {
            bytes += get(number).file().size();
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (Segment segment : all) {
            try (DiskFile before = segment.before()) {
                segment.file().close();
            } catch (IOException e) {
                failure = e;
            }
        }
        try {
            readers.close();
        } catch (IOException e) {
            failure = e;
        }
        if (failure != null) {
            throw failure;
        }
    }
}
