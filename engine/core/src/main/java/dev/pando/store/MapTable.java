package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a derived map in two mapped files: slots in a {@link RecordHeap}, found by a {@link HashIndex}.
 *
 * <p>Writers take turns under the lock of this object, and so do walks for some slots at a time. Readers hold nothing:
 * what they found in the index is the key's slot if the index says so still after the slot was copied.
 */
final class MapTable {

    /** An entry stays in a slot that is larger than it needs, if not more often than this. */
    private static final int LARGER_MAX = 2;

    private static final long NOWHERE = -1;

    /** A sum of looks that {@link #getAll} asks for, so that the compiler does not leave the looks out. */
    private static final int UNLIKELY = 0x5A17_C0DE;

    private final SipHash hash;
    private final byte[] secret;
    private final RecordHeap heap;
    private final HashIndex index;
    private final Damage damage;

    /** Guarded by this, as all below but the volatile ones. */
    private final List<HeapWalk> walks = new ArrayList<>();

    private volatile long size;
    private volatile boolean closed;
    private volatile @Nullable PandoException failure;

    MapTable(byte[] secret, RecordHeap heap, HashIndex index, long size, Damage damage) {
        this.secret = secret;
        this.hash = new SipHash(secret);
        this.heap = heap;
        this.index = index;
        this.size = size;
        this.damage = damage;
    }

    RecordHeap heap() {
        return heap;
    }

    long size() {
        return size;
    }

    byte @Nullable [] get(byte[] key) {
        return find(key, true);
    }

    boolean contains(byte[] key) {
        return find(key, false) != null;
    }

    /**
     * Looks at the places of all keys before it reads them: the processor fetches what does not depend on each other at
     * once, which takes as long as fetching one.
     */
    byte[] @Nullable [] getAll(byte[][] keys) {
        long[] hashes = new long[keys.length];
        long[] positions = new long[keys.length];
        checkOpen();
        HashIndex.Directory directory = index.directory();
        for (int i = 0; i < keys.length; i++) {
            hashes[i] = hash.of(keys[i]);
            int page = index.page(directory, hashes[i]);
            positions[i] = likelyPosition(index.chunk(page), HashIndex.at(page), hashes[i]);
        }
        int seen = 0;
        for (long position : positions) {
            seen += position == NOWHERE ? 0 : heap.fetch(position);
        }
        if (seen == UNLIKELY) {
            Thread.onSpinWait();
        }
        byte[] @Nullable [] values = new byte[keys.length][];
        for (int i = 0; i < keys.length; i++) {
            values[i] = find(hashes[i], keys[i], true);
        }
        return values;
    }

    /** Where the first entry of such a hash stands, if the page is not changed in this moment. */
    private static long likelyPosition(ByteBuffer chunk, int at, long keyHash) {
        int place = HashIndex.home(keyHash);
        for (int looked = 0; looked < HashIndex.PLACES; looked++) {
            long entry = HashIndex.entry(chunk, at, place);
            if (entry == 0) {
                return NOWHERE;
            }
            if (HashIndex.fits(entry, keyHash)) {
                return HashIndex.position(entry);
            }
            place = HashIndex.next(place);
        }
        return NOWHERE;
    }

    private byte @Nullable [] find(byte[] key, boolean withValue) {
        return find(hash.of(key), key, withValue);
    }

    private byte @Nullable [] find(long keyHash, byte[] key, boolean withValue) {
        while (true) {
            checkOpen();
            HashIndex.Directory directory = index.directory();
            int page = index.page(directory, keyHash);
            ByteBuffer chunk = index.chunk(page);
            int at = HashIndex.at(page);
            int version = HashIndex.version(chunk, at);
            byte[] found = find(chunk, at, keyHash, key, withValue);
            if (found != RecordHeap.CHANGED && found != null && found != RecordHeap.NO_ENTRY) {
                return found;
            }
            if (found != RecordHeap.CHANGED && index.isUnchanged(directory, keyHash, page, chunk, at, version)) {
                if (found == null) {
                    return null;
                }
                throw damage.at("an entry of the index whose slot holds none");
            }
            Thread.onSpinWait();
        }
    }

