package dev.pando.store;

import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.DecodeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The file of an ordered index, written at a clean close so that the first ordered scan after the next start need not
 * read all rows. It fits one end of the log only.
 *
 * <pre>
 * "PANDOIX1" (8)
 * length (4) | {"v": 1, "log": bytes, "sequence": int} | CRC (4)
 * chunks     length (4), not 0 | entries, ascending | CRC (4)
 *            entry: key length (varint), key, value length (varint), value
 * end        0 (4) | number of entries (8) | CRC of that number (4)
 * </pre>
 */
final class KeptIndex {

    static final String SUFFIX = ".ord";

    private static final byte[] MAGIC = "PANDOIX1".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 1;

    private KeptIndex() {}

    /** Writes the file and forces it. */
    static void write(Disk disk, String name, LogId log, long sequence, OrderedIndex index) throws IOException {
        try (DiskFile file = disk.open(name, true)) {
            file.truncate(0);
            ChunkOutput out = new ChunkOutput(file);
            out.put(MAGIC);
            out.chunk(header(log, sequence));
            ByteArrayOutputStream chunk = new ByteArrayOutputStream(Checkpoint.CHUNK_BYTES + 4_096);
            long entries = 0;
            OrderedIndex.Cursor all = index.from(null, true, false);
            while (all.next()) {
                Checkpoint.putBytes(chunk, all.key());
                Checkpoint.putBytes(chunk, all.value());
                entries++;
                if (chunk.size() >= Checkpoint.CHUNK_BYTES) {
                    out.chunk(chunk.toByteArray());
                    chunk.reset();
                }
            }
            if (chunk.size() > 0) {
                out.chunk(chunk.toByteArray());
            }
            byte[] count = ByteBuffer.allocate(Long.BYTES).putLong(entries).array();
            out.putInt(0);
            out.put(count);
            out.putInt(Crc.of(count, 0, count.length));
            out.flush();
            file.force();
        }
    }

    /** Whether the file is of this end of the log. */
    static boolean fits(Disk disk, String name, LogId log, long sequence) throws IOException {
        if (!disk.exists(name)) {
            return false;
        }
        try (DiskFile file = disk.open(name, false)) {
            return begins(new ChunkInput(file), log, sequence);
        } catch (DecodeException e) {
            return false; // It is made anew from the rows when it is needed.
        }
    }

    /**
     * Fills an index from the file.
     *
     * @return false when the file is not there, or is of another end of the log
     * @throws DecodeException when it is damaged: then what was added must not be used
     */
    static boolean read(Disk disk, String name, LogId log, long sequence, OrderedIndex.Filler target)
            throws IOException {
        if (!disk.exists(name)) {
            return false;
        }
        try (DiskFile file = disk.open(name, false)) {
            ChunkInput in = new ChunkInput(file);
            if (!begins(in, log, sequence)) {
                return false;
            }
            long entries = 0;
            for (byte[] bytes = in.chunk(); bytes.length > 0; bytes = in.chunk()) {
                for (ByteBuffer chunk = ByteBuffer.wrap(bytes); chunk.hasRemaining(); entries++) {
                    byte[] key = Checkpoint.takeBytes(chunk);
                    target.add(key, Checkpoint.takeBytes(chunk));
                }
            }
            byte[] count = in.take(Long.BYTES);
            in.checkCrc(count);
            if (ByteBuffer.wrap(count).getLong() != entries) {
                throw new DecodeException("it holds " + entries + " entries, its end says otherwise");
            }
            return true;
        }
    }

    private static boolean begins(ChunkInput in, LogId log, long sequence) throws IOException {
        return Arrays.equals(in.take(MAGIC.length), MAGIC) && isOf(in.chunk(), log, sequence);
    }

    private static byte[] header(LogId log, long sequence) {
        CborWriter writer = new CborWriter();
        writer.startMap(3);
        writer.writeKey("v");
        writer.writeInt(VERSION);
        writer.writeKey("log");
        writer.writeBytes(log.bytes());
        writer.writeKey("sequence");
        writer.writeInt(sequence);
        return writer.toByteArray();
    }

    private static boolean isOf(byte[] header, LogId log, long sequence) {
        CborReader reader = new CborReader(header);
        reader.readMap();
        reader.expectKey("v");
        if (reader.readInt() != VERSION) {
            return false;
        }
        reader.expectKey("log");
        if (!LogId.read(reader).equals(log)) {
            return false;
        }
        reader.expectKey("sequence");
        return reader.readInt() == sequence;
    }
}
