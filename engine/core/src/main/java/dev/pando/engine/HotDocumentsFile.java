package dev.pando.engine;

import dev.pando.replication.DocumentReplication;
import dev.pando.store.Disk;
import dev.pando.store.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The hot documents in a file of their own: they change every second, and the log keeps everything for ever. Written aside
 * and renamed, not forced: after a power loss the file may be missing or empty, and the documents warm up anew.
 */
final class HotDocumentsFile implements DocumentReplication.Memory {

    static final String FILE = "hot-documents";

    private static final String ASIDE = FILE + ".new";

    /** Over twice what the documents take that are kept. */
    private static final int FILE_BYTES_MAX = 1 << 18;

    private static final System.Logger LOG = System.getLogger(HotDocumentsFile.class.getName());

    private final Disk disk;

    HotDocumentsFile(Disk disk) {
        this.disk = disk;
    }

    @Override
    public synchronized Optional<byte[]> load() {
        try {
            if (!disk.exists(FILE)) {
                return Optional.empty();
            }
            try (DiskFile file = disk.open(FILE, false)) {
                if (file.size() == 0 || file.size() > FILE_BYTES_MAX) {
                    return Optional.empty();
                }
                var buffer = ByteBuffer.allocate((int) file.size());
                file.read(0, buffer);
                return Optional.of(buffer.array());
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, FILE + " cannot be read: " + e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public synchronized void save(byte[] hot) {
        try {
            try (DiskFile file = disk.open(ASIDE, true)) {
                file.truncate(0);
                file.write(0, ByteBuffer.wrap(hot));
            }
            disk.rename(ASIDE, FILE);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, FILE + " cannot be written: " + e.getMessage());
        }
    }
}
