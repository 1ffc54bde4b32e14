package dev.pando.store;

import dev.pando.ipld.DecodeException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Finds out how a log was left, and brings maps and log to one state. */
final class LogOpening {

    /** A log up to this size is read as a whole at each start. */
    private static final long READ_BYTES_MAX = 1 << 20;

    private final Disk disk;
    private final Segments segments;
    private final MapSet maps;
    private final BlockIndex index;
    private final BlockReader reader;
    private @Nullable EndFile backup;

    LogOpening(Disk disk, Segments segments, MapSet maps, BlockIndex index, BlockReader reader) {
        this.disk = disk;
        this.segments = segments;
        this.maps = maps;
        this.index = index;
        this.reader = reader;
    }

    /** Returns the end of the log. */
    LogEnd recover(Replayer replayer) throws IOException {
        EndFile clean = takeClean();
        EndFile opened = clean != null ? clean : EndFile.read(disk, EndFile.OPENED);
        backup = EndFile.read(disk, EndFile.BACKUP);
        if (backup == null && disk.exists(EndFile.BACKUP)) {
            throw new DecodeException("BACKUP, which says where the copied log ends, is damaged");
        }
        EndFile known = backup != null ? backup : opened;
        LogId id = segments.last().header().log();
        LogEnd end = known != null && known.log().equals(id) ? known.end() : null;
        if (clean != null && backup == null && end != null && isWholeUpTo(end) && maps.reopen(clean.maps())) {
            replayer.begin(false);
            return end;
        }
        boolean exact = end != null && (backup != null || clean != null);
        return new LogRecovery(disk, segments, maps, index, reader).rebuild(replayer, end, exact);
    }

    /** From here on a crash must not find CLEAN; but how far the log once reached stays known, as OPENED. */
    private @Nullable EndFile takeClean() throws IOException {
        EndFile clean = EndFile.read(disk, EndFile.CLEAN);
        if (clean != null) {
            disk.rename(EndFile.CLEAN, EndFile.OPENED);
        } else {
            disk.delete(EndFile.CLEAN);
        }
        disk.syncDirectory("");
        return clean;
    }

    /** Reads a small log even though it was closed cleanly: damage is better found now than when it is needed. */
    private boolean isWholeUpTo(LogEnd end) throws IOException {
        Segments.Segment last = segments.last();
        if (end.position() != LogPosition.of(last.number(), last.file().size())) {
            return false;
        }
        if (segments.bytesUpTo(end.position()) > READ_BYTES_MAX) {
            return true;
        }
        TransactionReader log = new TransactionReader(segments, segments.first().startEnd(), end.position());
        while (log.next()) {
            continue;
        }
        TransactionReader.Damage damage = log.damage();
        if (damage != null) {
            throw LogRecovery.damaged(damage);
        }
        return log.end().equals(end);
    }

    /** Whether this is a copy that has not been opened before: it goes on under another id, as cursors name the old. */
    boolean isBackup() {
        return backup != null && backup.log().equals(segments.last().header().log());
    }

    /** All is done: a restored copy is a log like any other. */
    void end() throws IOException {
        if (backup != null) {
            disk.delete(EndFile.BACKUP);
            disk.syncDirectory("");
        }
    }
}
