package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.PandoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every derived map does, in files and in memory. */
class DerivedMapTest {

    @TempDir
    static Path temp;

    static int directories;

    static Stream<MapSet> mapSets() {
        return Stream.of(new MemoryMaps(), mapped(temp.resolve("maps" + directories++)));
    }

    private static MappedMaps mapped(Path root) {
        return new MappedMaps(NioDisk.open(root), root, Blocks.environment(1));
    }

    @ParameterizedTest
    @MethodSource("mapSets")
    void itIsAMapThroughAllItsGrowth(MapSet maps) throws IOException {
        DerivedMap map = maps.map("rows");
        TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
        Random random = new Random(11);
        for (int i = 0; i < 60_000; i++) {
            byte[] key = key(random.nextInt(40_000));
            if (random.nextInt(6) == 0) {
                map.remove(key);
                model.remove(key);
            } else {
                byte[] value = value(random, i);
                map.put(key, value);
                model.put(key, value);
            }
            byte[] probe = key(random.nextInt(40_000));
            assertThat(map.get(probe)).isEqualTo(model.get(probe));
            assertThat(map.contains(probe)).isEqualTo(model.containsKey(probe));
            if (i % 7_001 == 0) {
                assertThat(all(map)).isEqualTo(strings(model));
            }
        }
        assertThat(all(map)).isEqualTo(strings(model));
        assertThat(map.size()).isEqualTo(model.size());
        maps.discard();
        assertThat(map.get(model.firstKey())).isNull();
        assertThat(all(map)).isEmpty();
        map.put(key(1), key(2));
        assertThat(map.get(key(1))).isEqualTo(key(2));
        maps.close();
    }

