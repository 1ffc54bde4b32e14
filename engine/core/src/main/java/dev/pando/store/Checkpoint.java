package dev.pando.store;

import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import dev.pando.ipld.Varint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code ckpt}: what the derived maps held at some place in the log, or a little later.
 *
 * <pre>
 * "PANDOCK1" (8)
 * length (4) | {"v": 2, "log": bytes, "maps": {name: entries}, "marker": link or null, "offset": int, "segment": int,
 *               "sequence": int} | CRC (4)
 * chunks     length (4), not 0 | name length (varint), name, then entries | CRC (4)
 *            entry: key length (varint), key, value length (varint), value
 * end        0 (4) | number of entries (8) | CRC of that number (4)
 * </pre>
 *
 * Integers are big-endian; each CRC is a CRC-32C of the bytes between it and the length before it.
 */
final class Checkpoint {

    static final String NAME = "ckpt";

    private static final int VERSION = 2;

    private static final byte[] MAGIC = "PANDOCK1".getBytes(StandardCharsets.US_ASCII);
    static final int CHUNK_BYTES = 256 << 10;

    private Checkpoint() {}

    /** Writes the file aside and forces it, but leaves it aside. */
    static void write(Disk disk, LogId log, LogEnd from, Map<String, DerivedMap> maps) throws IOException {
        try (DiskFile file = disk.open(NAME + Segments.ASIDE, true)) {
            file.truncate(0);
            ChunkOutput out = new ChunkOutput(file);
            out.put(MAGIC);
            out.chunk(encodeHeader(log, from, maps));
            long entries = 0;
            for (Map.Entry<String, DerivedMap> map : new TreeMap<>(maps).entrySet()) {
                entries += writeMap(out, map.getKey(), map.getValue());
            }
            byte[] count = ByteBuffer.allocate(Long.BYTES).putLong(entries).array();
            out.putInt(0);
            out.put(count);
            out.putInt(Crc.of(count, 0, count.length));
            out.flush();
            file.force();
        }
    }

