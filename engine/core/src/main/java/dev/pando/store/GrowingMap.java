package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A derived map over Chronicle tables. A table has a fixed capacity; before one is full, entries begin to go to one four
 * times as large, and each write moves some of the old ones over. Until all are there both are asked, the new one first.
 *
 * <pre>
 * value in a table   content | 0 | CRC-32C of key, content and the 0 (4)
 * large value        version (8), length (4) | 1 | CRC-32C likewise, and parts:
 *   key of a part    PART (16) | version (8) | number (4)
 * </pre>
 *
 * A large value gets a new version each time, and its first entry is written after its parts: a reader that misses a
 * part has been overtaken, and looks again.
 */
final class GrowingMap implements DerivedMap {

    static final int TRAILER_BYTES = 1 + Crc.BYTES;

    private static final long ENTRIES_MIN = 4_096;
    private static final int GROWTH = 4;

    /** Writes between two looks at how full a table is. */
    private static final int WRITES_PER_LOOK = 64;

    /** Entries moved by each write: with a growth of four, all are long before the new table is full. */
    private static final int MOVES_PER_WRITE = 4;

    private static final int PART_BYTES = ChronicleTable.VALUE_BYTES_MAX - TRAILER_BYTES;
    private static final byte INLINE = 0;
    private static final byte IN_PARTS = 1;

    /** No key of a user begins like this. */
    private static final byte[] PART = "pando/value/part".getBytes(StandardCharsets.US_ASCII);

    private final String name;
    private final ChronicleMaps owner;
    private long nextVersion;
    private int generation;
    private int writes;

    private volatile Tables tables = new Tables(null, null);
    private Iterator<PageCursor.Entry> moving = Collections.emptyIterator();
    private int movingSegment;

    /** Keys removed since entries began to move: pages copied before may hold them. */
    private final Set<ByteBuffer> erased = new HashSet<>();

    /** Walks that have not ended. */
    private final AtomicInteger walks = new AtomicInteger();

    /** Tables that readers may still be looking at; closed when the next one comes here and nobody walks. */
    private final List<ChronicleTable> retired = new ArrayList<>();

    /** Whether a value in parts was ever written. */
    private boolean hasParts;

    /** {@code older} is there while its entries are moved to {@code current}. */
    private record Tables(
            @Nullable ChronicleTable current, @Nullable ChronicleTable older) {}

    GrowingMap(String name, ChronicleMaps owner, StoreEnvironment environment) {
        this.name = name;
        this.owner = owner;
        byte[] random = new byte[Long.BYTES];
        environment.randomBytes(random);
        this.nextVersion = ByteBuffer.wrap(random).getLong();
    }

    void reopen(MapFile file, Path path) throws IOException {
        discard();
        tables = new Tables(ChronicleTable.open(path, isIndex(), file.entries()), null);
        String digits = file.name().substring(name.length() + 1, file.name().length() - 4);
        generation = Integer.parseInt(digits);
        hasParts = file.hasParts();
    }

    private boolean isIndex() {
        return name.equals(BlockIndex.MAP);
    }

    private ChronicleTable newTable(long entries) {
        generation++;
        try {
            return ChronicleTable.open(owner.file(name + "-" + generation + ".map"), isIndex(), entries);
        } catch (IOException e) {
            throw StoreErrors.io("making a map for " + name, e);
        }
    }

    /** Makes the first table for so many entries and some more, if there is none yet. */
    void expect(long entries) {
        long room = Math.max(ENTRIES_MIN, entries + entries / 2);
        if (tables.current == null && room > ENTRIES_MIN) {
            tables = new Tables(newTable(room), null);
        }
    }

    /**
     * Like {@link #put} in an empty map that nobody reads yet; several threads may fill it at once.
     *
     * @throws DecodeException when there is far more than was {@link #expect}ed
     */
    void load(byte[] key, byte[] value) {
        DerivedMaps.checkEntry(key, value);
        try {
            if (value.length <= PART_BYTES) {
                current().put(key, seal(key, value, 0, value.length, INLINE));
            } else {
                loadParts(key, value);
            }
        } catch (IllegalStateException e) {
            /* The table is full: the map grew much while the checkpoint was made. */
            throw new DecodeException("map " + name + " holds far more than was expected", e);
        }
    }

    private synchronized void loadParts(byte[] key, byte[] value) {
        writeParts(key, value);
    }

    private ChronicleTable current() {
        Tables now = tables;
        return now.current != null ? now.current : firstTable();
    }

