package dev.pando.store;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.zip.CRC32C;

/**
 * Where the slots of a map's entries are, by the hash of their keys: pages of 4 KiB in a mapped file, and in memory a
 * directory that tells by the first bits of a hash in which page it belongs. A page that has become full gives half of its
 * entries to a new one; when it alone stood for its bits, the directory becomes twice as long. Nothing else moves.
 *
 * <pre>
 * page   version (4), even | CRC-32C of secret, page number and the page without this (4) | bits that its hashes share (4)
 *        | entries (4) | 510 places of 8 bytes, 0 or
 * entry  first 28 bits of the hash | position of the slot / 16 (36 bits)
 * </pre>
 *
 * An entry stands at place {@code (last 9 of its 28 bits) * 510 / 512}, or as near behind it, around the end, as there was
 * room. Integers are little-endian.
 *
 * <p>One writer at a time. Readers hold nothing: entries come and go with one write each, and whatever may hide one from a
 * reader changes the page's version. So who did not find a key looks whether version and directory are still the same.
 */
final class HashIndex {

    static final int PAGE_BYTES = 4_096;
    static final int PLACES = 510;

    /** A page with so many is divided: with three quarters taken an unsuccessful search looks at eight places. */
    private static final int ENTRIES_MAX = PLACES * 3 / 4;

    private static final int TAG_SHIFT = 36;
    private static final long UNIT_MASK = (1L << TAG_SHIFT) - 1;
    static final int HOME_BITS = 9;
    private static final int DEPTH_MAX = Long.SIZE - TAG_SHIFT;

    private static final int VERSION_AT = 0;
    private static final int CRC_AT = 4;
    private static final int DEPTH_AT = 8;
    private static final int COUNT_AT = 12;
    private static final int PLACES_AT = 16;

    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle PAGE_NUMBER = MethodHandles.arrayElementVarHandle(int[].class);

    private final MappedFile file;
    private final byte[] secret;
    private final Damage damage;
    private volatile Directory directory;
    private int pages;

    /** For each page that was there when the file was opened: 1 when its checksum was found right since. */
    private final AtomicIntegerArray checked;

    /** @param pages by the first {@code depth} bits */
    record Directory(int depth, int[] pages) {

        int slot(long hash) {
            return depth == 0 ? 0 : (int) (hash >>> (Long.SIZE - depth));
        }

        int page(long hash) {
            return (int) PAGE_NUMBER.getAcquire(pages, slot(hash));
        }
    }

    private HashIndex(MappedFile file, byte[] secret, Damage damage, Directory directory, int pages, int toCheck) {
        this.file = file;
        this.secret = secret;
        this.damage = damage;
        this.directory = directory;
        this.pages = pages;
        this.checked = new AtomicIntegerArray(toCheck);
    }

    static HashIndex create(MappedFile file, byte[] secret, Damage damage) throws IOException {
        file.reserve(PAGE_BYTES);
        return new HashIndex(file, secret, damage, new Directory(0, new int[1]), 1, 0);
    }

    static HashIndex open(MappedFile file, byte[] secret, Damage damage, Directory directory, int pages) {
        return new HashIndex(file, secret, damage, directory, pages, pages);
    }

    MappedFile file() {
        return file;
    }

    Directory directory() {
        return directory;
    }

    int pages() {
        return pages;
    }

    /** The page in which a hash belongs now, checked. Any thread. */
    int page(Directory from, long hash) {
        int page = from.page(hash);
        if (page < checked.length() && checked.get(page) == 0) {
            check(page);
        }
        return page;
    }

    private void check(int page) {
        boolean right = (int) INT.getAcquire(chunk(page), at(page) + CRC_AT) == crc(page)
                && (version(chunk(page), at(page)) & 1) == 0;
        /* The writer looks at a page before it changes it: then it was right. What was read is read before this. */
        VarHandle.acquireFence();
        if (!right && checked.get(page) == 0) {
            throw damage.at("page " + page + " of the index: wrong checksum");
        }
        checked.set(page, 1);
    }

    ByteBuffer chunk(int page) {
        return file.chunk((long) page * PAGE_BYTES);
    }

    static int at(int page) {
        return MappedFile.offset((long) page * PAGE_BYTES);
    }

    /** Odd while the page is changed. */
    static int version(ByteBuffer chunk, int at) {
        return (int) INT.getAcquire(chunk, at + VERSION_AT);
    }

    /** Whether a search that began with these would have found all that the page held. */
    boolean isUnchanged(Directory from, long hash, int page, ByteBuffer chunk, int at, int version) {
        VarHandle.acquireFence();
        return (version & 1) == 0
                && (int) INT.getOpaque(chunk, at + VERSION_AT) == version
                && directory == from
                && from.page(hash) == page;
    }

    static long entry(ByteBuffer chunk, int at, int place) {
        return (long) LONG.getAcquire(chunk, at + PLACES_AT + place * Long.BYTES);
    }

    static int home(long hash) {
        return (int) (hash >>> TAG_SHIFT & ((1 << HOME_BITS) - 1)) * PLACES >>> HOME_BITS;
    }

    static int next(int place) {
        return place + 1 < PLACES ? place + 1 : 0;
    }

    /** Whether an entry may be one of a key with this hash. */
    static boolean fits(long entry, long hash) {
        return (entry ^ hash) >>> TAG_SHIFT == 0;
    }

    static long position(long entry) {
        return (entry & UNIT_MASK) << RecordHeap.UNIT_LOG;
    }

    private static long entryOf(long hash, long position) {
        long unit = position >>> RecordHeap.UNIT_LOG;
        if (unit > UNIT_MASK) {
            throw new IllegalStateException("a map's file has at most 1 TiB");
        }
        return hash & ~UNIT_MASK | unit;
    }

