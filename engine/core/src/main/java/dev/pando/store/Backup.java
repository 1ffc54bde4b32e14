package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Copies a log up to one of its ends, while it goes on. The copy holds the segments and {@code BACKUP}, which says where
 * it ends; a store that opens it goes on under a new log id.
 */
final class Backup {

    /** There until a backup is complete; a store does not open with it. */
    static final String INCOMPLETE = "INCOMPLETE";

    private static final int COPY_BYTES = 256 << 10;

    private final Segments segments;
    private final Disk target;

    Backup(Segments segments, Disk target) {
        this.segments = segments;
        this.target = target;
    }

    void run(LogId id, LogEnd end) throws IOException {
        if (!target.list("").isEmpty()) {
            throw new PandoException(Kind.INVALID_ARGUMENT, "a backup needs an empty directory" + where());
        }
        target.open(INCOMPLETE, true).close();
        target.syncDirectory("");
        for (int number = 1; number <= LogPosition.segment(end.position()); number++) {
            DiskFile source = segments.get(number).file();
            boolean isLast = number == LogPosition.segment(end.position());
            copy(Segments.name(number), source, isLast ? LogPosition.offset(end.position()) : source.size());
        }
        verify(end);
        new EndFile(id, end, Map.of()).write(target, EndFile.BACKUP);
        target.delete(INCOMPLETE);
        target.syncDirectory("");
    }

    private void copy(String name, DiskFile source, long size) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
        try (DiskFile copy = target.open(name, true)) {
            for (long at = 0; at < size; ) {
                buffer.clear().limit((int) Math.min(COPY_BYTES, size - at));
                int length = source.read(at, buffer);
                copy.write(at, buffer.flip());
                at += length;
            }
            copy.force();
        }
    }

    /** A damaged log is no backup. */
    private void verify(LogEnd end) throws IOException {
        try (Segments copies = new Segments(target)) {
            copies.openAll();
            TransactionReader reader =
                    new TransactionReader(copies, copies.first().startEnd(), end.position());
            while (reader.next()) {
                continue;
            }
            TransactionReader.Damage damage = reader.damage();
            if (damage != null || reader.end().sequence() != end.sequence()) {
                throw StoreErrors.corrupt("the backup is of no use: "
                        + (damage == null ? "it ends at " + reader.end().sequence() : damage));
            }
        }
    }

    private String where() {
        return target.path().map(path -> ", " + path + " has files in it").orElse("");
    }
}
