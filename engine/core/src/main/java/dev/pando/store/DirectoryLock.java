package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a directory to one store at a time. The lock file names its holder.
 *
 * <p>Closing any channel of a file gives up all locks that this process has on it. So a second attempt in one process
 * must not even open the file: holders are entered in the system properties, which all class loaders share.
 */
final class DirectoryLock implements Disk.DiskLock {

    private static final String PROPERTY_PREFIX = "dev.pando.store.lock.";
    private static final int HOLDER_BYTES_MAX = 512;

    private final String property;
    private final FileChannel channel;

    private DirectoryLock(String property, FileChannel channel) {
        this.property = property;
        this.channel = channel;
    }

    static DirectoryLock take(Path directory, Path file) throws IOException {
        String property = PROPERTY_PREFIX + directory.toRealPath();
        String holder = "pid " + ProcessHandle.current().pid() + " on host " + hostName();
        if (System.getProperties().putIfAbsent(property, holder) != null) {
            throw inUse(directory, "this process (" + holder + ")", null);
        }
        FileChannel channel = null;
        try {
            channel = openChannel(file);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw inUse(directory, read(channel), null);
            }
            write(channel, holder);
            return new DirectoryLock(property, channel);
        } catch (OverlappingFileLockException e) {
            release(property, channel);
            throw inUse(directory, "this process (" + holder + ")", e);
        } catch (AccessDeniedException e) {
            release(property, channel);
            throw new PandoException(Kind.IO_ERROR, "cannot write " + file + ": permission denied", e);
        } catch (IOException | RuntimeException e) {
            release(property, channel);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        release(property, channel);
    }

    private static void release(String property, @Nullable FileChannel channel) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            System.getProperties().remove(property);
        }
    }

    private static FileChannel openChannel(Path file) throws IOException {
        boolean isNew = !Files.exists(file);
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (isNew && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return channel;
    }

    private static void write(FileChannel channel, String holder) throws IOException {
        channel.truncate(0);
        ByteBuffer text = ByteBuffer.wrap((holder + "\n").getBytes(StandardCharsets.UTF_8));
        while (text.hasRemaining()) {
            channel.write(text);
        }
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(HOLDER_BYTES_MAX);
        while (text.hasRemaining() && channel.read(text, text.position()) > 0) {
            continue;
        }
        String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        return holder.isEmpty() ? "another process" : holder;
    }

    private static PandoException inUse(Path directory, String holder, @Nullable Throwable cause) {
        return new PandoException(Kind.DIRECTORY_IN_USE, "directory " + directory + " is in use by " + holder, cause);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
