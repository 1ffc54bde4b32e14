package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** An ordered index does what a sorted map does. */
class OrderedIndexTest {

    private final TreeMap<byte[], byte[]> model = new TreeMap<>(Arrays::compareUnsigned);
    private final OrderedIndex index = new PagedIndex();

    @Property(tries = 60)
    void itIsASortedMap(@ForAll Random random, @ForAll @IntRange(min = 1, max = 3_000) int keys) {
        TreeMap<byte[], byte[]> expected = new TreeMap<>(Arrays::compareUnsigned);
        OrderedIndex tested = new PagedIndex();
        int growing = random.nextInt(3);
        for (int i = 0; i < 6_000; i++) {
            byte[] key = key(random, growing == 0 ? i % keys : random.nextInt(keys));
            if (random.nextInt(10) < 3) {
                assertThat(tested.remove(key)).isEqualTo(expected.remove(key));
            } else {
                byte[] value = value(random);
                assertThat(tested.put(key, value)).isEqualTo(expected.put(key, value));
            }
        }
        assertSame(tested, expected, random, keys);
        for (byte[] key : new ArrayList<>(expected.keySet())) {
            if (random.nextInt(20) > 0) {
                assertThat(tested.remove(key)).isEqualTo(expected.remove(key));
            }
        }
        assertSame(tested, expected, random, keys);
    }

    private static void assertSame(OrderedIndex tested, TreeMap<byte[], byte[]> expected, Random random, int keys) {
        assertThat(tested.size()).isEqualTo(expected.size());
        assertScan(tested.from(null, true, false), expected);
        assertScan(tested.from(null, true, true), expected.descendingMap());
        for (int i = 0; i < 30; i++) {
            byte[] key = key(random, random.nextInt(keys));
            boolean inclusive = random.nextBoolean();
            assertThat(tested.get(key)).isEqualTo(expected.get(key));
            assertScan(tested.from(key, inclusive, false), expected.tailMap(key, inclusive));
            assertScan(
                    tested.from(key, inclusive, true),
                    expected.headMap(key, inclusive).descendingMap());
        }
    }

    private static void assertScan(OrderedIndex.Cursor cursor, NavigableMap<byte[], byte[]> expected) {
        SoftAssertions softly = new SoftAssertions();
        expected.forEach((key, value) -> {
            if (!cursor.next() || !Arrays.equals(cursor.key(), key) || !Arrays.equals(cursor.value(), value)) {
                softly.fail("expected " + Arrays.toString(key));
            }
        });
        softly.assertAll();
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.next()).isFalse();
    }

    private static byte[] key(Random random, int number) {
        String text = number % 7 == 0 ? "" + number : String.format("%08d", number);
        return number == 0 ? new byte[0] : (text + (random.nextInt(50) == 0 ? "x" : "")).getBytes();
    }

    private static byte[] value(Random random) {
        int length = random.nextInt(200) == 0 ? random.nextInt(6_000) : random.nextInt(40);
        byte[] value = new byte[length];
        random.nextBytes(value);
        return value;
    }

    @Test
    void aWalkSeesWhatIsThereThroughoutWhileTheIndexChangesUnderIt() {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i += 2) {
            put(i, random);
        }
        OrderedIndex.Cursor up = index.from(null, true, false);
        OrderedIndex.Cursor down = index.from(null, true, true);
        List<String> ups = new ArrayList<>();
        List<String> downs = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            step(up, ups);
            step(down, downs);
            put(2 * random.nextInt(10_000) + 1, random);
            index.remove(bytes(2 * random.nextInt(10_000) + 1));
        }
        while (up.next()) {
            ups.add(new String(up.key()));
        }
        while (down.next()) {
            downs.add(new String(down.key()));
        }
        assertThat(ups).isSorted().doesNotHaveDuplicates();
        assertThat(downs).isSortedAccordingTo((a, b) -> b.compareTo(a)).doesNotHaveDuplicates();
        for (int i = 0; i < 20_000; i += 2) {
            assertThat(ups).as("up").contains(text(i));
            i += 400;
        }
        assertThat(ups.stream().filter(key -> Integer.parseInt(key) % 2 == 0)).hasSize(10_000);
        assertThat(downs.stream().filter(key -> Integer.parseInt(key) % 2 == 0)).hasSize(10_000);
    }

    @Test
    void filledInOrderItHoldsThoseThatWerePutMeanwhileToo() {
        Random random = new Random(9);
        OrderedIndex.Filler filler = index.filler();
        for (int i = 0; i < 30_000; i += 2) {
            byte[] value = value(random);
            filler.add(bytes(i), value);
            model.put(bytes(i), value);
            if (i % 100 == 0) {
                put(i + 1, random);
            }
        }
        assertThatThrownBy(() -> filler.add(bytes(7), new byte[1])).isInstanceOf(IllegalArgumentException.class);
        filler.finish();
        for (int i = 1; i < 30_000; i += 250) {
            put(2 * i, random);
        }
        assertThat(index.size()).isEqualTo(model.size());
        OrderedIndex.Cursor all = index.from(null, true, false);
        model.forEach((key, value) -> {
            assertThat(all.next()).isTrue();
            assertThat(all.key()).isEqualTo(key);
            assertThat(all.value()).isEqualTo(value);
        });
        assertThat(all.next()).isFalse();
    }

    private static void step(OrderedIndex.Cursor cursor, List<String> seen) {
        if (cursor.next()) {
            seen.add(new String(cursor.key()));
        }
    }

    @Test
    void readersNeverMissAnEntryWhileOneWriterWorks() throws Exception {
        Random random = new Random(6);
        for (int i = 0; i < 5_000; i++) {
            put(4 * i, random);
        }
        AtomicBoolean done = new AtomicBoolean();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> readers = new ArrayList<>();
        for (int r = 0; r < 3; r++) {
            boolean descending = r == 1;
            Thread reader = new Thread(() -> {
                try {
                    do {
                        int even = 0;
                        OrderedIndex.Cursor cursor = index.from(null, true, descending);
                        while (cursor.next()) {
                            even += Integer.parseInt(new String(cursor.key())) % 4 == 0 ? 1 : 0;
                        }
                        assertThat(even).isEqualTo(5_000);
                        assertThat(index.get(bytes(4 * (even - 1)))).isNotNull();
                    } while (!done.get());
                } catch (Throwable e) {
                    failures.add(e);
                }
            });
            reader.start();
            readers.add(reader);
        }
        for (int round = 0; round < 6; round++) {
            for (int i = 0; i < 20_000; i++) {
                put(random.nextInt(20_000) / 4 * 4 + 1 + random.nextInt(3), random);
            }
            for (int i = 0; i < 20_000; i++) {
                if (i % 4 != 0) {
                    index.remove(bytes(i));
                }
            }
        }
        done.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        assertThat(failures).isEmpty();
        assertThat(index.size()).isEqualTo(5_000);
    }

    private void put(int number, Random random) {
        byte[] value = value(random);
        index.put(bytes(number), value);
        model.put(bytes(number), value);
    }

    private static String text(int number) {
        return String.format("%08d", number);
    }

    private static byte[] bytes(int number) {
        return text(number).getBytes();
    }
}
