package dev.pando.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of the operating system.
 *
 * <p>Java closes a channel under whoever uses it when one of its users is interrupted. A database must outlive the
 * interrupt of a reader, so the file is then opened again and the call repeated: all positions are given by the caller,
 * so doing it twice does no harm. The interrupt stays pending for the caller.
 */
final class NioDiskFile implements DiskFile {

    private final Path path;
    private volatile FileChannel channel;
    private volatile boolean closed;

    /** Which file it is, whatever the path names later; null where there is no such key. */
    private final @Nullable Object key;

    NioDiskFile(Path path) throws IOException {
        this.path = path;
        this.channel = openChannel();
        this.key = key();
    }

    private @Nullable Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    @Override
    public long size() throws IOException {
        return run(FileChannel::size);
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        int start = target.position();
        return run(open -> {
            target.position(start);
            while (target.hasRemaining()) {
                if (open.read(target, position + (target.position() - start)) < 0) {
                    break;
                }
            }
            return target.position() - start;
        });
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        int start = source.position();
        run(open -> {
            source.position(start);
            while (source.hasRemaining()) {
                open.write(source, position + (source.position() - start));
            }
            return 0;
        });
    }

    @Override
    public void force() throws IOException {
        run(open -> {
            open.force(false);
            return 0;
        });
    }

    @Override
    public void truncate(long size) throws IOException {
        run(open -> open.truncate(size));
    }

    @Override
    public void close() throws IOException {
        closed = true;
        channel.close();
    }

    private FileChannel openChannel() throws IOException {
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private interface Call<T> {
        T on(FileChannel open) throws IOException;
    }

    private <T> T run(Call<T> call) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                FileChannel open = channel;
                try {
                    return call.on(open);
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                    reopen(open, e);
                } catch (ClosedChannelException e) {
                    reopen(open, e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void reopen(FileChannel broken, IOException cause) throws IOException {
        if (closed || !Objects.equals(key, key())) {
            throw cause; // Another file has taken the name since.
        }
        if (channel == broken) {
            channel = openChannel();
        }
    }
}
