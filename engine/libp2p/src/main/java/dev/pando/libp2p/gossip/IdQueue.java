package dev.pando.libp2p.gossip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.NoSuchElementException;

/**
 * Ids of messages in the order they came, each with a number. They lie in arrays of numbers: as objects, a hundred
 * thousand that are replaced every second or two cost the garbage collector more than gossip does all else. Grows and
 * shrinks with what it holds. Not thread-safe.
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

    IdQueue() {
        resize(CAPACITY_MIN);
    }

    int size() {
        return size;
    }

    boolean contains(MessageId id) {
        return table[slotOf(id.key())] != 0;
    }

    /** The number of an id, or {@link #ABSENT}. */
    long number(MessageId id) {
        int place = table[slotOf(id.key())];
        return place == 0 ? ABSENT : numbers[place - 1];
    }

    /** False, with nothing changed, when the id is there. */
    boolean add(MessageId id, long number) {
        byte[] key = id.key();
        int slot = slotOf(key);
        if (table[slot] != 0) {
            return false;
        }
        if (size == numbers.length) {
            resize(2 * size);
            slot = slotOf(key);
        }
        int place = (first + size++) & (numbers.length - 1);
        for (int i = 0; i < WORDS; i++) {
            words[place * WORDS + i] = word(key, i);
        }
        numbers[place] = number;
        table[slot] = place + 1;
        return true;
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
        int slot = home(words[first * WORDS]);
        while (table[slot] != first + 1) {
            slot = (slot + 1) & (table.length - 1);
        }
        free(slot);
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
        for (int next = (gap + 1) & mask; table[next] != 0; next = (next + 1) & mask) {
            int wanted = home(words[(table[next] - 1) * WORDS]);
            if (((next - wanted) & mask) >= ((next - gap) & mask)) {
                table[gap] = table[next];
                gap = next;
            }
        }
        table[gap] = 0;
    }

    private static long word(byte[] key, int i) {
        return (long) LONGS.get(key, i * Long.BYTES);
    }

    private int home(long word) {
        return (int) (word * SPREAD >>> 32) & (table.length - 1);
    }

    /* Where the key is, or would be. */
    private int slotOf(byte[] key) {
        int slot = home(word(key, 0));
        while (table[slot] != 0 && !isAt(table[slot] - 1, key)) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }

    private boolean isAt(int place, byte[] key) {
        for (int i = 0; i < WORDS; i++) {
            if (words[place * WORDS + i] != word(key, i)) {
                return false;
            }
        }
        return true;
    }

    private void resize(int capacity) {
        long[] newWords = new long[capacity * WORDS];
        long[] newNumbers = new long[capacity];
        table = new int[2 * capacity];
        for (int i = 0; i < size; i++) {
            int place = (first + i) & (numbers.length - 1);
            System.arraycopy(words, place * WORDS, newWords, i * WORDS, WORDS);
            newNumbers[i] = numbers[place];
            int slot = home(newWords[i * WORDS]);
            while (table[slot] != 0) {
                slot = (slot + 1) & (table.length - 1);
            }
            table[slot] = i + 1;
        }
        words = newWords;
        numbers = newNumbers;
        first = 0;
    }
}