    /** Null when there is no such entry in the page, unless it has been changed meanwhile. */
    private byte @Nullable [] find(ByteBuffer chunk, int at, long keyHash, byte[] key, boolean withValue) {
        int place = HashIndex.home(keyHash);
        for (int looked = 0; looked < HashIndex.PLACES; looked++) {
            long entry = HashIndex.entry(chunk, at, place);
            if (entry == 0) {
                return null;
            }
            if (HashIndex.fits(entry, keyHash)) {
                long position = HashIndex.position(entry);
                byte[] found = withValue ? heap.read(position, key) : heap.probe(position, key);
                if (found != RecordHeap.OTHER_KEY) {
                    return found == RecordHeap.CHANGED
                                    || found == RecordHeap.NO_ENTRY
                                    || HashIndex.entry(chunk, at, place) == entry
                            ? found
                            : RecordHeap.CHANGED;
                }
            }
            place = HashIndex.next(place);
        }
        return null;
    }

    void put(byte[] key, byte[] value) throws IOException {
        long keyHash = hash.of(key);
        synchronized (this) {
            checkOpen();
            boolean large = value.length > LargeValues.INLINE_BYTES_MAX;
            byte[] stored = large ? LargeValues.write(heap, value) : value;
            int kind = large ? RecordHeap.ENTRY_IN_PARTS : RecordHeap.ENTRY;
            long place = locate(keyHash, key);
            if (place == NOWHERE) {
                index.reserve(keyHash);
                index.add(keyHash, write(kind, key, stored));
                size = size + 1;
            } else {
                replace(place, keyHash, kind, key, stored);
            }
        }
    }

    /**
     * Like {@link #put} of each, by several threads at once while nobody reads: the lock is held only to find slots and to
     * enter them into the index, and not once for each entry, as it would change hands each time.
     */
    void load(List<PageCursor.Entry> entries) throws IOException {
        long[] hashes = new long[entries.size()];
        long[] positions = new long[entries.size()];
        synchronized (this) {
            checkOpen();
            for (int i = 0; i < positions.length; i++) {
                byte[] value = entries.get(i).value();
                if (value.length <= LargeValues.INLINE_BYTES_MAX) {
                    positions[i] = heap.allocate(sizeClass(entries.get(i).key(), value));
                }
            }
        }
        for (int i = 0; i < positions.length; i++) {
            byte[] key = entries.get(i).key();
            byte[] value = entries.get(i).value();
            hashes[i] = hash.of(key);
            if (positions[i] != 0) {
                heap.write(positions[i], sizeClass(key, value), RecordHeap.ENTRY, key, value, 0, value.length);
            }
        }
        synchronized (this) {
            for (int i = 0; i < positions.length; i++) {
                byte[] key = entries.get(i).key();
                if (positions[i] == 0) {
                    put(key, entries.get(i).value());
                } else if (locate(hashes[i], key) != NOWHERE) {
                    heap.release(positions[i], sizeClass(key, entries.get(i).value()));
                    put(key, entries.get(i).value());
                } else {
                    index.reserve(hashes[i]);
                    index.add(hashes[i], positions[i]);
                    size = size + 1;
                }
            }
        }
    }

    private static int sizeClass(byte[] key, byte[] stored) {
        return SizeClasses.of(RecordHeap.HEADER_BYTES + key.length + stored.length);
    }

    private long write(int kind, byte[] key, byte[] stored) throws IOException {
        int sizeClass = sizeClass(key, stored);
        long position = heap.allocate(sizeClass);
        heap.write(position, sizeClass, kind, key, stored, 0, stored.length);
        return position;
    }

