package dev.pando.store;

import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A small file that says where a log ends: {@code CLEAN} after a clean close, {@code OPENED} (the same file, renamed)
 * while the store is open, {@code BACKUP} in a backup.
 *
 * <pre>
 * {"v": 1, "log": bytes(16), "maps": {name: file}, "marker": link or null, "offset": int, "segment": int,
 *  "sequence": int} | CRC-32C of that, big-endian (4)
 * </pre>
 *
 * @param log id
 * @param end of the last transaction
 * @param maps the files of the derived maps that fit this end, by map; empty when they are not kept in files
 */
record EndFile(LogId log, LogEnd end, Map<String, String> maps) {

    static final String CLEAN = "CLEAN";
    static final String OPENED = "OPENED";
    static final String BACKUP = "BACKUP";

    private static final int BYTES_MAX = 64 << 10;

    byte[] encode() {
        CborWriter writer = new CborWriter();
        writer.startMap(7);
        writer.writeKey("v");
        writer.writeInt(1);
        writer.writeKey("log");
        writer.writeBytes(log.bytes());
        writer.writeKey("maps");
        Map<String, String> sorted = new TreeMap<>(DagCbor.KEY_ORDER);
        sorted.putAll(maps);
        writer.startMap(sorted.size());
        sorted.forEach((name, file) -> {
            writer.writeKey(name);
            writer.writeText(file);
        });
        writer.writeKey("marker");
        writeMarker(writer, end.marker());
        writer.writeKey("offset");
        writer.writeInt(LogPosition.offset(end.position()));
        writer.writeKey("segment");
        writer.writeInt(LogPosition.segment(end.position()));
        writer.writeKey("sequence");
        writer.writeInt(end.sequence());
        byte[] content = writer.toByteArray();
        return ByteBuffer.allocate(content.length + Crc.BYTES)
                .put(content)
                .putInt(Crc.of(content, 0, content.length))
                .array();
    }

    static EndFile decode(byte[] bytes) {
        int length = bytes.length - Crc.BYTES;
        if (length < 0 || ByteBuffer.wrap(bytes).getInt(length) != Crc.of(bytes, 0, length)) {
            throw new DecodeException("its checksum is wrong");
        }
        CborReader reader = new CborReader(Arrays.copyOf(bytes, length));
        reader.readMap();
        reader.expectKey("v");
        if (reader.readInt() != 1) {
            throw new DecodeException("unknown version");
        }
        reader.expectKey("log");
        LogId log = LogId.read(reader);
        reader.expectKey("maps");
        Map<String, String> maps = new TreeMap<>();
        for (int left = reader.readMap(); left > 0; left--) {
            maps.put(reader.readKey(), reader.readText());
        }
        reader.endMap();
        reader.expectKey("marker");
        Cid marker = readMarker(reader);
        reader.expectKey("offset");
        long offset = reader.readInt();
        reader.expectKey("segment");
        long segment = reader.readInt();
        reader.expectKey("sequence");
        long sequence = reader.readInt();
        reader.endMap();
        reader.end();
        return new EndFile(log, new LogEnd(LogPosition.read(segment, offset), sequence, marker), maps);
    }

    static void writeMarker(CborWriter writer, @Nullable Cid marker) {
        if (marker == null) {
            writer.writeNull();
        } else {
            writer.writeLink(marker);
        }
    }

    static @Nullable Cid readMarker(CborReader reader) {
        if (reader.peek() == CborReader.Type.NULL) {
            reader.readNull();
            return null;
        }
        return reader.readLink();
    }

    /** Writes the file aside, forces it and renames it into place. */
    void write(Disk disk, String name) throws IOException {
        try (DiskFile file = disk.open(name + Segments.ASIDE, true)) {
            file.truncate(0);
            file.write(0, ByteBuffer.wrap(encode()));
            file.force();
        }
        disk.rename(name + Segments.ASIDE, name);
        disk.syncDirectory("");
    }

    /** Null when there is none, or its checksum is wrong: it only saves work, or says what must be there. */
    static @Nullable EndFile read(Disk disk, String name) throws IOException {
        if (!disk.exists(name)) {
            return null;
        }
        try (DiskFile file = disk.open(name, false)) {
            if (file.size() > BYTES_MAX) {
                return null;
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(0, bytes);
            return decode(bytes.array());
        } catch (DecodeException | IllegalArgumentException e) {
            System.getLogger(EndFile.class.getName())
                    .log(System.Logger.Level.WARNING, "ignoring {0}: {1}", name, e.getMessage());
            return null;
        }
    }
}
