package dev.pando.store;

import dev.pando.PandoException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a map: records one after the other in a mapped file, each in a slot of one of the {@link SizeClasses}.
 * Integers are little-endian, slots begin at multiples of 16.
 *
 * <pre>
 * "PANDO MAP HEAP 1" (16), then slots
 * slot   sequence (4) | CRC-32C of key, value and the next 8 bytes (4)
 *        | key length (2) | size class (1) | kind (1) | value length (4) | key | value | unused
 * kind   1 an entry
 *        2 an entry with a large value: the value here is its length (4) and the positions of its parts (8 each)
 *        3 a part of a large value, without key
 *        4 free: the value is the position of the next free slot of this class, or 0 (8)
 *        5 nothing more in this chunk
 * </pre>
 *
 * <p>The owner lets in one writer at a time. Readers hold nothing: the sequence is odd while a slot is written and another
 * one afterwards, so who copies a slot looks at it before and after. Where it is odd and nobody writes there, the file is
 * damaged.
 */
final class RecordHeap {

    static final int UNIT_LOG = 4;
    static final int HEADER_BYTES = 16;

    /** Of most processors: what one look brings near. */
    private static final int CACHE_LINE_BYTES = 64;

    static final long START = 16;

    static final int ENTRY = 1;
    static final int ENTRY_IN_PARTS = 2;
    static final int PART = 3;
    static final int FREE = 4;
    static final int END = 5;

    /** A reader that found this has to look up the position again. */
    static final byte[] CHANGED = {1};

    /** There is an entry, of another key. */
    static final byte[] OTHER_KEY = {2};

    /** There is no entry: either it has left, or the file is damaged. */
    static final byte[] NO_ENTRY = {3};

    private static final byte[] MAGIC = "PANDO MAP HEAP 1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle KEY = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle ARRAY_INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle WRITING;

