package dev.pando.engine;

import dev.pando.Replication.SyncStatus;
import dev.pando.replication.LogTail.Backlog;
import org.jspecify.annotations.Nullable;

/**
 * Where in the log the latest commits with a part in one collection lie, and when they were made: how far peers are behind
 * is asked again and again, and need not be read off the log each time. The writer adds; thread-safe.
 */
final class CommitPlaces {

    /** Commits remembered, of 16 bytes each; the oldest is forgotten. Who is farther behind is behind by as many. */
    static final int PLACES_MAX = SyncStatus.BEHIND_MAX;

    private static final int PLACES_MIN = 16;

    private long[] sequences = new long[PLACES_MIN];
    private long[] millis = new long[PLACES_MIN];
    private int first;
    private int size;

    /** All later ones are known; those up to here are in the log only. */
    private long knownAfter;

    /** @param knownAfter the log's last commit before the first that will be added */
    CommitPlaces(long knownAfter) {
        this.knownAfter = knownAfter;
    }

    synchronized void add(long sequence, long madeMillis) {
        if (size == sequences.length && size < PLACES_MAX) {
            sequences = grown(sequences);
            millis = grown(millis);
            first = 0;
        }
        if (size == PLACES_MAX) {
            first = (first + 1) % size;
            size--;
        }
        int at = (first + size++) % sequences.length;
        sequences[at] = sequence;
        millis[at] = madeMillis;
    }

    private long[] grown(long[] ring) {
        long[] more = new long[Math.min(PLACES_MAX, 2 * ring.length)];
        for (int i = 0; i < size; i++) {
            more[i] = ring[(first + i) % ring.length];
        }
        return more;
    }

    /** Those after {@code sequence}; null when the log must be asked first: {@link #fill}. */
    synchronized @Nullable Backlog after(long sequence) {
        if (sequence < knownAfter && size < PLACES_MAX) {
            return null;
        }
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sequences[(first + middle) % sequences.length] > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return new Backlog(size - low, low == size ? 0 : millis[(first + low) % sequences.length]);
    }

    /** The log's last commit of which nothing is known here. */
    synchronized long unknownTo() {
        return knownAfter;
    }

    /** Adds what the log says of the commits after {@code after}, up to {@link #unknownTo}, as far as there is room. */
    synchronized void fill(long after, CommitPlaces found) {
        if (after >= knownAfter) {
            return;
        }
        var all = new CommitPlaces(after);
        all.addAll(found, knownAfter); // Another thread may have added the latest of these meanwhile.
        all.addAll(this, Long.MAX_VALUE);
        sequences = all.sequences;
        millis = all.millis;
        first = all.first;
        size = all.size;
        knownAfter = after;
    }

    private void addAll(CommitPlaces from, long upTo) {
        for (int i = 0; i < from.size; i++) {
            int at = (from.first + i) % from.sequences.length;
            if (from.sequences[at] <= upTo) {
                add(from.sequences[at], from.millis[at]);
            }
        }
    }
}
