package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A disk in memory. What is written is "durable" at once, for as long as the object lives. */
public final class MemoryDisk implements Disk {

    private final Map<String, MemoryFile> files = new HashMap<>();
    private final Set<String> locks = new HashSet<>();

    @Override
    public synchronized DiskFile open(String name, boolean create) throws IOException {
        MemoryFile file = files.get(name);
        if (file == null) {
            if (!create) {
                throw new NoSuchFileException(name);
            }
            file = new MemoryFile();
            files.put(name, file);
        }
        return file;
    }

    @Override
    public synchronized boolean exists(String name) {
        return files.containsKey(name);
    }

    @Override
    public synchronized List<String> list(String directory) {
        return namesIn(files.keySet(), directory);
    }

    /** Those of {@code names} that lie directly in {@code directory}, without its name. */
    static List<String> namesIn(Set<String> names, String directory) {
        String prefix = directory.isEmpty() ? "" : directory + "/";
        TreeSet<String> found = new TreeSet<>();
        for (String name : names) {
            if (name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0) {
                found.add(name.substring(prefix.length()));
            }
        }
        return new ArrayList<>(found);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        MemoryFile file = files.remove(from);
        if (file == null) {
            throw new NoSuchFileException(from);
        }
        files.put(to, file);
    }

    @Override
    public synchronized void delete(String name) {
        files.remove(name);
    }

    @Override
    public void syncDirectory(String directory) {
        // Names are as durable as the object.
    }

    @Override
    public synchronized DiskLock lock(String name) {
        if (!locks.add(name)) {
            throw new PandoException(Kind.DIRECTORY_IN_USE, "this database in memory is open already");
        }
        return () -> {
            synchronized (this) {
                locks.remove(name);
            }
        };
    }

    @Override
    public Optional<Path> path() {
        return Optional.empty();
    }

    @Override
    public long freeBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    /** Bytes in chunks, so that a growing file is never copied. */
    static final class MemoryFile implements DiskFile {

        private static final int CHUNK_BITS = 14;
        private static final int CHUNK_BYTES = 1 << CHUNK_BITS;

        private final List<byte[]> chunks = new ArrayList<>();
        private long size;

        @Override
        public synchronized long size() {
            return size;
        }

        @Override
        public synchronized int read(long position, ByteBuffer target) {
            int total = (int) Math.max(0, Math.min(target.remaining(), size - position));
            long at = position;
            for (int left = total; left > 0; ) {
                int offset = (int) (at & (CHUNK_BYTES - 1));
                int length = Math.min(left, CHUNK_BYTES - offset);
                target.put(chunks.get((int) (at >>> CHUNK_BITS)), offset, length);
                at += length;
                left -= length;
            }
            return total;
        }

        @Override
        public synchronized void write(long position, ByteBuffer source) {
            long end = position + source.remaining();
            while ((long) chunks.size() << CHUNK_BITS < end) {
                chunks.add(new byte[CHUNK_BYTES]);
            }
            for (long at = position; at < end; ) {
                int offset = (int) (at & (CHUNK_BYTES - 1));
                int length = (int) Math.min(end - at, CHUNK_BYTES - offset);
                source.get(chunks.get((int) (at >>> CHUNK_BITS)), offset, length);
                at += length;
            }
            size = Math.max(size, end);
        }

        @Override
        public void force() {
            // Memory is all there is.
        }

        @Override
        public synchronized void truncate(long newSize) {
            if (newSize >= size) {
                return;
            }
            size = newSize;
            int keep = (int) ((newSize + CHUNK_BYTES - 1) >>> CHUNK_BITS);
            chunks.subList(keep, chunks.size()).clear();
            int offset = (int) (newSize & (CHUNK_BYTES - 1));
            if (offset > 0) {
                Arrays.fill(chunks.get(keep - 1), offset, CHUNK_BYTES, (byte) 0);
            }
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
