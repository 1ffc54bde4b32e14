package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.PandoException;
import dev.pando.ipld.Cid;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes of every file of a small database on a real disk, the maps too, flipped one after the other: opening tells of it,
 * or the rows are the right ones.
 *
 * <p>{@code -Dpando.flip.bytes} is how many of each file, spread over it; in the build some of each, and with a number
 * larger than any file every one of them.
 */
@Timeout(36_000)
class FlippedFileTest {

    private static final int BYTES = Integer.getInteger("pando.flip.bytes", 6);

    @TempDir
    private Path directory;

    private List<List<Object>> expected;
    private Cid hash;

    @Test
    void isDetectedOrHarmless() throws IOException {
        Path original = directory.resolve("original");
        write(original);
        int detected = 0;
        int harmless = 0;
        for (Path file : files(original)) {
            long size = Files.size(file);
            long step = Math.max(1, size / BYTES);
            for (long offset = step / 2; offset < size; offset += step) {
                Path copy = directory.resolve("copy");
                copy(original, copy);
                flip(copy.resolve(original.relativize(file)), offset);
                if (isDetected(copy, original.relativize(file) + " offset " + offset)) {
                    detected++;
                } else {
                    harmless++;
                }
                EngineBench.delete(copy);
            }
        }
        System.out.printf(
                "{\"flipped\":%d,\"detected\":%d,\"harmless\":%d}%n", detected + harmless, detected, harmless);
        assertThat(detected).isPositive();
        assertThat(harmless).isPositive();
    }

    private void write(Path at) {
        try (Engine engine = Engine.open(EngineOptions.at(at))) {
            commit(engine, tx -> {
                for (int i = 0; i < 20; i++) {
                    insert(tx, books(engine), "k" + i, "title " + i, (long) i, 1L);
                }
            });
            engine.maintenance().checkpoint();
            commit(engine, tx -> update(tx, books(engine), "k3", values -> values[1] = "another"));
            expected = rows(engine, books(engine));
            hash = engine.stateHash(books(engine));
        }
    }

    private boolean isDetected(Path at, String place) {
        try (Engine engine = Engine.open(EngineOptions.at(at))) {
            assertThat(engine.catalog().find("PUBLIC", "Books")).as(place).isPresent();
            assertThat(rows(engine, books(engine))).as(place).isEqualTo(expected);
            assertThat(engine.stateHash(books(engine))).as(place).isEqualTo(hash);
            return false;
        } catch (PandoException e) {
            return true;
        } catch (RuntimeException e) {
            return fail(place, e);
        }
    }

    private static void flip(Path file, long offset) throws IOException {
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int before = bytes.read();
            bytes.seek(offset);
            bytes.write(before ^ 0xff);
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }
}
