package dev.pando.store.testing;

import dev.pando.store.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The content of one file, and how to get back to what of it is durable. Guarded by its disk. */
final class FaultyFile {

    static final int SECTOR_BYTES = 512;

    private final DiskFile content;
    private final List<Change> unforced = new ArrayList<>();

    /** A write, or a cut to {@code position}, and what it replaced. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Change(long position, byte[] before, byte[] after, long sizeBefore, boolean isCut) {}

    FaultyFile(DiskFile content) {
        this.content = content;
    }

    DiskFile content() {
        return content;
    }

    void write(long position, byte[] bytes) throws IOException {
        long size = content.size();
        unforced.add(new Change(position, read(position, bytes.length), bytes, size, false));
        content.write(position, ByteBuffer.wrap(bytes));
    }

    void truncate(long size) throws IOException {
        long before = content.size();
        if (size < before) {
            unforced.add(new Change(size, read(size, (int) (before - size)), new byte[0], before, true));
            content.truncate(size);
        }
    }

    void force() {
        unforced.clear();
    }

    private byte[] read(long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        content.read(position, ByteBuffer.wrap(bytes));
        return bytes;
    }

    /** For a file with the same content: what {@link #crash} may take back. */
    void copyUnforcedTo(FaultyFile other) {
        other.unforced.addAll(unforced);
    }

    void copyFrom(FaultyFile other) throws IOException {
        long size = other.content.size();
        content.truncate(0);
        content.write(0, ByteBuffer.wrap(other.read(0, (int) size)));
    }

    /** Turns the content into what a power loss leaves. */
    void crash(Survival survival, Random random) throws IOException {
        if (survival != Survival.KEEP) {
            for (int i = unforced.size() - 1; i >= 0; i--) {
                undo(unforced.get(i));
            }
            if (survival == Survival.TEAR) {
                tear(random);
            } else if (survival == Survival.REORDER) {
                reorder(random);
            }
        }
        unforced.clear();
    }

    private void undo(Change change) throws IOException {
        content.write(change.position, ByteBuffer.wrap(change.before));
        content.truncate(change.sizeBefore);
    }

    private void tear(Random random) throws IOException {
        int whole = random.nextInt(unforced.size() + 1);
        for (int i = 0; i < whole; i++) {
            apply(unforced.get(i));
        }
        if (whole < unforced.size() && !unforced.get(whole).isCut) {
            Change torn = unforced.get(whole);
            content.write(torn.position, ByteBuffer.wrap(torn.after, 0, random.nextInt(torn.after.length + 1)));
        }
    }

    private void apply(Change change) throws IOException {
        if (change.isCut) {
            content.truncate(change.position);
        } else {
            content.write(change.position, ByteBuffer.wrap(change.after));
        }
    }

    private void reorder(Random random) throws IOException {
        for (Change change : unforced) {
            if (change.isCut) {
                if (random.nextBoolean()) {
                    content.truncate(change.position);
                }
                continue;
            }
            for (int from = 0; from < change.after.length; ) {
                long at = change.position + from;
                int length = (int) Math.min(change.after.length - from, SECTOR_BYTES - at % SECTOR_BYTES);
                if (random.nextBoolean()) {
                    content.write(at, ByteBuffer.wrap(change.after, from, length));
                }
                from += length;
            }
        }
    }
}