    private static long writeMap(ChunkOutput out, String name, DerivedMap map) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(CHUNK_BYTES + 4_096);
        long entries = 0;
        try (PageCursor pages = map.pages()) {
            for (List<PageCursor.Entry> page = pages.next(); !page.isEmpty(); page = pages.next()) {
                for (PageCursor.Entry entry : page) {
                    if (chunk.size() == 0) {
                        putBytes(chunk, name.getBytes(StandardCharsets.UTF_8));
                    }
                    putBytes(chunk, entry.key());
                    putBytes(chunk, entry.value());
                    entries++;
                    if (chunk.size() >= CHUNK_BYTES) {
                        out.chunk(chunk.toByteArray());
                        chunk.reset();
                    }
                }
            }
        }
        if (chunk.size() > 0) {
            out.chunk(chunk.toByteArray());
        }
        return entries;
    }

    /** Puts the file into its place; everything that it holds must be durable in the log by now. */
    static void publish(Disk disk) throws IOException {
        disk.rename(NAME + Segments.ASIDE, NAME);
        disk.syncDirectory("");
    }

    /**
     * Loads the file into the maps, which are empty.
     *
     * @return from where the log is to be replayed; null when there is no checkpoint of this log. Then, and when
     *     this throws, the maps must be discarded
     * @throws DecodeException when the file is damaged
     */
    static @Nullable LogEnd load(Disk disk, LogId log, MapSet maps, Lanes lanes) throws IOException {
        if (!disk.exists(NAME)) {
            return null;
        }
        try (DiskFile file = disk.open(NAME, false)) {
            ChunkInput in = new ChunkInput(file);
            byte[] magic = in.take(MAGIC.length);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new DecodeException("it does not begin with PANDOCK1");
            }
            LogEnd from = decodeHeader(in.chunk(), log);
            if (from == null) {
                return null;
            }
            LongAdder entries = new LongAdder();
            try (lanes) {
                for (byte[] chunk = in.chunk(); chunk.length > 0; chunk = in.chunk()) {
                    byte[] some = chunk;
                    lanes.run(() -> entries.add(loadChunk(some, maps)));
                }
                lanes.finish();
            }
            byte[] count = in.take(Long.BYTES);
            in.checkCrc(count);
            if (ByteBuffer.wrap(count).getLong() != entries.sum()) {
                throw new DecodeException("it holds " + entries + " entries, its end says otherwise");
            }
            return from;
        }
    }

    /** From where the checkpoint that is in place has the log replayed; null when it is of no use. */
    static @Nullable LogEnd start(Disk disk, LogId log) throws IOException {
        if (!disk.exists(NAME)) {
            return null;
        }
        try (DiskFile file = disk.open(NAME, false)) {
            ChunkInput in = new ChunkInput(file);
            return Arrays.equals(in.take(MAGIC.length), MAGIC) ? decodeHeader(in.chunk(), log) : null;
        } catch (DecodeException e) {
            return null; // Who needs it reads it again, and says so.
        }
    }

    private static int loadChunk(byte[] bytes, MapSet maps) {
        ByteBuffer chunk = ByteBuffer.wrap(bytes);
        String map = new String(takeBytes(chunk), StandardCharsets.UTF_8);
        List<PageCursor.Entry> entries = new ArrayList<>();
        while (chunk.hasRemaining()) {
            byte[] key = takeBytes(chunk);
            entries.add(new PageCursor.Entry(key, takeBytes(chunk)));
        }
        maps.load(map, entries);
        return entries.size();
    }

    private static byte[] encodeHeader(LogId log, LogEnd from, Map<String, DerivedMap> maps) {
        CborWriter writer = new CborWriter();
        writer.startMap(7);
        writer.writeKey("v");
        writer.writeInt(VERSION);
        writer.writeKey("log");
        writer.writeBytes(log.bytes());
        writer.writeKey("maps");
        SortedMap<String, DerivedMap> sorted = new TreeMap<>(DagCbor.KEY_ORDER);
        sorted.putAll(maps);
        writer.startMap(sorted.size());
        sorted.forEach((name, map) -> {
            writer.writeKey(name);
            writer.writeInt(map.size());
        });
        writer.writeKey("marker");
        EndFile.writeMarker(writer, from.marker());
        writer.writeKey("offset");
        writer.writeInt(LogPosition.offset(from.position()));
        writer.writeKey("segment");
        writer.writeInt(LogPosition.segment(from.position()));
        writer.writeKey("sequence");
        writer.writeInt(from.sequence());
        return writer.toByteArray();
    }

    private static @Nullable LogEnd decodeHeader(byte[] bytes, LogId log) {
        CborReader reader = new CborReader(bytes);
        reader.readMap();
        reader.expectKey("v");
        if (reader.readInt() != VERSION) {
            return null; // Of another version of this program: as good as none.
        }
        reader.expectKey("log");
        if (!LogId.read(reader).equals(log)) {
            return null;
        }
        reader.expectKey("maps");
        for (int left = reader.readMap(); left > 0; left--) {
            reader.readKey();
            reader.readInt();
        }
        reader.endMap();
        reader.expectKey("marker");
        Cid marker = EndFile.readMarker(reader);
        reader.expectKey("offset");
        long offset = reader.readInt();
        reader.expectKey("segment");
        long segment = reader.readInt();
        reader.expectKey("sequence");
        long sequence = reader.readInt();
        reader.endMap();
        reader.end();
        return new LogEnd(LogPosition.read(segment, offset), sequence, marker);
    }

    static void putBytes(ByteArrayOutputStream out, byte[] bytes) throws IOException {
        Varint.write(out, bytes.length);
        out.write(bytes);
    }

    static byte[] takeBytes(ByteBuffer in) {
        long length = Varint.read(in);
        if (length > in.remaining()) {
            throw new DecodeException("an entry longer than its chunk");
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }
}
