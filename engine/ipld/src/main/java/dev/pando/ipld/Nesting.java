package dev.pando.ipld;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The open lists and maps of one DAG-CBOR value, on the way in or out: how many items each still lacks and the last key
 * of each map. Methods that may be refused return the reason, or null when all is well. A container whose last item was
 * read stays on top until the next item begins or it is closed.
 */
final class Nesting {

    /** Deeper nesting is refused: it would only serve to exhaust the stack of whoever reads the value. */
    static final int DEPTH_MAX = 64;

    private static final int NO_KEY = -1;

    private static final int[] NONE = {};

    private int[] left = NONE; // items to come; an entry of a map counts two
    private int[] keyFrom = NONE;
    private int[] keyTo = NONE;
    private long maps; // bit i: level i is a map
    private int depth;
    private boolean begun;

    void reset() {
        depth = 0;
        begun = false;
    }

    int depth() {
        return depth;
    }

    /** Items to come in the innermost container, an entry of a map counting two until its key was read. */
    int left() {
        return left[depth - 1];
    }

    void pop() {
        depth--;
    }

    boolean inMap() {
        return depth > 0 && (maps >>> (depth - 1) & 1) != 0;
    }

    boolean atKey() {
        return inMap() && (left[depth - 1] & 1) == 0;
    }

    void closeFinished() {
        while (depth > 0 && left[depth - 1] == 0) {
            depth--;
        }
    }

    void closeFinishedLists() {
        while (depth > 0 && left[depth - 1] == 0 && !inMap()) {
            depth--;
        }
    }

    /** Counts a value that begins here. */
    @Nullable
    String value() {
        closeFinished();
        if (depth == 0) {
            if (begun) {
                return "expected the end, the value is complete";
            }
            begun = true;
            return null;
        }
        if (atKey()) {
            return "expected a map key";
        }
        left[depth - 1]--;
        return null;
    }

    /** Counts the key {@code bytes[from, to)} and checks it against the one before. */
    @Nullable
    String key(byte[] bytes, int from, int to) {
        closeFinished();
        if (!atKey()) {
            return "expected " + (depth == 0 ? "the end" : "a value") + ", not a map key";
        }
        int top = depth - 1;
        if (keyFrom[top] != NO_KEY) {
            int order = compareKeys(bytes, keyFrom[top], keyTo[top], from, to);
            if (order >= 0) {
                return order == 0 ? "map key occurs twice" : "map keys are not sorted, shorter first, then by bytes";
            }
        }
        keyFrom[top] = from;
        keyTo[top] = to;
        left[top]--;
        return null;
    }

    /** Opens a container whose beginning was counted as a value. */
    @Nullable
    String open(boolean map, int items) {
        if (depth == DEPTH_MAX) {
            return "nested deeper than " + DEPTH_MAX;
        }
        if (depth == left.length) {
            int room = Math.max(8, depth * 2); // none for a single value, of which there are many
            left = Arrays.copyOf(left, room);
            keyFrom = Arrays.copyOf(keyFrom, room);
            keyTo = Arrays.copyOf(keyTo, room);
        }
        left[depth] = map ? 2 * items : items;
        keyFrom[depth] = NO_KEY;
        long bit = 1L << depth;
        maps = map ? maps | bit : maps & ~bit;
        depth++;
        return null;
    }

    /** Checks that one whole value was read or written. */
    @Nullable
    String end() {
        closeFinished();
        if (!begun) {
            return "expected a value";
        }
        return depth == 0 ? null : "expected " + left() + " more items in the open " + (inMap() ? "map" : "list");
    }

    private static int compareKeys(byte[] bytes, int aFrom, int aTo, int bFrom, int bTo) {
        int byLength = Integer.compare(aTo - aFrom, bTo - bFrom);
        return byLength != 0 ? byLength : Arrays.compareUnsigned(bytes, aFrom, aTo, bytes, bFrom, bTo);
    }
}
