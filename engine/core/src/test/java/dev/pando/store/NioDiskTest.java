package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.PandoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory of the operating system, and what can be wrong with it. */
class NioDiskTest {

    @TempDir
    Path temp;

    @Test
    void aFileWhereTheDirectoryShouldBeIsNamed() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        for (Path wrong : List.of(file, file.resolve("db"), file.resolve("a/b"))) {
            assertThatThrownBy(() -> NioDisk.open(wrong)).isInstanceOfSatisfying(PandoException.class, e -> {
                assertThat(e.kind()).isEqualTo(PandoException.Kind.IO_ERROR);
                assertThat(e).hasMessageContaining(file + " is a file");
            });
        }
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
        Path closed = Files.createDirectory(temp.resolve("closed"));
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-x------"));
        if (Files.isWritable(closed)) { // Root may write everywhere, but not where there are no files.
            assertThatThrownBy(() -> NioDisk.open(Path.of("/sys/db")))
                    .isInstanceOf(PandoException.class)
                    .hasMessageContaining("cannot make /sys/db")
                    .hasMessageContaining("not permitted");
            return;
        }
        for (Path wrong : List.of(closed, closed.resolve("db"))) {
            assertThatThrownBy(() -> NioDisk.open(wrong))
                    .isInstanceOf(PandoException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void filesAreForTheirOwnerOnly() throws IOException {
        Path root = temp.resolve("db");
        Blocks.open(NioDisk.open(root)).close();
        try (var files = Files.walk(root)) {
            for (Path path : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as(path.toString())
                        .endsWith("------");
            }
        }
    }

    @Test
    void theHolderOfALockIsNamedEvenByAnotherProcess() throws Exception {
        Path root = temp.resolve("db");
        try (Store store = Blocks.open(NioDisk.open(root))) {
            assertThat(store.lastSequence()).isZero();
            String holder = "pid " + ProcessHandle.current().pid() + " on host ";
            assertThatThrownBy(() -> Blocks.open(NioDisk.open(root))).hasMessageContaining(holder);
            Process other = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-cp",
                            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                            Locked.class.getName(),
                            root.toString())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(other.getInputStream().readAllBytes());
            assertThat(other.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("DIRECTORY_IN_USE").contains(holder);
        }
        Blocks.open(NioDisk.open(root)).close();
    }

    /** Tries to open a directory that is in use. */
    static final class Locked {
        public static void main(String[] args) {
            try {
                NioDisk.open(Path.of(args[0])).lock("LOCK");
                System.out.println("opened");
            } catch (PandoException e) {
                System.out.println(e.kind() + " " + e.getMessage());
            } catch (IOException e) {
                System.out.println(e);
            }
        }
    }

    @Test
    void interruptedReadersHarmNobody() throws Exception {
        Path root = temp.resolve("db");
        try (Store store = Blocks.open(NioDisk.open(root))) {
            var block = Blocks.raw("read again and again");
            store.append(Blocks.transaction(block));
            store.force();
            AtomicBoolean done = new AtomicBoolean();
            List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Thread reader = new Thread(() -> {
                    try {
                        while (!done.get()) {
                            Thread.currentThread().interrupt();
                            assertThat(store.get(block.cid())).isEqualTo(block.bytes());
                            assertThat(Thread.interrupted()).isTrue();
                        }
                    } catch (Throwable e) {
                        failures.add(e);
                    }
                });
                reader.start();
                readers.add(reader);
            }
            for (int i = 0; i < 200; i++) {
                store.append(Blocks.transaction(Blocks.raw("block " + i)));
                store.force();
            }
            done.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(failures).isEmpty();
        }
    }

    @Test
    void aClosedFileStaysClosed() throws IOException {
        DiskFile file = NioDisk.open(temp).open("file", true);
        file.close();
        assertThatThrownBy(() -> file.write(0, ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    }
}
