package dev.pando.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A disk that takes so many bytes and then no more, as a file system that is full. */
final class FullDisk implements Disk {

    private final Disk disk;
    private long room;

    FullDisk(Disk disk, long room) {
        this.disk = disk;
        this.room = room;
    }

    void addRoom(long bytes) {
        room += bytes;
    }

    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        DiskFile file = disk.open(name, create);
        return new DiskFile() {
            @Override
            public long size() throws IOException {
                return file.size();
            }

            @Override
            public int read(long position, ByteBuffer target) throws IOException {
                return file.read(position, target);
            }

            @Override
            public void write(long position, ByteBuffer source) throws IOException {
                if (source.remaining() > room) {
                    throw new IOException("No space left on device");
                }
                room -= source.remaining();
                file.write(position, source);
            }

            @Override
            public void force() throws IOException {
                file.force();
            }

            @Override
            public void truncate(long size) throws IOException {
                file.truncate(size);
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    @Override
    public boolean exists(String name) throws IOException {
        return disk.exists(name);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        disk.syncDirectory(directory);
    }

    @Override
    public DiskLock lock(String name) throws IOException {
        return disk.lock(name);
    }

    @Override
    public Optional<Path> path() {
        return disk.path();
    }

    @Override
    public long freeBytes() throws IOException {
        return room;
    }
}
