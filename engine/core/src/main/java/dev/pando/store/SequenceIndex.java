package dev.pando.store;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    /** The end of a transaction at or before {@code position}, as near as is known. */
    synchronized LogEnd atOrBefore(long position) {
        LogEnd best = segments.get(LogPosition.segment(position)).startEnd();
        for (TreeMap<Long, LogEnd> known : List.of(sparse, recent)) {
            LogEnd end = last(known, position);
            if (end != null && end.position() > best.position()) {
                best = end;
            }
        }
        return best;
    }

    /** Positions grow with sequences: a search by halves over the sequences. */
    private static @Nullable LogEnd last(TreeMap<Long, LogEnd> known, long position) {
        if (known.isEmpty()) {
            return null;
        }
        long low = known.firstKey();
        long high = known.lastKey();
        LogEnd best = null;
        while (low <= high) {
            Map.Entry<Long, LogEnd> middle = known.floorEntry((low + high) >>> 1);
            LogEnd end = middle == null ? null : middle.getValue();
            if (end != null && end.position() <= position) {
                best = best == null || end.sequence() > best.sequence() ? end : best;
                low = ((low + high) >>> 1) + 1;
            } else {
                high = ((low + high) >>> 1) - 1;
            }
        }
        return best;
    }

    /** As {@link #add(LogEnd)}, unless the end is one in a file that was replaced since. */
    synchronized void add(TransactionReader reader) {
        if (isPresent(reader.segment())) {
            add(reader.end());
        }
    }

    private boolean isPresent(Segments.Segment segment) {
        return segments.get(segment.number()).file() == segment.file();
    }

    /** Forgets places in a segment whose file was replaced. */
    synchronized void forgetSegment(int number) {
        for (TreeMap<Long, LogEnd> known : List.of(sparse, recent)) {
            known.values().removeIf(end -> LogPosition.segment(end.position()) == number);
        }
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

    /** Transactions behind this one are not in the log any more. */
    synchronized void forgetAfter(long sequence) {
        sparse.tailMap(sequence, false).clear();
    }

    /** Takes note of where a scan ended. */
    synchronized void remember(TransactionReader reader) {
        if (!isPresent(reader.segment())) {
            return;
        }
        LogEnd end = reader.end();
        recent.put(end.sequence(), end);
        if (recent.size() > RECENT_MAX) {
            recent.pollFirstEntry();
        }
    }
}