    private synchronized ChronicleTable firstTable() {
        Tables now = tables;
        if (now.current != null) {
            return now.current;
        }
        ChronicleTable made = newTable(ENTRIES_MIN);
        tables = new Tables(made, null);
        return made;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        while (true) {
            byte[] stored = stored(key);
            if (stored == null) {
                return null;
            }
            check(key, stored);
            if (stored[stored.length - TRAILER_BYTES] == INLINE) {
                return Arrays.copyOf(stored, stored.length - TRAILER_BYTES);
            }
            byte[] assembled = assemble(stored);
            if (assembled != null) {
                return assembled;
            }
            if (Arrays.equals(stored, stored(key))) {
                throw damaged(key, "a part is missing");
            }
        }
    }

    private byte @Nullable [] stored(byte[] key) {
        while (true) {
            Tables now = tables;
            byte[] found = now.current == null ? null : now.current.get(key);
            if (found == null && now.older != null) {
                found = now.older.get(key);
            }
            if (found != null || now == tables) {
                return found;
            }
        }
    }

    private byte @Nullable [] assemble(byte[] header) {
        ByteBuffer fields = ByteBuffer.wrap(header);
        long version = fields.getLong();
        byte[] value = new byte[fields.getInt()];
        for (int number = 0, at = 0; at < value.length; number++) {
            byte[] key = partKey(version, number);
            byte[] part = stored(key);
            if (part == null) {
                return null;
            }
            check(key, part);
            int length = part.length - TRAILER_BYTES;
            System.arraycopy(part, 0, value, at, length);
            at += length;
        }
        return value;
    }

    private void check(byte[] key, byte[] stored) {
        int length = stored.length - Crc.BYTES;
        if (length < 1 || ByteBuffer.wrap(stored).getInt(length) != Crc.of(key, stored, length)) {
            throw damaged(key, "wrong checksum");
        }
    }

    private PandoException damaged(byte[] key, String why) {
        owner.setDamaged();
        return StoreErrors.corrupt("map " + name + ": damaged entry (" + why + ") of a key of " + key.length
                + " bytes; the maps are made anew from the log when the database is next opened");
    }

    @Override
    public boolean contains(byte[] key) {
        while (true) {
            Tables now = tables;
            boolean found = (now.current != null && now.current.contains(key))
                    || (now.older != null && now.older.contains(key));
            if (found || now == tables) {
                return found;
            }
        }
    }

    @Override
    public void put(byte[] key, byte[] value) {
        DerivedMaps.checkEntry(key, value);
        if (isPart(key)) {
            throw new IllegalArgumentException("a key that begins like those of the map's own entries");
        }
        byte[] before = hasParts ? stored(key) : null;
        if (value.length <= PART_BYTES) {
            write(key, seal(key, value, 0, value.length, INLINE));
        } else {
            writeParts(key, value);
        }
        removeParts(before);
        step();
    }

    private void writeParts(byte[] key, byte[] value) {
        hasParts = true;
        long version = nextVersion++;
        for (int number = 0, at = 0; at < value.length; number++) {
            int length = Math.min(PART_BYTES, value.length - at);
            byte[] part = partKey(version, number);
            write(part, seal(part, value, at, length, INLINE));
            at += length;
        }
        byte[] header = ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                .putLong(version)
                .putInt(value.length)
                .array();
        write(key, seal(key, header, 0, header.length, IN_PARTS));
    }

    private void write(byte[] key, byte[] sealed) {
        current().put(key, sealed);
        writes++;
    }

    private static byte[] seal(byte[] key, byte[] value, int offset, int length, byte kind) {
        byte[] sealed = new byte[length + TRAILER_BYTES];
        System.arraycopy(value, offset, sealed, 0, length);
        sealed[length] = kind;
        ByteBuffer.wrap(sealed).putInt(length + 1, Crc.of(key, sealed, length + 1));
        return sealed;
    }

    @Override
    public void remove(byte[] key) {
        byte[] before = stored(key);
        if (before != null) {
            erase(key);
            removeParts(before);
        }
        step();
    }

    private void erase(byte[] key) {
        Tables now = tables;
        if (now.older != null) {
            now.older.remove(key);
            erased.add(ByteBuffer.wrap(key.clone()));
        }
        if (now.current != null) {
            now.current.remove(key);
        }
    }

    private void removeParts(byte @Nullable [] before) {
        if (before == null || before[before.length - TRAILER_BYTES] == INLINE) {
            return;
        }
        ByteBuffer fields = ByteBuffer.wrap(before);
        long version = fields.getLong();
        int parts = (fields.getInt() + PART_BYTES - 1) / PART_BYTES;
        for (int number = 0; number < parts; number++) {
            erase(partKey(version, number));
        }
    }

    private static byte[] partKey(long version, int number) {
        return ByteBuffer.allocate(PART.length + Long.BYTES + Integer.BYTES)
                .put(PART)
                .putLong(version)
                .putInt(number)
                .array();
    }

