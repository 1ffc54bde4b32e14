package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.CarFrame;
import dev.pando.ipld.CarReader;
import dev.pando.ipld.Cid;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every store does, on every disk. */
class StoreTest {

    @TempDir
    static Path temp;

    static int directories;

    static Stream<Disk> disks() {
        return Stream.of(new MemoryDisk(), NioDisk.open(temp.resolve("db" + directories++)));
    }

    @ParameterizedTest
    @MethodSource("disks")
    void whatWasAppendedIsThereAfterACleanClose(Disk disk) {
        Block a = Blocks.raw("a");
        Block b = Blocks.local("b");
        LogId id;
        try (Store store = Blocks.open(disk)) {
            id = store.id();
            assertThat(store.lastSequence()).isZero();
            assertThat(store.append(Blocks.transaction(a, b))).isEqualTo(1);
            assertThat(store.append(Blocks.transaction(b))).isEqualTo(2);
            assertThat(store.durableSequence()).isZero();
            store.force();
            assertThat(store.durableSequence()).isEqualTo(2);
            assertThat(store.get(a.cid())).isEqualTo(a.bytes());
            assertThat(store.contains(b.cid())).isFalse();
        }
        Blocks.Recorder recorder = new Blocks.Recorder();
        try (Store store = Blocks.open(disk, StoreOptions.DEFAULT, recorder)) {
            assertThat(recorder.begun).isEqualTo(1);
            assertThat(store.id()).isEqualTo(id);
            assertThat(store.lastSequence()).isEqualTo(2);
            assertThat(store.get(a.cid())).isEqualTo(a.bytes());
            assertThat(Blocks.scan(store)).isEqualTo(new TreeMap<>(Map.of(1L, List.of(a, b), 2L, List.of(b))));
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aBlockIsBeforeTheDurableEndWhenItIsForced(Disk disk) {
        Block first = Blocks.raw("first");
        Block second = Blocks.raw("second");
        try (Store store = Blocks.open(disk)) {
            store.append(Blocks.transaction(first));
            assertThat(store.contains(first.cid())).isTrue();
            assertThat(store.contains(first.cid(), store.durableEnd())).isFalse();
            store.force();
            long end = store.durableEnd();
            store.append(Blocks.transaction(second));
            assertThat(store.contains(first.cid(), end)).isTrue();
            store.force();
            assertThat(store.contains(second.cid(), end)).isFalse();
            assertThat(store.contains(second.cid(), store.durableEnd())).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void anOpenThatFailsLetsGoOfTheDirectory(Disk disk) {
        assertThatThrownBy(() -> Store.open(disk, StoreOptions.DEFAULT, target -> {
                    throw new IllegalStateException("no random numbers");
                }))
                .isInstanceOf(IllegalStateException.class);
        try (Store store = Blocks.open(disk)) {
            assertThat(store.lastSequence()).isZero();
        }
    }

    /** A reader at work must not take the end for an empty database. */
    @Test
    void mapsThatAreGivenUpAtTheEndAreClosedAndNotEmpty() {
        Disk disk = NioDisk.open(temp.resolve("db" + directories++));
        Store store = Blocks.open(disk);
        DerivedMap rows = store.map("rows");
        rows.put(MappedMapTest.key(1), new byte[1]);
        store.giveUp(new PandoException(PandoException.Kind.IO_ERROR, "for the test"));
        store.close();
        for (Runnable read : List.<Runnable>of(
                () -> rows.get(MappedMapTest.key(1)), () -> rows.contains(MappedMapTest.key(1)), rows::walk)) {
            assertThatThrownBy(read::run)
                    .isInstanceOfSatisfying(
                            PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.CLOSED));
        }
        try (Store again = Blocks.open(disk)) {
            assertThat(again.map("rows").size()).isZero();
        }
    }

    @Test
    void allMapsAreClosedWhenOneCannotBe() {
        Path root = temp.resolve("db" + directories++);
        int room = 64 << 20;
        FullDisk disk = new FullDisk(NioDisk.open(root), room);
        Store store = Blocks.open(disk);
        List<DerivedMap> maps = List.of(store.map("a"), store.map("b"), store.map("c"));
        maps.forEach(map -> map.put(MappedMapTest.key(1), new byte[1]));
        disk.addRoom(-room);
        assertThatThrownBy(store::close)
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.DISK_FULL));
        assertThat(maps)
                .allSatisfy(map -> assertThatThrownBy(() -> map.get(MappedMapTest.key(1)))
                        .isInstanceOfSatisfying(
                                PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.CLOSED)));
        try (Store again = Blocks.open(NioDisk.open(root))) {
            assertThat(again.map("a").size()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aBlockIsWrittenOnceAndBelongsToEveryTransactionThatHasIt(Disk disk) {
        Block a = Blocks.raw("a");
        Block b = Blocks.raw("b");
        Block c = Blocks.local("c");
        List<List<Block>> written = List.of(List.of(a, c, a), List.of(b, a), List.of(a), List.of(c, a, b, c, b));
        TreeMap<Long, List<Block>> expected = new TreeMap<>();
        try (Store store = Blocks.open(disk)) {
            for (List<Block> blocks : written) {
                expected.put(store.append(new LogTransaction(blocks)), blocks);
                store.force();
            }
            assertThat(Blocks.scan(store)).isEqualTo(expected);
        }
        try (Store store = Blocks.open(disk)) {
            assertThat(Blocks.scan(store)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void segmentsRollAndScansCrossThem(Disk disk) {
        Random random = new Random(1);
        StoreOptions options = StoreOptions.DEFAULT.withSegmentBytes(10_000).withPreallocateBytes(8_192);
        TreeMap<Long, List<Block>> expected = new TreeMap<>();
        try (Store store = Blocks.open(disk, options, new Blocks.Recorder())) {
            for (int i = 0; i < 200; i++) {
                List<Block> blocks = new ArrayList<>();
                for (int j = random.nextInt(4); j >= 0; j--) {
                    blocks.add(Blocks.raw(random, random.nextInt(800)));
                }
                expected.put(store.append(new LogTransaction(blocks)), blocks);
                if (random.nextBoolean()) {
                    store.force();
                }
            }
            store.force();
            assertThat(store.info().segments()).isGreaterThan(10);
            assertThat(Blocks.scan(store)).isEqualTo(expected);
        }
        try (Store store = Blocks.open(disk, options, new Blocks.Recorder())) {
            assertThat(Blocks.scan(store)).isEqualTo(expected);
            List<Long> seen = new ArrayList<>();
            store.scan(150, (sequence, blocks) -> {
                seen.add(sequence);
                assertThat(blocks).isEqualTo(expected.get(sequence));
                return sequence < 160;
            });
            assertThat(seen).containsExactly(150L, 151L, 152L, 153L, 154L, 155L, 156L, 157L, 158L, 159L, 160L);
            for (List<Block> blocks : expected.values()) {
                for (Block block : blocks) {
                    assertThat(store.get(block.cid())).isEqualTo(block.bytes());
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("disks")
    void aStoreIsOpenOnce(Disk disk) {
        try (Store store = Blocks.open(disk)) {
            assertThat(store.lastSequence()).isZero();
            assertThatThrownBy(() -> Blocks.open(disk))
                    .isInstanceOfSatisfying(
                            PandoException.class,
                            e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.DIRECTORY_IN_USE));
        }
        Blocks.open(disk).close();
    }

    @ParameterizedTest
    @MethodSource("disks")
    void foreignCodecsAndLargeBlocksAreRefusedAndWriteNothing(Disk disk) {
        try (Store store = Blocks.open(disk)) {
            assertThatThrownBy(() -> store.append(Blocks.transaction(Block.of(Codecs.MARKER, new byte[3]))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() ->
                            store.append(Blocks.transaction(Block.of(Cid.RAW, new byte[Store.BLOCK_BYTES_MAX + 1]))))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> store.append(new LogTransaction(List.of())))
                    .isInstanceOf(IllegalArgumentException.class);
            Block largest = Block.of(Cid.RAW, new byte[Store.BLOCK_BYTES_MAX]);
            assertThat(store.append(Blocks.transaction(largest, Blocks.raw("x"))))
                    .isEqualTo(1);
            store.force();
            assertThat(store.get(largest.cid())).isEqualTo(largest.bytes());
        }
    }

    @Test
    void aSegmentIsACarThatAnyReaderWalksWhileItIsWritten() throws Exception {
        Path root = temp.resolve("car");
        List<Block> written = new ArrayList<>();
        Random random = new Random(3);
        try (Store store = Blocks.open(NioDisk.open(root))) {
            for (int i = 0; i < 300; i++) {
                Block block = Blocks.raw(random, 1 + random.nextInt(400));
                written.add(block);
                store.append(Blocks.transaction(block));
                store.force();
                if (i % 20 == 0) {
                    List<Block> blocks = carBlocks(root.resolve("seg-00000001.car"));
                    blocks.removeIf(b -> Padding.isPadding(b.cid(), b.bytes()));
                    assertThat(blocks).isEqualTo(written);
                    assertThat(Files.size(root.resolve("seg-00000001.car"))).isGreaterThan(1 << 20);
                }
            }
        }
        assertThat(carBlocks(root.resolve("seg-00000001.car"))).isEqualTo(written);
    }

    private static List<Block> carBlocks(Path file) throws Exception {
        List<Block> blocks = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            CarReader reader = CarReader.open(in, true);
            for (CarFrame frame = reader.next(); frame != null; frame = reader.next()) {
                if (BlockIndex.isIndexed(frame.block().cid())) {
                    blocks.add(frame.block());
                }
            }
        }
        return blocks;
    }
}
