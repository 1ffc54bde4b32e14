package dev.pando.store.testing;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.store.Disk;
import dev.pando.store.DiskFile;
import dev.pando.store.MemoryDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that keeps apart what was forced from what was not, and fails when it is told to.
 *
 * <p>Operations that change something are counted: making, writing, cutting and forcing a file, renaming, deleting,
 * syncing a directory. {@link #failAt} names one of them by its number. {@link #afterCrash} is the disk that the next
 * start finds; names that were not synced survive up to some point in their order. Thread-safe; everything random comes
 * from the seeds.
 */
public final class FaultyDisk implements Disk {

    private final Random random;
    private final MemoryDisk contents = new MemoryDisk();
    private final Map<String, FaultyFile> names = new HashMap<>();
    private final Map<String, FaultyFile> durableNames = new HashMap<>();
    private final List<NameChange> unsynced = new ArrayList<>();
    /**
     * What a failed force left behind. The kernel forgets which pages were not written: they read as they are, but no
     * later force writes them unless they are written again. So for these files something else becomes durable.
     */
    private final Map<FaultyFile, FaultyFile> forgotten = new HashMap<>();

    private final Set<String> locks = new HashSet<>();
    private long fileCount;
    private long operations;
    private long failAt = Long.MAX_VALUE;
    private @Nullable Fault fault;
    private @Nullable Fault failing;
    private boolean failed;
    private LongConsumer observer = operation -> {};

    /** {@code file} is null for a deletion; {@code from} is the name that a rename takes away. */
    private record NameChange(
            String name,
            @Nullable FaultyFile file,
            @Nullable String from) {}

    public FaultyDisk(long seed) {
        this.random = new Random(seed);
    }

    /** Operations so far. */
    public synchronized long operations() {
        return operations;
    }

    /** Makes operation number {@code operation}, counted from 1, fail. */
    public synchronized void failAt(long operation, Fault how) {
        failAt = operation;
        fault = how;
    }

    /** Lets operations succeed again, unless the power is gone. */
    public synchronized void repair() {
        failAt = Long.MAX_VALUE;
        if (failing != Fault.CRASH) {
            failing = null;
        }
    }

    /** Whether a fault has happened. */
    public synchronized boolean hasFailed() {
        return failed;
    }

    /** The disk as the next start would find it if the power went now. This one goes on. */
    public synchronized FaultyDisk afterCrash(Survival survival, long seed) {
        Random choices = new Random(seed);
        FaultyDisk next = new FaultyDisk(choices.nextLong());
        try {
            int kept = survival == Survival.KEEP
                    ? unsynced.size()
                    : survival == Survival.DROP ? 0 : choices.nextInt(unsynced.size() + 1);
            Map<String, FaultyFile> surviving = new TreeMap<>(durableNames);
            for (NameChange change : unsynced.subList(0, kept)) {
                apply(surviving, change);
            }
            for (Map.Entry<String, FaultyFile> entry : surviving.entrySet()) {
                FaultyFile file = entry.getValue();
                FaultyFile source = survival == Survival.KEEP ? file : forgotten.getOrDefault(file, file);
                FaultyFile copy = next.newFile();
                copy.copyFrom(source);
                source.copyUnforcedTo(copy);
                copy.crash(survival, choices);
                next.names.put(entry.getKey(), copy);
                next.durableNames.put(entry.getKey(), copy);
            }
        } catch (IOException e) {
            throw new IllegalStateException("memory has no I/O errors", e);
        }
        return next;
    }

    /** Calls {@code observer} after each operation that succeeded, with its number. */
    public synchronized void observe(LongConsumer afterOperation) {
        observer = afterOperation;
    }

    private FaultyFile newFile() throws IOException {
        return new FaultyFile(contents.open("" + fileCount++, true));
    }

    /** Counts an operation; returns the fault that it has to suffer, if it can have a part of its effect. */
    private @Nullable Fault count() throws IOException {
        operations++;
        Fault now = failing;
        if (now == null && operations >= failAt) {
            now = fault;
            failAt = Long.MAX_VALUE;
            failed = true;
            if (now != null && now.isForever()) {
                failing = now;
            }
        }
        return now;
    }

    private static IOException error(Fault fault) {
        if (fault == Fault.CRASH) {
            return new IOException("the power is gone");
        }
        return new IOException(fault.isDiskFull() ? "No space left on device" : "Input/output error");
    }

    private void countOrFail(boolean needsRoom) throws IOException {
        Fault now = count();
        if (now != null && (needsRoom || !now.isDiskFull())) {
            throw error(now);
        }
    }

    private void checkPower() throws IOException {
        if (failing == Fault.CRASH) {
            throw error(Fault.CRASH);
        }
    }

    @Override
    public synchronized DiskFile open(String name, boolean create) throws IOException {
        checkPower();
        FaultyFile file = names.get(name);
        if (file == null) {
            if (!create) {
                throw new NoSuchFileException(name);
            }
            countOrFail(true);
            file = newFile();
            change(new NameChange(name, file, null));
            observer.accept(operations);
        }
        return new Handle(file);
    }

    private void change(NameChange change) {
        apply(names, change);
        unsynced.add(change);
    }

    private static void apply(Map<String, FaultyFile> names, NameChange change) {
        if (change.from != null) {
            names.remove(change.from);
        }
        if (change.file == null) {
            names.remove(change.name);
        } else {
            names.put(change.name, change.file);
        }
    }

    @Override
    public synchronized boolean exists(String name) throws IOException {
        checkPower();
        return names.containsKey(name);
    }

    @Override
    public synchronized List<String> list(String directory) throws IOException {
        checkPower();
        String prefix = directory.isEmpty() ? "" : directory + "/";
        TreeSet<String> found = new TreeSet<>();
        for (String name : names.keySet()) {
            if (name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0) {
                found.add(name.substring(prefix.length()));
            }
        }
        return new ArrayList<>(found);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        countOrFail(false);
        FaultyFile file = names.get(from);
        if (file == null) {
            throw new NoSuchFileException(from);
        }
        change(new NameChange(to, file, from));
        observer.accept(operations);
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        checkPower();
        if (names.containsKey(name)) {
            countOrFail(false);
            change(new NameChange(name, null, null));
            observer.accept(operations);
        }
    }

    @Override
    public synchronized void syncDirectory(String directory) throws IOException {
        countOrFail(false);
        for (NameChange change : unsynced) {
            apply(durableNames, change);
        }
        unsynced.clear();
        observer.accept(operations);
    }

    @Override
    public synchronized DiskLock lock(String name) throws IOException {
        checkPower();
        if (!locks.add(name)) {
            throw new PandoException(Kind.DIRECTORY_IN_USE, "this simulated disk is in use");
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
        return Long.MAX_VALUE;
    }

    private final class Handle implements DiskFile {

        private final FaultyFile file;

        Handle(FaultyFile file) {
            this.file = file;
        }

        @Override
        public long size() throws IOException {
            synchronized (FaultyDisk.this) {
                checkPower();
                return file.content().size();
            }
        }

        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            synchronized (FaultyDisk.this) {
                checkPower();
                return file.content().read(position, target);
            }
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            synchronized (FaultyDisk.this) {
                Fault now = count();
                byte[] bytes = new byte[now == null ? source.remaining() : random.nextInt(source.remaining() + 1)];
                source.get(bytes);
                if (bytes.length > 0) {
                    file.write(position, bytes);
                    FaultyFile durable = forgotten.get(file);
                    if (durable != null) {
                        durable.write(position, bytes);
                    }
                }
                if (now != null) {
                    throw error(now);
                }
                observer.accept(operations);
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (FaultyDisk.this) {
                Fault now = count();
                if (now == null || now.isDiskFull()) {
                    file.force();
                    FaultyFile durable = forgotten.get(file);
                    if (durable != null) {
                        durable.force();
                    }
                    observer.accept(operations);
                    return;
                }
                if (now != Fault.CRASH && !forgotten.containsKey(file)) {
                    FaultyFile durable = newFile();
                    durable.copyFrom(file);
                    file.copyUnforcedTo(durable);
                    durable.crash(Survival.REORDER, random);
                    forgotten.put(file, durable);
                }
                throw error(now);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (FaultyDisk.this) {
                countOrFail(false);
                file.truncate(size);
                FaultyFile durable = forgotten.get(file);
                if (durable != null) {
                    durable.truncate(size);
                }
                observer.accept(operations);
            }
        }

        @Override
        public void close() {
            // The file is the disk's.
        }
    }
}