    private void replace(long place, long keyHash, int kind, byte[] key, byte[] stored) throws IOException {
        long position = positionAt(place);
        RecordHeap.Copy before = heap.copy(position);
        int room = SizeClasses.bytes(before.sizeClass());
        int needed = RecordHeap.HEADER_BYTES + key.length + stored.length;
        if (needed <= room && room <= LARGER_MAX * SizeClasses.bytes(SizeClasses.of(needed))) {
            heap.write(position, before.sizeClass(), kind, key, stored, 0, stored.length);
        } else {
            long moved = write(kind, key, stored);
            walks.forEach(walk -> walk.moved(key, position, moved));
            index.replace(page(place), inPage(place), keyHash, moved);
            heap.release(position, before.sizeClass());
        }
        releaseParts(before);
    }

    private void releaseParts(RecordHeap.Copy before) {
        if (before.kind() == RecordHeap.ENTRY_IN_PARTS) {
            LargeValues.release(heap, before.value());
        }
    }

    synchronized void remove(byte[] key) {
        checkOpen();
        long place = locate(hash.of(key), key);
        if (place == NOWHERE) {
            return;
        }
        long position = positionAt(place);
        RecordHeap.Copy before = heap.copy(position);
        walks.forEach(walk -> walk.removed(key, position));
        index.remove(page(place), inPage(place));
        size = size - 1;
        heap.release(position, before.sizeClass());
        releaseParts(before);
    }

    /** The page and place of the entry with this key. */
    private long locate(long keyHash, byte[] key) {
        int page = index.page(index.directory(), keyHash);
        ByteBuffer chunk = index.chunk(page);
        int at = HashIndex.at(page);
        int place = HashIndex.home(keyHash);
        for (int looked = 0; looked < HashIndex.PLACES; looked++) {
            long entry = HashIndex.entry(chunk, at, place);
            if (entry == 0) {
                return NOWHERE;
            }
            if (HashIndex.fits(entry, keyHash)) {
                byte[] found = heap.probe(HashIndex.position(entry), key);
                if (found == RecordHeap.NO_ENTRY || found == RecordHeap.CHANGED) {
                    throw damage.at("an entry of the index whose slot holds none");
                }
                if (found != RecordHeap.OTHER_KEY) {
                    return (long) page << HashIndex.HOME_BITS | place;
                }
            }
            place = HashIndex.next(place);
        }
        return NOWHERE;
    }

    private static int page(long place) {
        return (int) (place >>> HashIndex.HOME_BITS);
    }

    private static int inPage(long place) {
        return (int) place & ((1 << HashIndex.HOME_BITS) - 1);
    }

    private long positionAt(long place) {
        int page = page(place);
        return HashIndex.position(HashIndex.entry(index.chunk(page), HashIndex.at(page), inPage(place)));
    }

    /** @param unreadable notes that the disk failed to read a page, and makes the error for that */
    synchronized HeapWalk walk(int changesMax, Function<InternalError, PandoException> unreadable) {
        checkOpen();
        HeapWalk walk = new HeapWalk(this, heap.end(), changesMax, unreadable);
        walks.add(walk);
        return walk;
    }

    synchronized void ended(HeapWalk walk) {
        walks.remove(walk);
    }

    /** Readers are told that the store is closed; what they are just reading stays readable. */
    synchronized void end() throws IOException {
        closed = true;
        try {
            heap.file().close();
        } finally {
            index.file().close();
        }
    }

    /** Makes the files durable, ends this, and says how to open them again. */
    synchronized MapState close() throws IOException {
        index.seal();
        heap.file().force();
        index.file().force();
        end();
        return new MapState(
                secret,
                size,
                heap.file().size(),
                heap.end(),
                heap.free(),
                index.file().size(),
                index.pages(),
                index.directory());
    }

    /** After a failure of the disk under the files a change may be half done. */
    void fail(PandoException reason) {
        failure = reason;
    }

    void checkOpen() {
        PandoException failed = failure;
        if (failed != null) {
            throw failed;
        }
        if (closed) {
            throw new PandoException(Kind.CLOSED, "the store is closed");
        }
    }
}
