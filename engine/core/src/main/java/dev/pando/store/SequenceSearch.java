package dev.pando.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the transactions that hold given places of the log: one way through it, with leaps where that is shorter. */
final class SequenceSearch {

    private final Segments segments;
    private final SequenceIndex sequences;
    private final long end;

    SequenceSearch(Segments segments, SequenceIndex sequences, long end) {
        this.segments = segments;
        this.sequences = sequences;
        this.end = end;
    }

    /** Ascending, each once, of ascending positions that are before the end. */
    List<Long> of(long[] positions) throws IOException {
        var found = new ArrayList<Long>();
        TransactionReader reader = null;
        for (long position : positions) {
            if (reader != null && reader.end().position() > position) {
                continue; // in the transaction that was found last
            }
            reader = nearer(reader, position);
            while (reader.end().position() <= position) {
                if (!reader.skip()) {
                    throw Store.damaged(reader);
                }
                sequences.add(reader);
            }
            found.add(reader.end().sequence());
        }
        return found;
    }

    private TransactionReader nearer(@Nullable TransactionReader reader, long position) throws IOException {
        LogEnd known = sequences.atOrBefore(position);
        return reader != null && reader.end().position() >= known.position()
                ? reader
                : new TransactionReader(segments, known, end);
    }
}
