package dev.pando.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows, mapped into memory in chunks: 64 KiB, 64 KiB, 128 KiB and so on up to 8 MiB, then 16 MiB each.
 *
 * <p>A chunk is filled with zeros by ordinary writes before it is mapped. So a full disk is an exception for who makes
 * the file grow; a hole would be a signal for who first touches it.
 *
 * <p>Any thread reads chunks; one thread at a time makes the file grow. Java 17 offers no way to end a mapping: chunks
 * stay mapped, and readable, until nobody refers to them and the garbage collector has seen that, also when the file is
 * deleted before. They are pages of the file, not of the process.
 */
final class MappedFile {

    private static final int FIRST_LOG = 16;
    private static final int FIRST_BYTES = 1 << FIRST_LOG;
    private static final int LARGEST_LOG = 24;
    private static final int LARGEST_BYTES = 1 << LARGEST_LOG;

    /** Chunks below the first of the largest size. */
    private static final int SMALL = LARGEST_LOG - FIRST_LOG + 1;

    private final DiskFile file;
    private final Path path;
    private volatile ByteBuffer[] chunks = {};
    private volatile long size;

    private MappedFile(DiskFile file, Path path) {
        this.file = file;
        this.path = path;
    }

    /** An empty file. */
    static MappedFile create(Disk disk, Path root, String name) throws IOException {
        disk.delete(name);
        return new MappedFile(disk.open(name, true), root.resolve(name));
    }

    /** The file as it was closed with {@code size}; null when it has another. */
    static @Nullable MappedFile open(Disk disk, Path root, String name, long size) throws IOException {
        if (!disk.exists(name)) {
            return null;
        }
        MappedFile opened = new MappedFile(disk.open(name, false), root.resolve(name));
        if (opened.file.size() != size || !isEndOfChunk(size)) {
            opened.file.close();
            return null;
        }
        while (opened.size < size) {
            opened.map();
        }
        return opened;
    }

    /** Up to where it can be used. */
    long size() {
        return size;
    }

    ByteBuffer chunk(long position) {
        return chunks[number(position)];
    }

    /** Where in its chunk a position is. */
    static int offset(long position) {
        if (position >= LARGEST_BYTES) {
            return (int) position & (LARGEST_BYTES - 1);
        }
        return (int) (position < FIRST_BYTES ? position : position - Long.highestOneBit(position));
    }

    /** Where the chunk of a position ends. */
    static long chunkEnd(long position) {
        return position - offset(position) + bytes(number(position));
    }

    private static int number(long position) {
        if (position >= LARGEST_BYTES) {
            return (int) (position >>> LARGEST_LOG) + SMALL - 1;
        }
        return position < FIRST_BYTES ? 0 : Long.SIZE - Long.numberOfLeadingZeros(position) - FIRST_LOG;
    }

    private static int bytes(int number) {
        return number == 0 ? FIRST_BYTES : number < SMALL ? FIRST_BYTES << (number - 1) : LARGEST_BYTES;
    }

    private static boolean isEndOfChunk(long size) {
        return size == 0 || chunkEnd(size - 1) == size;
    }

    /** Returns when there are chunks up to {@code end}. */
    void reserve(long end) throws IOException {
        while (size < end) {
            fill();
            map();
        }
    }

    private void fill() throws IOException {
        long to = size + bytes(chunks.length);
        for (long at = size; at < to; at += Zeros.BYTES.length) {
            file.write(at, ByteBuffer.wrap(Zeros.BYTES));
        }
    }

    /** Chunks are multiples of this. */
    private static final class Zeros {
        static final byte[] BYTES = new byte[FIRST_BYTES];
    }

    private void map() throws IOException {
        ByteBuffer[] now = chunks;
        long from = size;
        int bytes = bytes(now.length);
        ByteBuffer[] more = Arrays.copyOf(now, now.length + 1);
        more[now.length] = map(from, bytes);
        chunks = more;
        size = from + bytes;
    }

    /** An interrupt closes the channel, not the file: it can wait. */
    private ByteBuffer map(long position, int bytes) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    interrupted |= Thread.interrupted();
                    return channel.map(FileChannel.MapMode.READ_WRITE, position, bytes);
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns when all is on disk. */
    void force() throws IOException {
        file.force();
    }

    /** Ends growing; chunks can still be read. */
    void close() throws IOException {
        file.close();
    }
}
