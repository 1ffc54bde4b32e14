package dev.pando.store;

import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What CLEAN says of a map, as text: {@code name size checksum}, those of the file of its {@link MapState}.
 *
 * @param name of the file, in the directory of maps; those with slots and pages are named alike
 */
record MapFile(String name, long size, int checksum) {

    static final String SUFFIX = ".map";

    /** A larger one is not of this program. */
    private static final long SIZE_MAX = 1L << 30;

    static MapFile parse(String text) {
        String[] parts = text.split(" ", -1);
        try {
            if (parts.length == 3 && parts[0].endsWith(SUFFIX)) {
                return new MapFile(parts[0], Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
            }
        } catch (NumberFormatException e) {
            throw new DecodeException("no description of a map: '" + text + "'", e);
        }
        throw new DecodeException("no description of a map: '" + text + "'");
    }

    /** Makes the file, durable. */
    static MapFile write(Disk disk, String directory, String name, MapState state) throws IOException {
        byte[] bytes = state.encode();
        try (DiskFile file = disk.open(directory + "/" + name, true)) {
            file.truncate(0);
            file.write(0, ByteBuffer.wrap(bytes));
            file.force();
        }
        return new MapFile(name, bytes.length, Crc.of(bytes, 0, bytes.length));
    }

    /** Null when the file is not the one that was described. */
    @Nullable
    MapState read(Disk disk, String directory) throws IOException {
        String path = directory + "/" + name;
        if (size > SIZE_MAX || !disk.exists(path)) {
            return null;
        }
        try (DiskFile file = disk.open(path, false)) {
            if (file.size() != size) {
                return null;
            }
            byte[] bytes = new byte[(int) size];
            file.read(0, ByteBuffer.wrap(bytes));
            return Crc.of(bytes, 0, bytes.length) == checksum ? MapState.decode(bytes) : null;
        }
    }

    @Override
    public String toString() {
        return name + " " + size + " " + checksum;
    }
}
