package dev.pando.store;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Where transactions stand, sparsely: from there a reader goes on. Any thread. */
final class SequenceIndex {

    /** Log between two entries. */
    private static final long STEP_BYTES = 1 << 20;

    /** Ends of scans, so that the next one goes on at once; the oldest is forgotten. */
    private static final int RECENT_MAX = 64;

    private final Segments segments;
    private final TreeMap<Long, LogEnd> sparse = new TreeMap<>();
    private final TreeMap<Long, LogEnd> recent = new TreeMap<>();

    SequenceIndex(Segments segments) {
        this.segments = segments;
    }

    /** The end of a transaction that is before {@code sequence}, as near as is known. */
    synchronized LogEnd before(long sequence) {
        LogEnd best = segments.holding(sequence).startEnd();
        for (TreeMap<Long, LogEnd> known : List.of(sparse, recent)) {
            Map.Entry<Long, LogEnd> entry = known.lowerEntry(sequence);
            if (entry != null && entry.getKey() > best.sequence()) {
                best = entry.getValue();
            }
        }
        return best;
    }

    /** Takes note of the end of a transaction when it is far from all that are known. */
    synchronized void add(LogEnd end) {
        Map.Entry<Long, LogEnd> near = sparse.floorEntry(end.sequence());
        Map.Entry<Long, LogEnd> after = sparse.ceilingEntry(end.sequence());
        if ((near == null || far(near.getValue(), end)) && (after == null || far(end, after.getValue()))) {
            sparse.put(end.sequence(), end);
        }
    }

    private static boolean far(LogEnd a, LogEnd b) {
        return LogPosition.segment(a.position()) != LogPosition.segment(b.position())
                || b.position() - a.position() >= STEP_BYTES;
    }

    /** Takes note of where a scan ended. */
    synchronized void remember(LogEnd end) {
        recent.put(end.sequence(), end);
        if (recent.size() > RECENT_MAX) {
            recent.pollFirstEntry();
        }
    }
}
