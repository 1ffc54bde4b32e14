package dev.pando.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * What is remembered of a map's file when it is closed, as text: {@code name entries size checksum parts}.
 *
 * @param name in the directory of maps
 * @param entries that the table was made for
 * @param size of the file
 * @param checksum CRC-32C of the file, or -1 when it is larger than {@link #CHECKED_BYTES_MAX}
 * @param hasParts whether it ever held a value in parts; written as 1 or 0
 */
record MapFile(String name, long entries, long size, long checksum, boolean hasParts) {

    /** Reading a larger file would delay the start; its entries have checksums of their own. */
    static final long CHECKED_BYTES_MAX = 16L << 20;

    private static final int BUFFER_BYTES = 256 << 10;

    static MapFile parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 5) {
            throw ChronicleMaps.malformed(text);
        }
        try {
            return new MapFile(
                    parts[0],
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    !parts[4].equals("0"));
        } catch (NumberFormatException e) {
            throw ChronicleMaps.malformed(text);
        }
    }

    /** Makes the file durable and looks at it. */
    static MapFile describe(Disk disk, String directory, String name, long entries, boolean hasParts)
            throws IOException {
        try (DiskFile file = disk.open(directory + "/" + name, false)) {
            file.force();
            return new MapFile(name, entries, file.size(), checksum(file), hasParts);
        }
    }

    boolean isIntact(Disk disk, String directory) throws IOException {
        if (!disk.exists(directory + "/" + name)) {
            return false;
        }
        try (DiskFile file = disk.open(directory + "/" + name, false)) {
            return file.size() == size && checksum(file) == checksum;
        }
    }

    private static long checksum(DiskFile file) throws IOException {
        long size = file.size();
        if (size > CHECKED_BYTES_MAX) {
            return -1;
        }
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (long at = 0; at < size; ) {
            buffer.clear();
            at += file.read(at, buffer);
            crc.update(buffer.flip());
        }
        return crc.getValue();
    }

    @Override
    public String toString() {
        return name + " " + entries + " " + size + " " + checksum + " " + (hasParts ? 1 : 0);
    }
}
