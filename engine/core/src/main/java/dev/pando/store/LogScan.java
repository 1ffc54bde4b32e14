package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One way through the durable log. When compaction replaces a file that it is in, it goes on in the new one. For one
 * thread.
 */
final class LogScan {

    private final Segments segments;
    private final SequenceIndex sequences;
    private final BlockReader reader;
    private final Lock places;
    private final Supplier<LogEnd> durable;

    private long next;
    private final long until;
    private int replaced;
    private @Nullable TransactionReader transactions;

    LogScan(
            Segments segments,
            SequenceIndex sequences,
            BlockReader reader,
            Lock places,
            Supplier<LogEnd> durable,
            long fromSequence) {
        this.segments = segments;
        this.sequences = sequences;
        this.reader = reader;
        this.places = places;
        this.durable = durable;
        this.next = fromSequence;
        this.until = durable.get().sequence();
    }

    void run(LogVisitor visitor) {
        long reading = segments.readers().enter();
        try {
            while (next <= until) {
                List<Block> blocks = read();
                if (blocks == null) {
                    continue;
                }
                next++;
                if (!visitor.visit(next - 1, blocks)) {
                    break;
                }
            }
            TransactionReader last = transactions;
            if (last != null) {
                sequences.remember(last);
            }
        } finally {
            leave(reading);
        }
    }

    private void leave(long reading) {
        try {
            segments.readers().leave(reading);
        } catch (IOException e) {
            throw StoreErrors.io("closing a segment", e);
        }
    }

    /** The next transaction; null when that must be tried again. */
    private @Nullable List<Block> read() {
        try {
            TransactionReader from = transactions;
            return transaction(from == null ? begin() : from);
        } catch (IOException | DecodeException | PandoException e) {
            if (replaced != segments.replaced()) {
                transactions = null; // What it went by is not there any more.
                return null;
            }
            throw error(e);
        }
    }

    private static RuntimeException error(Exception e) {
        if (e instanceof IOException io) {
            return StoreErrors.io("reading the log", io);
        }
        return e instanceof PandoException known
                ? known
                : StoreErrors.corrupt("the log is damaged: " + e.getMessage(), e);
    }

    private TransactionReader begin() throws IOException {
        places.lock();
        try {
            replaced = segments.replaced();
            var begun = new TransactionReader(
                    segments, sequences.before(Math.max(1, next)), durable.get().position());
            transactions = begun;
            return begun;
        } finally {
            places.unlock();
        }
    }

    private List<Block> transaction(TransactionReader from) throws IOException {
        while (from.end().sequence() + 1 < next) {
            if (!from.skip()) {
                throw Store.damaged(from);
            }
            sequences.add(from);
        }
        if (!from.next()) {
            throw Store.damaged(from);
        }
        sequences.add(from);
        next = Math.max(next, from.end().sequence());
        List<Block> stored = new ArrayList<>(from.blocks().size());
        from.blocks().forEach(block -> stored.add(block.block()));
        return References.expand(stored, reader::require);
    }
}
