package dev.pando;

import java.nio.file.Path;
import java.util.List;

/** Looking after a database while it runs. Thread-safe; each method takes as long as the disk needs for the whole log. */
public interface Maintenance {

    /**
     * Reads the whole log again, hash by hash, and counts the fingerprints of all tables anew. Writers go on meanwhile.
     */
    default Report check() {
        return check(new Cancellation());
    }

    /** As {@link #check()}; ends with {@code CANCELLED} when it is cancelled. */
    Report check(Cancellation cancellation);

    /**
     * Copies the database, without its identity key, to an empty directory while writers go on; what was committed
     * before the call is in it. A node that opens the copy has an identity and a log id of its own.
     *
     * @throws PandoException {@code INVALID_ARGUMENT} when the directory is not empty, {@code IO_ERROR},
     *     {@code DISK_FULL}
     */
    default void backupTo(Path directory) {
        backupTo(directory, new Cancellation());
    }

    /** As {@link #backupTo(Path)}; when it is cancelled it leaves the directory empty, and ends with {@code CANCELLED}. */
    void backupTo(Path directory, Cancellation cancellation);

    /** Makes a checkpoint now, so that opening after a crash replays nothing of what is there. */
    void checkpoint();

    /**
     * Takes blocks out of the log that no admitted share uses: those of tables that were dropped. What readers may still
     * see stays. Writers and readers go on meanwhile. Needs room for another segment file (64 MB, more after a large
     * transaction), and ends with a checkpoint.
     *
     * @throws PandoException {@code DISK_FULL}, {@code IO_ERROR}; nothing is lost then
     */
    default Compacted compact() {
        return compact(new Cancellation());
    }

    /** As {@link #compact()}; when it is cancelled it ends with {@code CANCELLED}, and the files written anew stay so. */
    Compacted compact(Cancellation cancellation);

    /**
     * Takes commits of this node back that lie over an hour ahead of its clock and that nobody else can have yet, and
     * writes what they changed again at the present time, as one commit: to be called when a clock that ran ahead was
     * set right. A transaction that read what was taken back ends with {@code SERIALIZATION_FAILURE}. Reads the whole
     * log.
     *
     * @throws PandoException {@code NOT_SUPPORTED} when such commits may be known to others already, or build on such:
     *     the message names the peers, and the time from which they admit them. All others are repaired then;
     *     {@code LIMIT_EXCEEDED} when they changed more than one commit may, and nothing is done
     */
    ClockRepaired repairClock();

    /**
     * @param commits that were withdrawn
     * @param documents that were written again
     */
    record ClockRepaired(long commits, long documents) {}

    /**
     * @param segments files that were written anew; one that would hardly shrink is left as it is
     * @param blocks that were dropped
     * @param bytesBefore of these files
     * @param bytesAfter of these files
     */
    record Compacted(int segments, long blocks, long bytesBefore, long bytesAfter) {}

    /**
     * @param transactions read
     * @param blocks in them
     * @param bytes of these blocks
     * @param problems each with its place; empty when all is well
     */
    record Report(long transactions, long blocks, long bytes, List<String> problems) {

        public boolean isSound() {
            return problems.isEmpty();
        }
    }
}