    /** Makes room for one more entry with this hash. Writer only. */
    void reserve(long hash) throws IOException {
        while (true) {
            Directory now = directory;
            int page = page(now, hash);
            if ((int) INT.get(chunk(page), at(page) + COUNT_AT) < ENTRIES_MAX) {
                return;
            }
            divide(now, page, hash);
        }
    }

    /** Adds an entry, for which there is room. Writer only. */
    void add(long hash, long position) {
        int page = page(directory, hash);
        ByteBuffer chunk = chunk(page);
        int at = at(page);
        place(chunk, at, entryOf(hash, position));
        INT.set(chunk, at + COUNT_AT, (int) INT.get(chunk, at + COUNT_AT) + 1);
    }

    private static void place(ByteBuffer chunk, int at, long entry) {
        int place = home(entry);
        while ((long) LONG.get(chunk, at + PLACES_AT + place * Long.BYTES) != 0) {
            place = next(place);
        }
        LONG.setRelease(chunk, at + PLACES_AT + place * Long.BYTES, entry);
    }

    /** Has an entry name another slot. Writer only. */
    void replace(int page, int place, long hash, long position) {
        ByteBuffer chunk = chunk(page);
        int at = at(page);
        LONG.setRelease(chunk, at + PLACES_AT + place * Long.BYTES, entryOf(hash, position));
        INT.setRelease(chunk, at + VERSION_AT, version(chunk, at) + 2);
    }

    /** Takes an entry away; those behind it that had no room at their place come nearer. Writer only. */
    void remove(int page, int place) {
        ByteBuffer chunk = chunk(page);
        int at = at(page);
        int version = begin(chunk, at);
        int hole = place;
        for (int from = next(hole); ; from = next(from)) {
            long entry = entry(chunk, at, from);
            if (entry == 0) {
                break;
            }
            int home = home(entry);
            /* It may go to the hole when the hole is not before its home, seen around the end. */
            if (Math.floorMod(hole - home, PLACES) <= Math.floorMod(from - home, PLACES)) {
                LONG.setRelease(chunk, at + PLACES_AT + hole * Long.BYTES, entry);
                hole = from;
            }
        }
        LONG.setRelease(chunk, at + PLACES_AT + hole * Long.BYTES, 0L);
        INT.set(chunk, at + COUNT_AT, (int) INT.get(chunk, at + COUNT_AT) - 1);
        end(chunk, at, version);
    }

    private static int begin(ByteBuffer chunk, int at) {
        int version = (int) INT.get(chunk, at + VERSION_AT);
        INT.setRelease(chunk, at + VERSION_AT, version + 1);
        VarHandle.releaseFence();
        return version;
    }

    private static void end(ByteBuffer chunk, int at, int version) {
        INT.setRelease(chunk, at + VERSION_AT, version + 2);
    }

    /** The new page is complete and known before the old one loses anything. */
    private void divide(Directory now, int page, long hash) throws IOException {
        ByteBuffer chunk = chunk(page);
        int at = at(page);
        int depth = (int) INT.get(chunk, at + DEPTH_AT);
        if (depth >= DEPTH_MAX) {
            throw new IllegalStateException("too many entries whose hashes begin alike");
        }
        file.reserve((pages + 1L) * PAGE_BYTES);
        int other = pages++;
        long[] entries = new long[PLACES];
        for (int i = 0; i < PLACES; i++) {
            entries[i] = entry(chunk, at, i);
        }
        long bit = Long.MIN_VALUE >>> depth;
        fill(chunk(other), at(other), entries, bit, bit, depth + 1);
        publish(now, hash, depth, other);
        int version = begin(chunk, at);
        fill(chunk, at, entries, bit, 0, depth + 1);
        end(chunk, at, version);
    }

    private static void fill(ByteBuffer chunk, int at, long[] entries, long bit, long wanted, int depth) {
        for (int i = 0; i < PLACES; i++) {
            LONG.setOpaque(chunk, at + PLACES_AT + i * Long.BYTES, 0L);
        }
        int count = 0;
        for (long entry : entries) {
            if (entry != 0 && (entry & bit) == wanted) {
                place(chunk, at, entry);
                count++;
            }
        }
        INT.set(chunk, at + DEPTH_AT, depth);
        INT.set(chunk, at + COUNT_AT, count);
    }

    /** Has the upper half of the hashes of a page, which share {@code depth} bits, belong to another page. */
    private void publish(Directory now, long hash, int depth, int other) {
        Directory target = now;
        if (depth == now.depth) {
            int[] twice = new int[now.pages.length * 2];
            for (int i = 0; i < twice.length; i++) {
                twice[i] = now.pages[i / 2];
            }
            target = new Directory(depth + 1, twice);
        }
        int half = 1 << (target.depth - depth - 1);
        int first = (target.slot(hash) & -(2 * half)) + half;
        for (int i = first; i < first + half; i++) {
            PAGE_NUMBER.setRelease(target.pages, i, other);
        }
        directory = target;
    }

    /** Writes the checksums of all pages that may have changed. */
    void seal() {
        for (int page = 0; page < pages; page++) {
            if (page >= checked.length() || checked.get(page) != 0) {
                INT.set(chunk(page), at(page) + CRC_AT, crc(page));
            }
        }
    }

    private int crc(int page) {
        byte[] bytes = new byte[PAGE_BYTES];
        chunk(page).get(at(page), bytes);
        Arrays.fill(bytes, CRC_AT, DEPTH_AT, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(secret);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            crc.update(page >>> shift);
        }
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
