package dev.pando.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of one database directory; the seam at which simulated disks fail.
 *
 * <p>Names are relative, with {@code /} between parts. What a method changed is certain to survive a power loss only
 * after {@link DiskFile#force} (content) and {@link #syncDirectory} (names). Thread-safe.
 */
public interface Disk {

    /**
     * Opens a file for reading and writing.
     *
     * @param create whether to make it, and the directories that it lies in, when it does not exist
     * @throws java.nio.file.NoSuchFileException when it does not exist and {@code create} is false
     */
    DiskFile open(String name, boolean create) throws IOException;

    boolean exists(String name) throws IOException;

    /** Names of the files that lie directly in {@code directory} ("" for the top), sorted; empty when there is none. */
    List<String> list(String directory) throws IOException;

    /** Renames atomically; replaces {@code to}. */
    void rename(String from, String to) throws IOException;

    /** Deletes a file; does nothing when there is none. */
    void delete(String name) throws IOException;

    /** Makes the names in {@code directory} durable: creations, renames, deletions. */
    void syncDirectory(String directory) throws IOException;

    /**
     * Takes the lock {@code name} until the result is closed or the process ends.
     *
     * @throws dev.pando.PandoException DIRECTORY_IN_USE, naming the holder
     */
    DiskLock lock(String name) throws IOException;

    /** Where the files are, when they are files of the operating system. */
    Optional<Path> path();

    /** Bytes that can still be written, as far as is known. */
    long freeBytes() throws IOException;

    /** A lock that is held. */
    interface DiskLock extends AutoCloseable {
        @Override
        void close() throws IOException;
    }
}
