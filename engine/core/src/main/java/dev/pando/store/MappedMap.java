package dev.pando.store;

import dev.pando.PandoException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A derived map in mapped files of the directory {@code derived}: {@code name-n.heap} with its slots, {@code name-n.pages}
 * with its index, and, after a clean close, {@code name-n.map}. They are made with the first entry.
 */
final class MappedMap implements DerivedMap {

    private final String name;
    private final Disk disk;
    private final Path root;
    private final StoreEnvironment environment;
    private final Runnable onDamage;
    private int generation;
    private volatile @Nullable MapTable table;

    /** @param onDamage is run when a damaged place is met */
    MappedMap(String name, Disk disk, Path root, StoreEnvironment environment, Runnable onDamage) {
        this.name = name;
        this.disk = disk;
        this.root = root;
        this.environment = environment;
        this.onDamage = onDamage;
    }

    private PandoException damaged(String place) {
        onDamage.run();
        return StoreErrors.corrupt("map " + name + ": damaged at " + place
                + "; the maps are made anew from the log when the database is next opened");
    }

    /** The JVM's way to say that a mapped page cannot be read. */
    private PandoException unreadable(MapTable of, InternalError cause) {
        onDamage.run();
        PandoException failed = StoreErrors.io("reading map " + name, new IOException(cause));
        of.fail(failed);
        return failed;
    }

    private String file(String suffix) {
        return MappedMaps.DIRECTORY + "/" + name + "-" + generation + suffix;
    }

    private MapTable table() {
        MapTable now = table;
        return now != null ? now : create();
    }

    private synchronized MapTable create() {
        MapTable now = table;
        if (now != null) {
            return now;
        }
        generation++;
        byte[] secret = new byte[SipHash.SECRET_BYTES];
        environment.randomBytes(secret);
        try {
            MapTable made = new MapTable(
                    secret,
                    RecordHeap.create(MappedFile.create(disk, root, file(".heap")), this::damaged),
                    HashIndex.create(MappedFile.create(disk, root, file(".pages")), secret, this::damaged),
                    0,
                    this::damaged);
            table = made;
            return made;
        } catch (IOException e) {
            throw StoreErrors.io("making map " + name, e);
        }
    }

    /** Goes on with the files as they were closed; false when they are not what they were. */
    synchronized boolean reopen(MapFile described) throws IOException {
        MapState state = described.read(disk, MappedMaps.DIRECTORY);
        if (state == null) {
            return false;
        }
        discard();
        String number =
                described.name().substring(name.length() + 1, described.name().length() - MapFile.SUFFIX.length());
        generation = Integer.parseInt(number);
        MappedFile slots = MappedFile.open(disk, root, file(".heap"), state.heapBytes());
        if (slots == null) {
            return false;
        }
        MappedFile pages = MappedFile.open(disk, root, file(".pages"), state.pagesBytes());
        if (pages == null) {
            slots.close();
            return false;
        }
        table = new MapTable(
                state.secret(),
                RecordHeap.open(slots, this::damaged, state.heapEnd(), state.free()),
                HashIndex.open(pages, state.secret(), this::damaged, state.directory(), state.pages()),
                state.entries(),
                this::damaged);
        return true;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        MapTable now = table;
        if (now == null) {
            return null;
        }
        try {
            return now.get(key);
        } catch (InternalError e) {
            throw unreadable(now, e);
        }
    }

    @Override
    public byte[] @Nullable [] getAll(byte[][] keys) {
        MapTable now = table;
        if (now == null) {
            return new byte[keys.length][];
        }
        try {
            return now.getAll(keys);
        } catch (InternalError e) {
            throw unreadable(now, e);
        }
    }

    @Override
    public boolean contains(byte[] key) {
        MapTable now = table;
        if (now == null) {
            return false;
        }
        try {
            return now.contains(key);
        } catch (InternalError e) {
            throw unreadable(now, e);
        }
    }

    /** Adds entries that nobody reads yet; several threads may do so at once. */
    void load(List<PageCursor.Entry> entries) {
        entries.forEach(entry -> DerivedMaps.checkEntry(entry.key(), entry.value()));
        MapTable now = table();
        try {
            now.load(entries);
        } catch (IOException e) {
            throw larger(e);
        } catch (InternalError e) {
            throw unreadable(now, e);
        }
    }

    private PandoException larger(IOException e) {
        return StoreErrors.io("making map " + name + " larger", e);
    }

    @Override
    public void put(byte[] key, byte[] value) {
        DerivedMaps.checkEntry(key, value);
        MapTable now = table();
        try {
            now.put(key, value);
        } catch (IOException e) {
            throw larger(e);
        } catch (InternalError e) {
            throw unreadable(now, e);
        }
    }

    @Override
    public void remove(byte[] key) {
        MapTable now = table;
        if (now == null) {
            return;
        }
        try {
            now.remove(key);
        } catch (InternalError e) {
            throw unreadable(now, e);
        }
    }

    @Override
    public long size() {
        MapTable now = table;
        return now == null ? 0 : now.size();
    }

    @Override
    public EntryWalk walk() {
        return walk(Integer.MAX_VALUE);
    }

    @Override
    public EntryWalk walk(int changesMax) {
        MapTable now = table;
        return now == null ? EntryWalk.NOTHING : now.walk(changesMax, e -> unreadable(now, e));
    }

    /** Gives up all entries. */
    synchronized void discard() throws IOException {
        MapTable now = table;
        table = null;
        if (now != null) {
            now.end();
            disk.delete(file(".heap"));
            disk.delete(file(".pages"));
        }
    }

    /** Who comes later is told that the store is closed. The files are not deleted. */
    synchronized void end() throws IOException {
        MapTable now = table;
        if (now != null) {
            now.end();
        }
    }

    /** Makes all durable, and describes it; there can be no more reading and writing. */
    MapFile close() throws IOException {
        return MapFile.write(disk, MappedMaps.DIRECTORY, name + "-" + generation() + MapFile.SUFFIX, table().close());
    }

    private int generation() {
        table();
        return generation;
    }

    /** Whether a file of the directory belongs to what {@link #close} left. */
    static boolean isOf(MapFile closed, String file) {
        String stem = closed.name().substring(0, closed.name().length() - MapFile.SUFFIX.length());
        return file.equals(closed.name()) || file.equals(stem + ".heap") || file.equals(stem + ".pages");
    }
}
