package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.PandoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The map in mapped files: what it promises beyond what every derived map does. */
class MappedMapTest {

    @TempDir
    private static Path temp;

    private static int directories;

    private final Path root = temp.resolve("maps" + directories++);

    private MappedMaps maps() {
        return maps(NioDisk.open(root));
    }

    private MappedMaps maps(Disk disk) {
        return new MappedMaps(disk, root, Blocks.environment(1));
    }

    /** Keys that are few, so that they are written, moved, removed and added again many times over. */
    @Property(tries = 60)
    void isAMapOverManyLives(@ForAll long seed, @ForAll @IntRange(min = 1, max = 2_000) int keys) throws IOException {
        Path home = Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "pando-map");
        Random random = new Random(seed);
        Map<Integer, byte[]> model = new HashMap<>();
        Map<String, String> files = Map.of();
        for (int life = 0; life < 3; life++) {
            MappedMaps maps = new MappedMaps(NioDisk.open(home), home, random::nextBytes);
            assertThat(maps.reopen(files)).isEqualTo(life > 0);
            DerivedMap map = maps.map("rows");
            for (int i = 0; i < 1_500; i++) {
                int number = random.nextInt(keys);
                if (random.nextInt(3) == 0) {
                    map.remove(key(number));
                    model.remove(number);
                } else {
                    byte[] value = new byte[random.nextInt(50) == 0 ? random.nextInt(200_000) : random.nextInt(400)];
                    random.nextBytes(value);
                    map.put(key(number), value);
                    model.put(number, value);
                }
                int probe = random.nextInt(keys);
                assertThat(map.get(key(probe))).isEqualTo(model.get(probe));
                assertThat(map.contains(key(probe))).isEqualTo(model.containsKey(probe));
                if (i % 50 == 0) {
                    int[] probes = random.ints(i % 20, 0, keys).toArray();
                    assertThat(map.getAll(Arrays.stream(probes)
                                    .mapToObj(each -> key(each))
                                    .toArray(byte[][]::new)))
                            .isEqualTo(
                                    Arrays.stream(probes).mapToObj(model::get).toArray(byte[][]::new));
                }
            }
            assertThat(map.size()).isEqualTo(model.size());
            Map<Integer, byte[]> walked = walk(map);
            assertThat(walked.keySet()).isEqualTo(model.keySet());
            walked.forEach((number, value) -> assertThat(value).isEqualTo(model.get(number)));
            files = maps.close();
        }
        for (Path file : list(home.resolve("derived"))) {
            Files.delete(file);
        }
        Files.delete(home.resolve("derived"));
        Files.delete(home);
    }

    /** Entries that stay are shown exactly once, whatever moves, comes and goes about them. */
    @Test
    void aWalkShowsWhatStaysExactlyOnceBesideAWriter() throws Exception {
        MappedMaps maps = maps();
        DerivedMap map = maps.map("rows");
        int staying = 3_000;
        for (int i = 0; i < 2 * staying; i++) {
            map.put(key(i), new byte[100]);
        }
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger moves = new AtomicInteger();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            Random random = new Random(3);
            while (!done.get()) {
                int number = random.nextInt(2 * staying);
                if (number >= staying && random.nextInt(2) == 0) {
                    map.remove(key(number));
                } else {
                    map.put(key(number), new byte[random.nextInt(500)]);
                    moves.incrementAndGet();
                }
            }
        });
        /* On a busy machine the writer may come late: walks that it did not disturb would show nothing. */
        for (int walk = 0; walk < 60 || moves.get() <= staying && !writer.isDone(); walk++) {
            Map<Integer, byte[]> shown = walk(map);
            for (int i = 0; i < staying; i++) {
                assertThat(shown).containsKey(i);
            }
        }
        done.set(true);
        writer.get();
        assertThat(moves).hasValueGreaterThan(staying);
        maps.close();
    }

    /** The same on one thread, step by step, so that every kind of move happens at a known place of the walk. */
    @Property(tries = 100)
    void aWalkShowsWhatStaysExactlyOnceThroughAnyMoves(@ForAll long seed) throws IOException {
        Path home = Files.createTempDirectory(Path.of(System.getProperty("java.io.tmpdir")), "pando-walk");
        MappedMaps maps = new MappedMaps(NioDisk.open(home), home, Blocks.environment(seed));
        DerivedMap map = maps.map("rows");
        Random random = new Random(seed);
        int staying = 100;
        for (int i = 0; i < 2 * staying; i++) {
            map.put(key(i), new byte[random.nextInt(2) == 0 ? 100 : 30_000]);
        }
        Map<Integer, byte[]> shown = new HashMap<>();
        try (PageCursor pages = map.pages()) {
            for (List<PageCursor.Entry> page = pages.next(); !page.isEmpty(); page = pages.next()) {
                add(page, shown);
                for (int i = random.nextInt(60); i > 0; i--) {
                    int number = random.nextInt(3 * staying);
                    if (number >= staying && random.nextInt(2) == 0) {
                        map.remove(key(number));
                    } else {
                        map.put(key(number), new byte[random.nextInt(3) == 0 ? 100 : random.nextInt(40_000)]);
                    }
                }
            }
        }
        for (int i = 0; i < staying; i++) {
            assertThat(shown).containsKey(i);
        }
        maps.discard();
        Files.delete(home.resolve("derived"));
        Files.delete(home);
    }

    @Test
    void aWalkThatMayRememberLittleEndsWhenMuchMoves() throws IOException {
        MappedMaps maps = maps();
        DerivedMap map = maps.map("rows");
        for (int i = 0; i < 300; i++) {
            map.put(key(i), new byte[1_000]);
        }
        try (EntryWalk patient = map.walk();
                EntryWalk hasty = map.walk(100)) {
            assertThat(hasty.next()).isTrue();
            assertThat(patient.next()).isTrue();
            for (int i = 200; i < 299; i++) {
                map.put(key(i), new byte[5_000]);
            }
            assertThat(hasty.next()).isTrue();
            for (int i = 100; i < 200; i++) {
                map.put(key(i), new byte[5_000]);
            }
            assertThatThrownBy(hasty::next)
                    .isInstanceOfSatisfying(
                            PandoException.class,
                            e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.SNAPSHOT_TOO_OLD));
            int entries = 1;
            while (patient.next()) {
                entries++;
            }
            assertThat(entries).isEqualTo(300);
        }
        maps.discard();
    }

    @Test
    void severalThreadsFillIt() throws Exception {
        MappedMaps maps = maps();
        int each = 20_000;
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int thread = 0; thread < 3; thread++) {
            int first = thread * each;
            threads.add(CompletableFuture.runAsync(() -> {
                for (int i = first; i < first + each; i += 100) {
                    List<PageCursor.Entry> some = new ArrayList<>();
                    for (int j = i; j < i + 100; j++) {
                        some.add(new PageCursor.Entry(key(j), j % 997 == 0 ? new byte[100_000] : key(-j)));
                    }
                    maps.load("rows", some);
                }
            }));
        }
        CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get();
        assertThat(maps.map("rows").size()).isEqualTo(3 * each);
        for (int i = 0; i < 3 * each; i++) {
            assertThat(maps.map("rows").get(key(i))).isEqualTo(i % 997 == 0 ? new byte[100_000] : key(-i));
        }
        maps.load("rows", List.of(new PageCursor.Entry(key(1), key(7)), new PageCursor.Entry(key(1), key(8))));
        assertThat(maps.map("rows").get(key(1))).isEqualTo(key(8));
        assertThat(walk(maps.map("rows"))).hasSize(3 * each);
        maps.close();
    }

    @Test
    void placesOfRemovedEntriesAreUsedAgain() throws IOException {
        MappedMaps maps = maps();
        DerivedMap map = maps.map("rows");
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < 200; i++) {
                map.put(key(round * 1_000 + i), new byte[300 + i]);
            }
            map.put(key(-1), new byte[1 << 20]);
            map.remove(key(-1));
            for (int i = 0; i < 200; i++) {
                map.remove(key(round * 1_000 + i));
            }
        }
        assertThat(map.size()).isZero();
        assertThat(Files.size(root.resolve("derived/rows-1.heap"))).isLessThanOrEqualTo(2 << 20);
        maps.close();
    }

    /** Bytes of all files of a small map, the first of them each: an error, or no harm; never another value, and no end without an answer. */
    @Test
    void aFlippedByteIsDetectedOrHarmless() throws IOException {
        MappedMaps maps = maps();
        DerivedMap map = maps.map("rows");
        for (int i = 0; i < 12; i++) {
            map.put(key(i), new byte[i * 7]);
        }
        map.remove(key(3));
        map.put(key(2), new byte[40_000]);
        Map<String, String> files = maps.close();
        int detected = 0;
        for (Path file : list(root.resolve("derived"))) {
            byte[] content = Files.readAllBytes(file);
            int used = used(content);
            for (int at = 0; at < used; at += at < 300 ? 1 : at < 2_500 ? 7 : 997) {
                for (int mask : new int[] {0x01, 0xff}) {
                    byte[] flipped = content.clone();
                    flipped[at] ^= (byte) mask;
                    Files.write(file, flipped);
                    detected += isDetected(files, file.getFileName() + " offset " + at) ? 1 : 0;
                }
            }
            Files.write(file, content);
        }
        assertThat(detected).isGreaterThan(300);
    }

    private static int used(byte[] content) {
        int used = content.length;
        while (used > 0 && content[used - 1] == 0) {
            used--;
        }
        return Math.min(content.length, used + 64);
    }

    private boolean isDetected(Map<String, String> files, String place) {
        MappedMaps maps = maps();
        if (!maps.reopen(files)) {
            return true;
        }
        DerivedMap map = maps.map("rows");
        try {
            for (int i = 0; i < 12; i++) {
                byte[] expected = i == 3 ? null : i == 2 ? new byte[40_000] : new byte[i * 7];
                assertThat(map.get(key(i))).as(place).isEqualTo(expected);
            }
            assertThat(walk(map)).as(place).hasSize(11);
            map.remove(key(5));
            map.put(key(5), new byte[1]);
            map.put(key(13), new byte[3 * 7]);
            assertThat(map.get(key(4))).as(place).isEqualTo(new byte[4 * 7]);
            assertThat(map.get(key(13))).as(place).isEqualTo(new byte[3 * 7]);
            return false;
        } catch (PandoException e) {
            assertThat(e.kind()).as(place).isEqualTo(PandoException.Kind.CORRUPT);
            assertThat(maps.isDamaged()).as(place).isTrue();
            return true;
        }
    }

    @Test
    void aFullDiskIsAnErrorForTheWriterAndNothingIsLost() throws IOException {
        FullDisk disk = new FullDisk(NioDisk.open(root), 3 << 20);
        MappedMaps maps = maps(disk);
        DerivedMap map = maps.map("rows");
        int[] written = new int[1];
        assertThatThrownBy(() -> {
                    for (; ; written[0]++) {
                        map.put(key(written[0]), new byte[1_000]);
                    }
                })
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.DISK_FULL));
        assertThat(written[0]).isPositive();
        for (int i = 0; i < written[0]; i++) {
            assertThat(map.get(key(i))).hasSize(1_000);
        }
        disk.addRoom(64 << 20);
        map.put(key(written[0]), new byte[1_000]);
        assertThat(walk(map)).hasSize(written[0] + 1);
        maps.close();
    }

    /** A part of the large value takes more room than a walk begins with; many of the smallest slots fit into that. */
    @Test
    void aWalkShowsTheSmallestEntriesBehindALargeOne() throws IOException {
        MappedMaps maps = maps();
        DerivedMap map = maps.map("meta");
        map.put(new byte[] {1}, new byte[100_000]);
        for (int i = 0; i < 5_000; i++) {
            map.put(ByteBuffer.allocate(Integer.BYTES).putInt(i).array(), new byte[1]);
        }
        int shown = 0;
        try (EntryWalk walk = map.walk()) {
            while (walk.next()) {
                shown++;
            }
        }
        assertThat(shown).isEqualTo(5_001);
        maps.discard();
    }

    @Test
    void itIsClosedForThoseWhoComeLater() throws IOException {
        MappedMaps maps = maps();
        DerivedMap map = maps.map("rows");
        map.put(key(1), key(2));
        maps.close();
        assertThatThrownBy(() -> map.get(key(1)))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.CLOSED));
    }

    static byte[] key(int number) {
        return ByteBuffer.allocate(36).putInt(32, number).putInt(number * 31).array();
    }

    private static Map<Integer, byte[]> walk(DerivedMap map) {
        Map<Integer, byte[]> shown = new HashMap<>();
        try (PageCursor pages = map.pages()) {
            for (List<PageCursor.Entry> page = pages.next(); !page.isEmpty(); page = pages.next()) {
                add(page, shown);
            }
        }
        return shown;
    }

    private static void add(List<PageCursor.Entry> page, Map<Integer, byte[]> shown) {
        for (PageCursor.Entry entry : page) {
            int number = ByteBuffer.wrap(entry.key()).getInt(32);
            assertThat(shown.put(number, entry.value()))
                    .as("key %d is shown twice", number)
                    .isNull();
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }
}
