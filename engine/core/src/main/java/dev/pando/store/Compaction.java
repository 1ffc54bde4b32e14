package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.ipld.Cid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Takes unused blocks out of the log. First one way through it finds which segments it pays to write anew, and which blocks
 * later transactions refer to. Then these segments are written aside, the last first, so that nothing ever refers to a
 * block that is gone, and each is renamed into its place: a crash finds the old file or the new one.
 */
final class Compaction {

    /** A segment is written anew when that saves this part of it. */
    private static final int WORTH = 16;

    /** Entries of the index that are changed while the writer waits. */
    private static final int SLICE = 512;

    private final Disk disk;
    private final Segments segments;
    private final BlockIndex index;
    private final BlockReader reader;
    private final SequenceIndex sequences;
    private final ReentrantLock writing;
    private final Lock places;
    private final Retention retention;
    private final Set<Cid> referredMeanwhile;
    private final Consumer<PandoException> giveUp;

    private final CidFilter referred = new CidFilter();
    private final TreeSet<Integer> worthwhile = new TreeSet<>(Collections.reverseOrder());
    private int written;
    private long blocks;
    private long bytesBefore;
    private long bytesAfter;

    Compaction(
            Disk disk,
            Segments segments,
            BlockIndex index,
            BlockReader reader,
            SequenceIndex sequences,
            ReentrantLock writing,
            Lock places,
            Retention retention,
            Set<Cid> referredMeanwhile,
            Consumer<PandoException> giveUp) {
        this.disk = disk;
        this.segments = segments;
        this.index = index;
        this.reader = reader;
        this.sequences = sequences;
        this.writing = writing;
        this.places = places;
        this.retention = retention;
        this.referredMeanwhile = referredMeanwhile;
        this.giveUp = giveUp;
    }

    /**
     * @param end of the log that is durable
     * @param seal ends the last segment
     * @param forgetCheckpoint called when the checkpoint is gone
     */
    CompactionReport run(LogEnd end, Runnable seal, Runnable forgetCheckpoint) throws IOException {
        survey(end);
        if (worthwhile.contains(segments.last().number())) {
            seal.run();
        }
        /* Also when the writer has ended it meanwhile: a place that waits would go over the one that is put here. */
        index.settle();
        for (int number : worthwhile) {
            rewrite(number, forgetCheckpoint);
        }
        return new CompactionReport(written, blocks, bytesBefore, bytesAfter);
    }

    // ---- what there is

    private void survey(LogEnd end) throws IOException {
        var log = new TransactionReader(segments, segments.first().startEnd(), end.position());
        int number = 1;
        long gain = 0;
        List<Cid> used = new ArrayList<>();
        List<Cid> all = new ArrayList<>();
        while (log.end().sequence() < end.sequence()) {
            if (!log.next()) {
                throw Store.damaged(log);
            }
            if (log.segment().number() != number) {
                surveyed(number, gain, used, all);
                number = log.segment().number();
                gain = 0;
                used.clear();
                all.clear();
            }
            var transaction = StoredTransaction.of(log, reader);
            Set<Cid> unused = transaction.unused(retention);
            for (int at : transaction.elsewhere()) {
                Cid cid = transaction.blocks().get(at).cid();
                all.add(cid);
                if (!unused.contains(cid)) {
                    used.add(cid);
                }
            }
            gain += transaction.storedBytes(unused);
        }
        surveyed(number, gain, used, all);
    }

    private void surveyed(int number, long gain, List<Cid> used, List<Cid> all) throws IOException {
        boolean pays = gain > 0 && gain * WORTH >= segments.get(number).file().size();
        if (pays) {
            worthwhile.add(number);
        }
        (pays ? used : all).forEach(referred::add);
    }

    // ---- one segment

    private void rewrite(int number, Runnable forgetCheckpoint) throws IOException {
        while (true) {
            Segments.Segment segment = segments.get(number);
            var writer = new SegmentRewriter(disk, segments, segment, reader, retention, this::isReferred);
            try {
                writer.write();
            } catch (IOException | RuntimeException e) {
                discard(number, e);
                throw e;
            }
            if (!writer.isChanged()) {
                disk.delete(Segments.name(number) + Segments.ASIDE);
                return; // All that is unused in it is referred to by what stays.
            }
            /* One that came again while an earlier compaction was under way, which a crash ended, stands twice. */
            writer.dropped().removeIf(cid -> isIndexedElsewhere(cid, number));
            if (written == 0) {
                /* It has places that will be others. */
                disk.delete(Checkpoint.NAME);
                disk.syncDirectory("");
                forgetCheckpoint.run();
            }
            if (put(number, writer)) {
                written++;
                blocks += writer.dropped().size();
                bytesBefore += writer.bytesBefore();
                bytesAfter += writer.bytesAfter();
                return;
            }
            /* A transaction that came meanwhile refers to one of them. */
        }
    }

    private boolean isReferred(Cid cid) {
        return referred.mayContain(cid) || referredMeanwhile.contains(cid);
    }

    private boolean isIndexedElsewhere(Cid cid, int number) {
        BlockIndex.Place place = index.find(cid);
        return place != null && LogPosition.segment(place.position()) != number;
    }

    private void discard(int number, Exception cause) {
        try {
            disk.delete(Segments.name(number) + Segments.ASIDE);
        } catch (IOException e) {
            cause.addSuppressed(e); // The next start deletes it.
        }
    }

    /** Puts the new file into its place; false when something of what it lacks is wanted again. */
    private boolean put(int number, SegmentRewriter made) {
        places.lock();
        try {
            return drop(made) && replace(number, made);
        } finally {
            places.unlock();
        }
    }

    private boolean drop(SegmentRewriter made) {
        writing.lock();
        try {
            if (!Collections.disjoint(made.dropped(), referredMeanwhile)) {
                return false;
            }
            segments.replacing();
            index.drop(made.dropped());
            return true;
        } finally {
            writing.unlock();
        }
    }

    private boolean replace(int number, SegmentRewriter made) {
        try {
            segments.replace(number);
            sequences.forgetSegment(number);
            made.moved().forEach(moved -> index.put(moved.cid(), moved.position(), moved.length()));
            forget(new ArrayList<>(made.dropped()));
            segments.moved(number);
            return true;
        } catch (IOException | RuntimeException | Error e) {
            /* The disk may have the one file and the index the places of the other: only the next open brings them together. */
            var error = new PandoException(
                    e instanceof PandoException known
                            ? known.kind()
                            : e instanceof IOException ? Kind.IO_ERROR : Kind.INTERNAL,
                    "compacting " + Segments.name(number) + " failed: " + e.getMessage(),
                    e);
            giveUp.accept(error);
            throw error;
        }
    }

    private void forget(List<Cid> dropped) {
        for (int from = 0; from < dropped.size(); from += SLICE) {
            writing.lock();
            try {
                dropped.subList(from, Math.min(from + SLICE, dropped.size())).forEach(index::remove);
            } finally {
                writing.unlock();
            }
        }
    }
}
