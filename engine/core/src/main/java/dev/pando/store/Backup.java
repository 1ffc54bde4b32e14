package dev.pando.store;

import dev.pando.Cancellation;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
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
    private final Cancellation cancellation;

    Backup(Segments segments, Disk target, Cancellation cancellation) {
        this.segments = segments;
        this.target = target;
        this.cancellation = cancellation;
    }

    void run(LogId id, LogEnd end) throws IOException {
        if (!target.list("").isEmpty()) {
            throw new PandoException(Kind.INVALID_ARGUMENT, "a backup needs an empty directory" + where());
        }
        try {
            copyAll(id, end);
        } finally {
            if (cancellation.isAsked()) {
                removeAll();
            }
        }
    }

    /* Asked for at the last moment it may be complete: a directory without INCOMPLETE is left as it is. */
    private void removeAll() throws IOException {
        List<String> names = target.list("");
        if (names.contains(INCOMPLETE)) {
            for (String name : names) {
                if (!name.equals(INCOMPLETE)) {
                    target.delete(name);
                }
            }
            target.delete(INCOMPLETE);
        }
    }

    private void copyAll(LogId id, LogEnd end) throws IOException {
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
                cancellation.check();
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
                cancellation.check();
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
