package dev.pando.simulation;

import dev.pando.PandoException;
import dev.pando.store.Disk;
import dev.pando.store.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A machine's disk as one life of it sees it: of no more use when that life has ended, and the place where it may be
 * made to end.
 */
final class SimDisk implements Disk {

    private final Disk disk;
    private final SimMachine machine;
    private final SimLife life;

    SimDisk(Disk disk, SimMachine machine) {
        this.disk = disk;
        this.machine = machine;
        this.life = machine.life();
    }

    /** Before each call: a process that is gone does not write. */
    private void reached(boolean changes) {
        life.checkAlive();
        if (changes) {
            machine.reachedDisk();
            machine.simulation().active();
            life.checkAlive();
        }
    }

    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        reached(create);
        return new File(disk.open(name, create));
    }

    @Override
    public boolean exists(String name) throws IOException {
        reached(false);
        return disk.exists(name);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        reached(false);
        return disk.list(directory);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        reached(true);
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        reached(true);
        disk.delete(name);
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        reached(true);
        disk.syncDirectory(directory);
    }

    @Override
    public DiskLock lock(String name) {
        reached(false);
        SimLife holder = machine.diskHolder();
        if (holder != null && holder.isAlive() && holder != life) {
            throw new PandoException(
                    PandoException.Kind.DIRECTORY_IN_USE, "the disk of " + machine + " is in use by " + holder);
        }
        machine.diskHolder(life);
        return () -> machine.diskHolder(null);
    }

    @Override
    public Optional<Path> path() {
        return Optional.empty();
    }

    @Override
    public long freeBytes() throws IOException {
        return disk.freeBytes();
    }

    private final class File implements DiskFile {
        private final DiskFile file;

        File(DiskFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            reached(false);
            return file.size();
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            reached(false);
            int read = file.read(position, target);
            machine.diskBytes(read);
            return read;
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            reached(true);
            machine.diskBytes(source.remaining());
            file.write(position, source);
        }

        @Override
        public void force() throws IOException {
            reached(true);
            file.force();
        }

        @Override
        public void truncate(long size) throws IOException {
            reached(true);
            file.truncate(size);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
