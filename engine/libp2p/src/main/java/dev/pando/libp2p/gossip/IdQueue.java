package dev.pando.libp2p.gossip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.NoSuchElementException;

/**
 * Ids of messages in the order they came, each with a number. They lie in arrays of numbers: as objects, a hundred
 * thousand that are replaced every second or two cost the garbage collector more than gossip does all else. What is put
 * behind the others without a look for it is entered into the index when something is looked for next: of an index of
 * megabytes each place is a wait for memory. Grows and shrinks with what it holds. Not thread-safe.
 */
final class IdQueue {
    /** Is the number of no id. */
    static final long ABSENT = Long.MIN_VALUE;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WORDS = MessageId.KEY_BYTES / Long.BYTES;
    private static final int CAPACITY_MIN = 16;
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    /* A ring: the oldest is at first. */
    private long[] words = {};
    private long[] numbers = {};
    private int first;
    private int size;

    /* Open addressing with linear probing, at most half full: a hash, and behind it 1 and a place in the ring; or 0 where
    nothing is. With the hash here the ring, which is large, is looked at for ids that are there only. */
    private long[] table = {};

    /** How many, from the oldest on, are in the table. */
    private int indexed;

    IdQueue() {
        resize(CAPACITY_MIN);
    }

    int size() {
        return size;
    }

    boolean contains(MessageId id) {
        return number(id) != ABSENT;
    }

    /** The number of an id, the last one where it was put several times, or {@link #ABSENT}. */
    long number(MessageId id) {
        index();
        byte[] key = id.key();
        long entry = table[slotOf(word(key, 0), word(key, 1), word(key, 2), word(key, 3))];
        return entry == 0 ? ABSENT : numbers[place(entry)];
    }

    /** Puts an id behind the others, whether or not it is there already. */
    void put(MessageId id, long number) {
        if (size == numbers.length) {
            resize(2 * size);
        }
        byte[] key = id.key();
        int place = (first + size++) & (numbers.length - 1);
        for (int i = 0; i < WORDS; i++) {
            words[place * WORDS + i] = word(key, i);
        }
        numbers[place] = number;
    }

    /** The number of the id before which {@code index} others came. */
    long numberAt(int index) {
        if (index < 0 || index >= size) {
            throw new NoSuchElementException(index + " of " + size);
        }
        return numbers[(first + index) & (numbers.length - 1)];
    }

    void removeOldest() {
        if (size == 0) {
            throw new NoSuchElementException();
        }
        if (indexed > 0) {
            indexed--;
            long entry = entry(hash(words[first * WORDS]), first);
            int slot = home(entry);
            while (table[slot] != 0 && table[slot] != entry) {
                slot = (slot + 1) & (table.length - 1);
            }
            free(slot); // or nothing: the same id came again
        }
        first = (first + 1) & (numbers.length - 1);
        size--;
        if (numbers.length > CAPACITY_MIN && size < numbers.length / 8) {
            resize(numbers.length / 2);
        }
    }

    /* What stands behind the slot and could not be found any more, moves up. */
    private void free(int slot) {
        int mask = table.length - 1;
        int gap = slot;
        for (int next = (gap + 1) & mask; table[gap] != 0 && table[next] != 0; next = (next + 1) & mask) {
            int wanted = home(table[next]);
            if (((next - wanted) & mask) >= ((next - gap) & mask)) {
                table[gap] = table[next];
                gap = next;
            }
        }
        table[gap] = 0;
    }

    private void index() {
        for (; indexed < size; indexed++) {
            int place = (first + indexed) & (numbers.length - 1);
            int at = place * WORDS;
            table[slotOf(words[at], words[at + 1], words[at + 2], words[at + 3])] = entry(hash(words[at]), place);
        }
    }

    private static long word(byte[] key, int i) {
        return (long) LONGS.get(key, i * Long.BYTES);
    }

    private static long hash(long word) {
        return word * SPREAD >>> 32;
    }

    private static long entry(long hash, int place) {
        return hash << 32 | (place + 1);
    }

    private static int place(long entry) {
        return (int) entry - 1;
    }

    private int home(long entry) {
        return (int) (entry >>> 32) & (table.length - 1);
    }

    /* Where the id of these words is, or would be. */
    private int slotOf(long a, long b, long c, long d) {
        long hash = hash(a);
        int slot = (int) hash & (table.length - 1);
        for (long entry = table[slot]; entry != 0; entry = table[slot]) {
            int at = place(entry) * WORDS;
            if (entry >>> 32 == hash
                    && words[at] == a
                    && words[at + 1] == b
                    && words[at + 2] == c
                    && words[at + 3] == d) {
                break;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private void resize(int capacity) {
        long[] newWords = new long[capacity * WORDS];
        long[] newNumbers = new long[capacity];
        for (int i = 0; i < size; i++) {
            int place = (first + i) & (numbers.length - 1);
            System.arraycopy(words, place * WORDS, newWords, i * WORDS, WORDS);
            newNumbers[i] = numbers[place];
        }
        words = newWords;
        numbers = newNumbers;
        first = 0;
        table = new long[2 * capacity];
        indexed = 0; // until something is looked for
    }
}
