package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.PandoException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Up to which sequence commits of this node may be known to others: pushed, pulled, announced, served one by one, or in a
 * backup. Whatever hands out blocks asks here first.
 *
 * <p>The durable mark is never below the truth: it is raised before anything beyond it leaves, by
 * {@value #AHEAD_COMMITS} commits at a time so that this costs a force once in as many, and set to the truth when the last
 * connection is gone and at a clean close. After a crash what was in the log then counts as known to others (docs/decisions/0013-repair-clock.md).
 */
final class Departures {

    static final String KIND = "Sent";
    static final String KEY = "last";

    /** By how many commits the mark runs ahead of what leaves; after a crash that many may be taken for sent in vain. */
    static final int AHEAD_COMMITS = 4_096;

    private static final System.Logger LOG = System.getLogger(Departures.class.getName());

    private final Locals locals;
    private final Committer committer;
    private final Withdrawals withdrawals;

    /** Nothing beyond this may leave yet. */
    private volatile long mark;

    private long left;

    /** Marks are written one after the other: a later, lower one would hold. */
    private final Turn writing;

    /**
     * @param restoredUpTo what came with a backup: the log that it is a copy of has it too, whatever the mark in it says,
     *     for the copy may have begun long after the mark was raised for it
     */
    Departures(
            Locals locals,
            Committer committer,
            Withdrawals withdrawals,
            Environment.Threads threads,
            long restoredUpTo) {
        this.writing = new Turn(threads);
        this.locals = locals;
        this.committer = committer;
        this.withdrawals = withdrawals;
        byte[] kept = locals.get(KIND, KEY);
        this.mark = kept == null ? 0 : ByteBuffer.wrap(kept).getLong();
        this.left = Math.max(restoredUpTo, Math.min(mark, committer.forcedSequence()));
    }

    /**
     * To be called before these commits of this node leave it. Waits for the disk now and then; not for the writer.
     *
     * @return false when one of them is being withdrawn: then none may leave
     */
    boolean leave(Collection<Long> sequences) {
        if (sequences.isEmpty()) {
            return true;
        }
        long last = Collections.max(sequences);
        while (true) {
            raise(last);
            synchronized (this) {
                if (last > mark) {
                    continue; // it was lowered meanwhile
                }
                if (sequences.stream().anyMatch(withdrawals::contains)) {
                    return false;
                }
                left = Math.max(left, last);
                return true;
            }
        }
    }

    /** As {@link #leave}, of all commits up to {@code last}. */
    void leaveAll(long last) {
        while (true) {
            raise(last);
            synchronized (this) {
                if (last <= mark) {
                    left = Math.max(left, last);
                    return;
                }
            }
        }
    }

    /** Runs {@code plan} with the last sequence that may be known to others; nothing leaves meanwhile. */
    synchronized void decide(LongConsumer plan) {
        plan.accept(left);
    }

    /** Lowers the mark to the truth: when nobody is connected, and at a close. */
    void lower() {
        writing.take(() -> {
            long to;
            synchronized (this) {
                to = left;
                if (mark <= to || committer.broken() != null) {
                    return;
                }
                mark = to; // before it is written: from now on who wants to leave raises it first
            }
            write(to);
        });
    }

    /** As {@link #lower}; where that fails more counts as sent than was. */
    void tryLower() {
        try {
            lower();
        } catch (PandoException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "the mark of what has left stays too high: " + e.getMessage());
        }
    }

    private void raise(long last) {
        if (last > mark) {
            writing.take(() -> {
                if (last > mark) {
                    write(last + AHEAD_COMMITS);
                }
                return mark;
            });
        }
    }

    private void write(long upTo) {
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(upTo).array();
        committer.commit(
                new RecordChange(locals, List.of(new RecordChange.Put(KIND, KEY, value)), true, () -> mark = upTo));
    }
}