    private static boolean isPart(byte[] key) {
        return key.length >= PART.length && Arrays.equals(key, 0, PART.length, PART, 0, PART.length);
    }

    /** Moves some entries, or looks whether it is time to begin. */
    private void step() {
        Tables now = tables;
        if (now.older != null) {
            move(MOVES_PER_WRITE * Math.max(1, writes));
            writes = 0;
        } else if (writes >= WRITES_PER_LOOK && now.current != null) {
            writes = 0;
            if (now.current.isNearlyFull()) {
                tables = new Tables(newTable(now.current.entries() * GROWTH), now.current);
                movingSegment = 0;
            }
        }
    }

    private void move(int entries) {
        ChronicleTable older = Objects.requireNonNull(tables.older);
        ChronicleTable current = Objects.requireNonNull(tables.current);
        for (int left = entries; left > 0; ) {
            if (moving.hasNext()) {
                PageCursor.Entry entry = moving.next();
                /* Not what was written or removed since the page was copied. */
                if (erased.isEmpty() || !erased.contains(ByteBuffer.wrap(entry.key()))) {
                    current.putIfAbsent(entry.key(), entry.value());
                }
                left--;
            } else if (movingSegment < older.segments()) {
                moving = older.segment(movingSegment++).iterator();
            } else {
                tables = new Tables(current, null);
                erased.clear();
                retire(older);
                return;
            }
        }
    }

    private void retire(ChronicleTable table) {
        if (walks.get() == 0) {
            closeRetired();
        }
        retired.add(table);
        try {
            owner.delete(table.name());
        } catch (IOException e) {
            throw StoreErrors.io("deleting " + table.name(), e);
        }
    }

    private void closeRetired() {
        retired.forEach(ChronicleTable::close);
        retired.clear();
    }

    /** Entries; a large value counts once for each of its parts too. */
    @Override
    public long size() {
        Tables now = tables;
        if (now.current == null) {
            return 0;
        }
        if (now.older == null) {
            return now.current.size();
        }
        long size = now.current.size();
        for (int segment = 0; segment < now.older.segments(); segment++) {
            for (PageCursor.Entry entry : now.older.segment(segment)) {
                size += now.current.contains(entry.key()) ? 0 : 1;
            }
        }
        return size;
    }

    @Override
    public PageCursor pages() {
        return new Pages(tables);
    }

    /** Walks over the tables of a moment, the older one first; values are those of now. */
    private final class Pages implements PageCursor {

        private final Tables walked;
        private @Nullable ChronicleTable table;
        private int segment;
        private boolean closed;

        Pages(Tables walked) {
            this.walked = walked;
            walks.incrementAndGet();
            this.table = walked.older != null ? walked.older : walked.current;
        }

        @Override
        public List<Entry> next() {
            while (table != null) {
                if (segment == table.segments()) {
                    table = table == walked.older ? walked.current : null;
                    segment = 0;
                    continue;
                }
                List<Entry> page = resolve(table.segment(segment++));
                if (!page.isEmpty()) {
                    return page;
                }
            }
            return List.of();
        }

        private List<Entry> resolve(List<Entry> stored) {
            List<Entry> page = new ArrayList<>(stored.size());
            boolean alone = walked.older == null && tables == walked;
            for (Entry entry : stored) {
                byte[] key = entry.key();
                boolean shown = table != walked.older && walked.older != null && walked.older.contains(key);
                if (isPart(key) || shown) {
                    continue;
                }
                byte[] value = alone ? inline(entry) : null;
                if (value == null) {
                    value = get(key);
                }
                if (value != null) {
                    page.add(new Entry(key, value));
                }
            }
            return page;
        }

        private byte @Nullable [] inline(Entry entry) {
            byte[] stored = entry.value();
            check(entry.key(), stored);
            return stored[stored.length - TRAILER_BYTES] == INLINE
                    ? Arrays.copyOf(stored, stored.length - TRAILER_BYTES)
                    : null;
        }

        @Override
        public void close() {
            table = null;
            if (!closed) {
                closed = true;
                walks.decrementAndGet();
            }
        }
    }

    /** Gives up all entries; readers must be gone. */
    void discard() throws IOException {
        Tables now = tables;
        tables = new Tables(null, null);
        moving = Collections.emptyIterator();
        erased.clear();
        hasParts = false;
        closeRetired();
        for (ChronicleTable table : Arrays.asList(now.current, now.older)) {
            if (table != null) {
                table.close();
                owner.delete(table.name());
            }
        }
    }

    /** Closes the file, and describes it. */
    MapFile close(Disk disk, String directory) throws IOException {
        while (tables.older != null) {
            move(1 << 16);
        }
        closeRetired();
        ChronicleTable last = current();
        last.close();
        return MapFile.describe(disk, directory, last.name(), last.entries(), hasParts);
    }
}