    @ParameterizedTest
    @MethodSource("mapSets")
    void readersSeeOldOrNewWhileOneThreadWrites(MapSet maps) throws Exception {
        DerivedMap map = maps.map("rows");
        for (int i = 0; i < 2_000; i++) {
            map.put(key(i), stamped(i, 0));
        }
        AtomicBoolean done = new AtomicBoolean();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> readers = new ArrayList<>();
        for (int r = 0; r < 2; r++) {
            Random random = new Random(r);
            Thread reader = new Thread(() -> {
                try {
                    int[] seen = new int[2_000];
                    do {
                        int i = random.nextInt(2_000);
                        byte[] found = random.nextBoolean()
                                ? map.get(key(i))
                                : map.getAll(new byte[][] {key(random.nextInt(2_000)), key(i), key(-1)})[1];
                        ByteBuffer value = ByteBuffer.wrap(Objects.requireNonNull(found, "lost"));
                        assertThat(value.getInt()).isEqualTo(i);
                        int round = value.getInt();
                        assertThat(round).isGreaterThanOrEqualTo(seen[i]);
                        seen[i] = round;
                    } while (!done.get());
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
            reader.start();
            readers.add(reader);
        }
        for (int round = 1; round < 12; round++) {
            for (int i = 0; i < 2_000; i++) {
                map.put(key(i), stamped(i, round));
                map.put(key(100_000 * round + i), stamped(i, round));
            }
        }
        done.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(failures).isEmpty();
        maps.close();
    }

    @ParameterizedTest
    @MethodSource("mapSets")
    void anInterruptedThreadReadsAndWrites(MapSet maps) throws IOException {
        DerivedMap map = maps.map("rows");
        Thread.currentThread().interrupt();
        for (int i = 0; i < 10_000; i++) {
            map.put(key(i), key(i));
            assertThat(map.get(key(i))).isEqualTo(key(i));
        }
        assertThat(Thread.interrupted()).isTrue();
        maps.close();
    }

    @Test
    void filesAreOpenedAgainAsTheyWereClosed() throws IOException {
        Path root = temp.resolve("again");
        MappedMaps maps = mapped(root);
        Random random = new Random(2);
        Map<String, byte[]> model = new HashMap<>();
        for (int i = 0; i < 9_000; i++) {
            byte[] value = value(random, i);
            maps.map("rows").put(key(i), value);
            model.put(Arrays.toString(key(i)), value);
        }
        maps.map("meta").put(key(1), key(1));
        Map<String, String> files = maps.close();
        MappedMaps again = mapped(root);
        DerivedMap rows = again.map("rows");
        assertThat(again.reopen(files)).isTrue();
        assertThat(all(rows)).isEqualTo(strings(model));
        assertThat(again.map("meta").get(key(1))).isEqualTo(key(1));
        again.close();
    }

    @Test
    void aByteFlippedInTheFileOfTheStateIsNoticedBeforeUse() throws IOException {
        Path root = temp.resolve("flipped");
        MappedMaps maps = mapped(root);
        maps.map("rows").put(key(1), key(1));
        Map<String, String> files = maps.close();
        flip(root, MapFile.parse(files.get("rows")).name(), 40);
        assertThat(mapped(root).reopen(files)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rows-1.heap", "rows-1.pages"})
    void aCutFileIsNoticedBeforeUse(String name) throws IOException {
        Path root = temp.resolve("cut" + name);
        MappedMaps maps = mapped(root);
        maps.map("rows").put(key(1), key(1));
        Map<String, String> files = maps.close();
        try (DiskFile file = NioDisk.open(root).open("derived/" + name, false)) {
            file.truncate(file.size() - 1);
        }
        assertThat(mapped(root).reopen(files)).isFalse();
    }

    @Test
    void aDamagedValueIsNeverReturned() throws IOException {
        Path root = temp.resolve("damaged");
        MappedMaps maps = mapped(root);
        byte[] value = "a value that is found again in the file".getBytes();
        maps.map("rows").put(key(1), value);
        Map<String, String> files = maps.close();
        byte[] content = Files.readAllBytes(root.resolve("derived/rows-1.heap"));
        flip(root, "rows-1.heap", new String(content, StandardCharsets.ISO_8859_1).indexOf("found again"));
        MappedMaps again = mapped(root);
        assertThat(again.reopen(files)).isTrue();
        assertThatThrownBy(() -> again.map("rows").get(key(1)))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.CORRUPT));
        assertThat(again.isDamaged()).isTrue();
        again.close();
    }

    private static void flip(Path root, String name, long offset) throws IOException {
        try (DiskFile opened = NioDisk.open(root).open("derived/" + name, false)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            opened.read(offset, one);
            opened.write(offset, ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}));
        }
    }

    @ParameterizedTest
    @MethodSource("mapSets")
    void aWalkShowsWhatPagesShow(MapSet maps) throws IOException {
        DerivedMap map = maps.map("rows");
        Random random = new Random(5);
        for (int i = 0; i < 9_000; i++) {
            map.put(key(i), value(random, i));
        }
        map.remove(key(77));
        Map<String, String> found = new HashMap<>();
        try (EntryWalk walk = map.walk()) {
            while (walk.next()) {
                byte[] key = Arrays.copyOfRange(walk.keyBytes(), walk.keyFrom(), walk.keyFrom() + walk.keyLength());
                int from = walk.valueFrom();
                byte[] value = Arrays.copyOfRange(walk.valueBytes(), from, from + walk.valueLength());
                assertThat(found.put(Arrays.toString(key), hash(value))).isNull();
            }
        }
        assertThat(found).hasSize(8_999).isEqualTo(all(map));
        maps.close();
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(36).putInt(32, number).putInt(number * 31).array();
    }

    private static byte[] value(Random random, int i) {
        byte[] value = new byte[i % 997 == 0 ? random.nextInt(100_000) : random.nextInt(300)];
        random.nextBytes(value);
        return value;
    }

    private static byte[] stamped(int i, int round) {
        return ByteBuffer.allocate(i % 100 == 0 ? 20_000 : 100)
                .putInt(i)
                .putInt(round)
                .array();
    }

    private static Map<String, String> all(DerivedMap map) {
        Map<String, String> found = new HashMap<>();
        try (PageCursor pages = map.pages()) {
            for (List<PageCursor.Entry> page = pages.next(); !page.isEmpty(); page = pages.next()) {
                for (PageCursor.Entry entry : page) {
                    assertThat(found.put(Arrays.toString(entry.key()), hash(entry.value())))
                            .isNull();
                }
            }
        }
        return found;
    }

    private static Map<String, String> strings(Map<?, byte[]> model) {
        Map<String, String> strings = new HashMap<>();
        model.forEach((key, value) ->
                strings.put(key instanceof byte[] bytes ? Arrays.toString(bytes) : (String) key, hash(value)));
        return strings;
    }

    private static String hash(byte[] value) {
        return value.length + ":" + Arrays.hashCode(value);
    }
}
