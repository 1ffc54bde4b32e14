package dev.pando.store;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A directory of the operating system. Files and directories are made for the owner only. */
public final class NioDisk implements Disk {

    private final Path root;

    private NioDisk(Path root) {
        this.root = root;
    }

    /**
     * Makes the directory where it is missing.
     *
     * @throws PandoException IO_ERROR when there can be none, or it cannot be written
     */
    public static NioDisk open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        try {
            createDirectories(root);
        } catch (FileAlreadyExistsException | NotDirectoryException e) {
            throw new PandoException(
                    Kind.IO_ERROR, "cannot keep a database in " + root + ": " + fileOnTheWay(root) + " is a file", e);
        } catch (AccessDeniedException e) {
            throw new PandoException(Kind.IO_ERROR, "cannot make " + root + ": permission denied", e);
        } catch (IOException e) {
            Path file = fileOnTheWay(root);
            String why = file.equals(root) ? String.valueOf(e.getMessage()) : file + " is a file";
            throw new PandoException(Kind.IO_ERROR, "cannot make " + root + ": " + why, e);
        }
        if (!Files.isWritable(root)) {
            throw new PandoException(Kind.IO_ERROR, "cannot write in " + root + ": permission denied");
        }
        return new NioDisk(root);
    }

    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        Path path = resolve(name);
        if (create && !Files.exists(path)) {
            Path parent = path.getParent();
            if (parent != null) {
                createDirectories(parent);
            }
            createFile(path);
        }
        return new NioDiskFile(path);
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(resolve(name));
    }

    @Override
    public List<String> list(String directory) throws IOException {
        Path path = directory.isEmpty() ? root : resolve(directory);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.filter(Files::isRegularFile)
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(resolve(from), resolve(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(resolve(name));
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        Path path = directory.isEmpty() ? root : resolve(directory);
        if (!isPosix()) {
            return; // Windows neither needs nor allows it.
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public DiskLock lock(String name) throws IOException {
        return DirectoryLock.take(root, resolve(name));
    }

    @Override
    public Optional<Path> path() {
        return Optional.of(root);
    }

    @Override
    public long freeBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    private Path resolve(String name) {
        return root.resolve(name);
    }

    private boolean isPosix() {
        return root.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static void createDirectories(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(path);
        }
    }

    private void createFile(Path path) throws IOException {
        if (isPosix()) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
    }

    /** The regular file that stands where a directory of {@code path} should be, or {@code path} itself. */
    private static Path fileOnTheWay(Path path) {
        for (Path at = path; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at)) {
                return at;
            }
        }
        return path;
    }
}