    static {
        try {
            WRITING = MethodHandles.lookup().findVarHandle(RecordHeap.class, "writing", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MappedFile file;
    private final Damage damage;
    private final long[] free;
    private long end;

    /** The slot that is being written, or 0. */
    @SuppressWarnings("UnusedVariable") // By its handle.
    private volatile long writing;

    /** A record as it was copied. */
    record Copy(int kind, int sizeClass, byte[] key, byte[] value) {}

    private RecordHeap(MappedFile file, Damage damage, long end, long[] free) {
        this.file = file;
        this.damage = damage;
        this.end = end;
        this.free = free;
    }

    static RecordHeap create(MappedFile file, Damage damage) throws IOException {
        file.reserve(START);
        file.chunk(0).put(0, MAGIC);
        return new RecordHeap(file, damage, START, new long[SizeClasses.COUNT]);
    }

    /** @param free first free slots by class, as {@link #free()} told them */
    static RecordHeap open(MappedFile file, Damage damage, long end, long[] free) {
        return new RecordHeap(file, damage, end, free.clone());
    }

    MappedFile file() {
        return file;
    }

    long end() {
        return end;
    }

    long[] free() {
        return free.clone();
    }

    /** A slot of this class that nobody else uses, free or fresh. Writer only. */
    long allocate(int sizeClass) throws IOException {
        long reused = free[sizeClass];
        if (reused != 0) {
            Copy slot = copy(reused);
            if (slot.kind != FREE || slot.sizeClass != sizeClass || slot.value.length != Long.BYTES) {
                throw damaged(reused, "it should be free");
            }
            free[sizeClass] = (long) KEY.get(slot.value, 0);
            return reused;
        }
        int bytes = SizeClasses.bytes(sizeClass);
        long chunkEnd = MappedFile.chunkEnd(end);
        if (end + bytes > chunkEnd) {
            file.reserve(chunkEnd + 1);
            if (end < chunkEnd) {
                write(end, 0, END, NOTHING, NOTHING, 0, 0);
            }
            end = chunkEnd;
        }
        file.reserve(end + bytes);
        long fresh = end;
        end += bytes;
        return fresh;
    }

    /** Fills a slot. Writer only. */
    void write(long position, int sizeClass, int kind, byte[] key, byte[] value, int offset, int length) {
        ByteBuffer chunk = file.chunk(position);
        int at = MappedFile.offset(position);
        long header = key.length | (long) sizeClass << 16 | (long) kind << 24 | (long) length << 32;
        int crc = crc(key, value, offset, length, header);
        int sequence = (int) INT.get(chunk, at) | 1;
        WRITING.setRelease(this, position);
        INT.setRelease(chunk, at, sequence);
        VarHandle.releaseFence();
        INT.set(chunk, at + 4, crc);
        LONG.set(chunk, at + 8, header);
        chunk.put(at + HEADER_BYTES, key);
        chunk.put(at + HEADER_BYTES + key.length, value, offset, length);
        INT.setRelease(chunk, at, sequence + 1);
        WRITING.setRelease(this, 0L);
    }

    /** Gives a slot back. Writer only, when no index names it any more. */
    void release(long position, int sizeClass) {
        byte[] next = new byte[Long.BYTES];
        KEY.set(next, 0, free[sizeClass]);
        write(position, sizeClass, FREE, NOTHING, next, 0, next.length);
        free[sizeClass] = position;
    }

    /**
     * The value of the entry in a slot if it has this key, else {@link #OTHER_KEY} or {@link #CHANGED}. Any thread.
     *
     * @throws PandoException CORRUPT
     */
    byte[] read(long position, byte[] key) {
        checkPosition(position);
        ByteBuffer chunk = file.chunk(position);
        int at = MappedFile.offset(position);
        int sequence = (int) INT.getAcquire(chunk, at);
        if ((sequence & 1) != 0) {
            return odd(chunk, at, position, sequence);
        }
        int crc = (int) INT.get(chunk, at + 4);
        long header = (long) LONG.get(chunk, at + 8);
        int kind = kind(header);
        if (isSound(position, header)
                && kind <= ENTRY_IN_PARTS
                && keyLength(header) == key.length
                && hasKey(chunk, at + HEADER_BYTES, key)) {
            byte[] value = new byte[valueLength(header)];
            chunk.get(at + HEADER_BYTES + key.length, value);
            if (hasChanged(chunk, at, sequence)) {
                return CHANGED;
            }
            if (crc(key, value, 0, value.length, header) != crc) {
                throw damaged(position, "wrong checksum");
            }
            return kind == ENTRY ? value : assemble(chunk, at, sequence, position, value);
        }
        return other(copyIfUnchanged(chunk, at, sequence, position));
    }

    private byte[] assemble(ByteBuffer chunk, int at, int sequence, long position, byte[] parts) {
        byte[] value = LargeValues.assemble(this, parts);
        if (hasChanged(chunk, at, sequence)) {
            return CHANGED;
        }
        if (value == null) {
            throw damaged(position, "not all of its parts are there");
        }
        return value;
    }

    private static byte[] other(@Nullable Copy copy) {
        return copy == null ? CHANGED : copy.kind <= ENTRY_IN_PARTS ? OTHER_KEY : NO_ENTRY;
    }

    /** Has the beginning of a slot brought near, wherever the position comes from; what it returns says nothing. */
    int fetch(long position) {
        if (!isPosition(position)) {
            return 0;
        }
        ByteBuffer chunk = file.chunk(position);
        int at = MappedFile.offset(position);
        int further = Math.min(at + CACHE_LINE_BYTES, chunk.capacity() - Integer.BYTES);
        return (int) INT.get(chunk, at) + (int) INT.get(chunk, further);
    }

    /** Like {@link #read}, and the value is empty. */
    byte[] probe(long position, byte[] key) {
        checkPosition(position);
        ByteBuffer chunk = file.chunk(position);
        int at = MappedFile.offset(position);
        int sequence = (int) INT.getAcquire(chunk, at);
        if ((sequence & 1) != 0) {
            return odd(chunk, at, position, sequence);
        }
        long header = (long) LONG.get(chunk, at + 8);
        if (isSound(position, header)
                && kind(header) <= ENTRY_IN_PARTS
                && keyLength(header) == key.length
                && hasKey(chunk, at + HEADER_BYTES, key)) {
            return hasChanged(chunk, at, sequence) ? CHANGED : NOTHING;
        }
        return other(copyIfUnchanged(chunk, at, sequence, position));
    }

    private byte[] odd(ByteBuffer chunk, int at, long position, int sequence) {
        if (writing != position && (int) INT.getVolatile(chunk, at) == sequence) {
            throw damaged(position, "half written");
        }
        Thread.onSpinWait();
        return CHANGED;
    }

    /** A slot that nobody writes meanwhile. Writer only. */
    Copy copy(long position) {
        checkPosition(position);
        ByteBuffer chunk = file.chunk(position);
        int at = MappedFile.offset(position);
        int sequence = (int) INT.getAcquire(chunk, at);
        Copy copy = (sequence & 1) == 0 ? copyIfUnchanged(chunk, at, sequence, position) : null;
        if (copy == null) {
            throw damaged(position, "half written");
        }
        return copy;
    }

    private @Nullable Copy copyIfUnchanged(ByteBuffer chunk, int at, int sequence, long position) {
        Copy copy = copy(chunk, at, position);
        if (hasChanged(chunk, at, sequence)) {
            return null;
        }
        if (copy == null) {
            throw damaged(position, "wrong checksum");
        }
        return copy;
    }

    /** A part of a large value; null when there is none, or it is damaged, or it is just being written. Any thread. */
    byte @Nullable [] part(long position) {
        if (!isPosition(position)) {
            return null;
        }
        Copy copy = copy(file.chunk(position), MappedFile.offset(position), position);
        return copy != null && copy.kind == PART ? copy.value : null;
    }

    private static @Nullable Copy copy(ByteBuffer chunk, int at, long position) {
        int crc = (int) INT.get(chunk, at + 4);
        long header = (long) LONG.get(chunk, at + 8);
        if (!isSound(position, header)) {
            return null;
        }
        byte[] key = new byte[keyLength(header)];
        byte[] value = new byte[valueLength(header)];
        chunk.get(at + HEADER_BYTES, key);
        chunk.get(at + HEADER_BYTES + key.length, value);
        return crc(key, value, 0, value.length, header) == crc
                ? new Copy(kind(header), sizeClass(header), key, value)
                : null;
    }

    /** Copies from a position to where it ends, or as much as there is room for, inside one chunk. Nobody writes meanwhile. */
    int copyTo(long position, long stop, byte[] target) {
        checkPosition(position);
        int length = (int) Math.min(stop - position, target.length);
        file.chunk(position).get(MappedFile.offset(position), target, 0, length);
        return length;
    }

    /**
     * Checks a slot that was copied to {@code bytes}, from {@code from} on.
     *
     * @param to where what was copied ends
     * @return its lengths, class and kind; 0 when not all of it was copied
     */
    long check(byte[] bytes, int from, int to, long position, CRC32C crc) {
        if (to - from < HEADER_BYTES) {
            return 0;
        }
        long header = (long) KEY.get(bytes, from + 8);
        if (((int) ARRAY_INT.get(bytes, from) & 1) != 0) {
            throw damaged(position, "half written");
        }
        if (!isSound(position, header)) {
            throw damaged(position, "wrong checksum");
        }
        int content = keyLength(header) + valueLength(header);
        if (to - from - HEADER_BYTES < content) {
            return 0;
        }
        crc.reset();
        crc.update(bytes, from + HEADER_BYTES, content);
        crc.update(bytes, from + 8, Long.BYTES);
        if ((int) crc.getValue() != (int) ARRAY_INT.get(bytes, from + 4)) {
            throw damaged(position, "wrong checksum");
        }
        return header;
    }

    /** The header of a slot that was checked. */
    static long header(byte[] bytes, int from) {
        return (long) KEY.get(bytes, from + 8);
    }

    private static boolean hasChanged(ByteBuffer chunk, int at, int sequence) {
        VarHandle.acquireFence();
        return (int) INT.getOpaque(chunk, at) != sequence;
    }

    /** Whether lengths and class can be what they are. */
    private static boolean isSound(long position, long header) {
        int sizeClass = sizeClass(header);
        int kind = kind(header);
        if (kind == END) {
            return header == (long) END << 24;
        }
        if (kind < ENTRY || kind > END || sizeClass >= SizeClasses.COUNT) {
            return false;
        }
        int bytes = SizeClasses.bytes(sizeClass);
        int value = valueLength(header);
        return value >= 0
                && value <= SizeClasses.SLOT_BYTES_MAX
                && HEADER_BYTES + keyLength(header) + value <= bytes
                && position + bytes <= MappedFile.chunkEnd(position);
    }

    private void checkPosition(long position) {
        if (!isPosition(position)) {
            throw damaged(position, "there can be none");
        }
    }

    private boolean isPosition(long position) {
        return position >= START && (position & (START - 1)) == 0 && position < file.size();
    }

    static int keyLength(long header) {
        return (int) header & 0xffff;
    }

    static int sizeClass(long header) {
        return (int) (header >>> 16) & 0xff;
    }

    static int kind(long header) {
        return (int) (header >>> 24) & 0xff;
    }

    static int valueLength(long header) {
        return (int) (header >>> 32);
    }

    private static boolean hasKey(ByteBuffer chunk, int at, byte[] key) {
        int whole = key.length & -Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) {
            if ((long) LONG.get(chunk, at + i) != (long) KEY.get(key, i)) {
                return false;
            }
        }
        for (int i = whole; i < key.length; i++) {
            if (chunk.get(at + i) != key[i]) {
                return false;
            }
        }
        return true;
    }

    private static int crc(byte[] key, byte[] value, int offset, int length, long header) {
        CRC32C crc = new CRC32C();
        crc.update(key, 0, key.length);
        crc.update(value, offset, length);
        for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
            crc.update((int) (header >>> shift));
        }
        return (int) crc.getValue();
    }

    private PandoException damaged(long position, String why) {
        return damage.at("the slot at " + position + ": " + why);
    }
}
