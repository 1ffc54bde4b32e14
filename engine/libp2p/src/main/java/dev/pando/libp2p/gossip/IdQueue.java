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

    /* Open addressing with linear probing: a place in the ring and 1, or 0 where nothing is. At most half full. */
    private int[] table = {};

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
        int place = table[slotOf(word(key, 0), word(key, 1), word(key, 2), word(key, 3))];
        return place == 0 ? ABSENT : numbers[place - 1];
    }

    /** False, with nothing changed, when the id is there. */
    boolean add(MessageId id, long number) {
        if (contains(id)) {
            return false;
        }
        put(id, number);
        return true;
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
            int slot = home(words[first * WORDS]);
            while (table[slot] != 0 && table[slot] != first + 1) {
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
            int wanted = home(words[(table[next] - 1) * WORDS]);
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
            table[slotOf(words[at], words[at + 1], words[at + 2], words[at + 3])] = place + 1;
        }
    }

    private static long word(byte[] key, int i) {
        return (long) LONGS.get(key, i * Long.BYTES);
    }

    private int home(long word) {
        return (int) (word * SPREAD >>> 32) & (table.length - 1);
    }

    /* Where the id of these words is, or would be. */
    private int slotOf(long a, long b, long c, long d) {
        int slot = home(a);
        while (table[slot] != 0) {
            int at = (table[slot] - 1) * WORDS;
            if (words[at] == a && words[at + 1] == b && words[at + 2] == c && words[at + 3] == d) {
                return slot;
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
        table = new int[2 * capacity];
        indexed = 0; // until something is looked for
    }
}
