package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.CarFrame;
import dev.pando.ipld.CarReader;
import dev.pando.ipld.Cid;
import dev.pando.store.testing.Fault;
import dev.pando.store.testing.FaultyDisk;
import dev.pando.store.testing.Survival;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unused blocks are taken out of the log; all else stays, whenever the disk fails and whoever reads meanwhile. */
class CompactionTest {

    private static final StoreOptions OPTIONS =
            StoreOptions.DEFAULT.withSegmentBytes(4_000).withPreallocateBytes(4_096);

    private static final int TRANSACTIONS = 60;

    /** What was appended, in full. */
    private final TreeMap<Long, List<Block>> written = new TreeMap<>();

    /** Of the transactions up to some sequence, blocks whose text says so. */
    private static Retention unusedUpTo(long last) {
        return (sequence, blocks) -> blocks.stream()
                .filter(block -> sequence <= last && isWaste(block))
                .map(Block::cid)
                .collect(Collectors.toSet());
    }

    private static boolean isWaste(Block block) {
        return new String(block.bytes(), StandardCharsets.UTF_8).startsWith("waste");
    }

    private static Block waste(int number) {
        return Blocks.raw("waste " + number + " ".repeat(300));
    }

    private static Block kept(int number) {
        return Blocks.raw("kept " + number + "-".repeat(60));
    }

    /** Some transactions are all waste, some in part, some refer to what came before. */
    private void fill(Store store) {
        for (int i = 1; i <= TRANSACTIONS; i++) {
            List<Block> blocks = new ArrayList<>();
            blocks.add(waste(i));
            if (i % 3 != 0) {
                blocks.add(kept(i));
            }
            if (i % 4 == 0) {
                blocks.add(0, kept(i / 2));
                blocks.add(waste(i / 2));
            }
            if (i % 5 == 0) {
                blocks.add(Blocks.local("record " + i));
            }
            append(store, blocks);
        }
    }

    private void append(Store store, List<Block> blocks) {
        long sequence = store.append(new LogTransaction(blocks));
        store.force();
        written.put(sequence, blocks);
    }

    /** What must be left: no waste, but where a transaction that is not compacted refers to it. */
    private void assertHolds(Store store, boolean compacted) {
        TreeMap<Long, List<Block>> found = Blocks.scan(store);
        assertThat(found.keySet()).isEqualTo(written.keySet());
        for (long sequence : written.keySet()) {
            assertThat(found.get(sequence).stream().filter(b -> !isWaste(b)).toList())
                    .as("transaction " + sequence)
                    .isEqualTo(written.get(sequence).stream()
                            .filter(b -> !isWaste(b))
                            .toList());
            assertThat(written.get(sequence)).containsAll(found.get(sequence));
        }
        for (List<Block> blocks : written.values()) {
            for (Block block : blocks) {
                byte[] content = store.get(block.cid());
                if (block.cid().codec() == Cid.RAW && (content != null || !isWaste(block))) {
                    assertThat(content).as(block.toString()).isEqualTo(block.bytes());
                }
            }
        }
        CheckReport report = store.check();
        assertThat(report.problems()).isEmpty();
        if (compacted) {
            assertThat(store.get(waste(7).cid())).isNull();
            assertThat(store.contains(waste(7).cid())).isFalse();
        }
    }

    private static Store open(Disk disk) {
        return Blocks.open(disk, OPTIONS, new Blocks.Recorder());
    }

    @Test
    void dropsWhatIsUnusedAndKeepsTheRest() {
        MemoryDisk disk = new MemoryDisk();
        try (Store store = open(disk)) {
            fill(store);
            store.checkpoint();
            long before = store.info().logBytes();
            CompactionReport report = store.compact(unusedUpTo(TRANSACTIONS));
            assertThat(report.segments()).isGreaterThan(3);
            assertThat(report.blocks()).isGreaterThan(TRANSACTIONS / 2);
            /* The last segment was ended: there is another header. */
            assertThat(before - store.info().logBytes())
                    .isBetween(
                            report.bytesBefore() - report.bytesAfter() - 300,
                            report.bytesBefore() - report.bytesAfter());
            assertThat(report.bytesAfter()).isLessThan(report.bytesBefore() * 2 / 3);
            assertHolds(store, true);
            assertThat(store.sequencesOf(List.of(kept(1).cid(), kept(31).cid(), kept(59).cid())))
                    .containsExactly(1L, 31L, 59L);
            assertThat(store.compact(unusedUpTo(TRANSACTIONS)).segments()).isZero();
            append(store, List.of(waste(7), kept(1)));
            assertThat(store.get(waste(7).cid())).isEqualTo(waste(7).bytes());
        }
        try (Store store = open(disk)) {
            assertHolds(store, false);
        }
    }

    @Test
    void whatIsWantedAgainMeanwhileStays() {
        MemoryDisk disk = new MemoryDisk();
        try (Store store = open(disk)) {
            fill(store);
            Set<Long> seen = new HashSet<>();
            store.compact((sequence, blocks) -> {
                if (!seen.add(sequence) && sequence == 7) {
                    append(store, List.of(waste(6), kept(70)));
                }
                return unusedUpTo(TRANSACTIONS).unused(sequence, blocks);
            });
            assertThat(written).hasSizeGreaterThan(TRANSACTIONS);
            assertThat(store.get(waste(6).cid())).isEqualTo(waste(6).bytes());
            assertHolds(store, true);
        }
    }

    @Test
    void whatIsCancelledIsHalfDoneAndWhole() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        try (Store store = open(disk)) {
            fill(store);
            store.checkpoint();
            int[] asked = {0};
            /* All are looked at once; then a few segments are written. */
            Retention cancelled = (sequence, blocks) -> {
                if (++asked[0] > TRANSACTIONS * 3 / 2) {
                    throw new PandoException(PandoException.Kind.CANCELLED, "enough");
                }
                return unusedUpTo(TRANSACTIONS).unused(sequence, blocks);
            };
            assertThatThrownBy(() -> store.compact(cancelled))
                    .isInstanceOfSatisfying(
                            PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.CANCELLED));
            assertThat(disk.list("")).noneMatch(name -> name.endsWith(Segments.ASIDE));
            append(store, List.of(waste(6), kept(70)));
        }
        try (Store store = open(disk)) {
            CompactionReport report = store.compact(unusedUpTo(TRANSACTIONS));
            assertThat(report.segments()).isBetween(1, 8);
            assertHolds(store, true);
        }
    }

    @Test
    void aReaderGoesOnInTheNewFiles() {
        MemoryDisk disk = new MemoryDisk();
        try (Store store = open(disk)) {
            fill(store);
            List<Long> shown = new ArrayList<>();
            store.scan(1, (sequence, blocks) -> {
                if (sequence == 10) {
                    assertThat(store.compact(unusedUpTo(TRANSACTIONS)).segments())
                            .isPositive();
                }
                assertThat(blocks.stream().filter(b -> !isWaste(b)).toList())
                        .isEqualTo(written.get(sequence).stream()
                                .filter(b -> !isWaste(b))
                                .toList());
                shown.add(sequence);
                return true;
            });
            assertThat(shown).containsExactlyElementsOf(written.keySet());
        }
    }

    @Test
    void aBackupAndADamagedTombstone() throws IOException {
        MemoryDisk disk = new MemoryDisk();
        MemoryDisk copy = new MemoryDisk();
        try (Store store = open(disk)) {
            fill(store);
            store.compact(unusedUpTo(TRANSACTIONS));
            store.backup(copy);
        }
        try (Store store = open(copy)) {
            assertHolds(store, true);
        }
        byte[] first = content(disk, Segments.name(1));
        int flipped = 0;
        for (CarFrame frame : frames(first)) {
            if (frame.block().cid().codec() == Codecs.TOMBSTONE) {
                for (long at = frame.offset(); at < frame.end(); at++) {
                    byte[] damaged = first.clone();
                    damaged[(int) at] ^= 1;
                    try (DiskFile file = disk.open(Segments.name(1), false)) {
                        file.write(0, ByteBuffer.wrap(damaged));
                    }
                    disk.delete(EndFile.CLEAN);
                    disk.delete(EndFile.OPENED);
                    assertThatThrownBy(() -> open(disk)).isInstanceOf(PandoException.class);
                    flipped++;
                }
                break;
            }
        }
        assertThat(flipped).isGreaterThan(50);
    }

    private static List<CarFrame> frames(byte[] segment) throws IOException {
        List<CarFrame> frames = new ArrayList<>();
        CarReader reader = CarReader.open(ByteBuffer.wrap(segment), true);
        for (CarFrame frame = reader.next(); frame != null; frame = reader.next()) {
            frames.add(frame);
        }
        return frames;
    }

    /** The checkpoint is begun on the writer, and made when the compaction has let go of the maps. */
    @Test
    void aCheckpointThatWasBegunBeforeKnowsTheNewPlaces() {
        FaultyDisk disk = new FaultyDisk(1);
        try (Store store = open(disk)) {
            fill(store);
            Runnable checkpoint = store.beginCheckpoint();
            assertThat(store.compact(unusedUpTo(TRANSACTIONS)).segments()).isPositive();
            checkpoint.run();
            append(store, List.of(kept(80)));
            try (Store after = open(disk.afterCrash(Survival.KEEP, 1))) {
                assertHolds(after, true);
            }
        }
    }

    /** The power goes after each operation of a compaction. */
    @ParameterizedTest
    @EnumSource(Survival.class)
    void powerLossAtEveryOperation(Survival survival) {
        FaultyDisk disk = new FaultyDisk(1);
        try (Store store = open(disk)) {
            fill(store);
            store.checkpoint();
            long[] looked = {0};
            disk.observe(n -> {
                looked[0]++;
                try (Store after = open(disk.afterCrash(survival, n * 31))) {
                    assertHolds(after, false);
                }
            });
            store.compact(unusedUpTo(TRANSACTIONS));
            disk.observe(n -> {});
            assertThat(looked[0]).isGreaterThan(20);
            try (Store after = open(disk.afterCrash(survival, 5))) {
                assertHolds(after, true);
            }
        }
    }

    /** A block comes again when the index has forgotten it and the power goes before its old place is gone. */
    @Test
    void whatStandsTwiceStaysOnce() {
        FaultyDisk disk = new FaultyDisk(1);
        Block again = waste(6);
        int[] looked = {0};
        try (Store store = open(disk)) {
            fill(store);
            disk.observe(n -> {
                if (looked[0] == 0 && !store.contains(again.cid())) {
                    looked[0]++;
                    append(store, List.of(again, kept(70)));
                    try (Store after = open(disk.afterCrash(Survival.DROP, n))) {
                        assertThat(after.compact(unusedUpTo(TRANSACTIONS)).segments())
                                .isPositive();
                        assertThat(after.get(again.cid())).isEqualTo(again.bytes());
                        assertHolds(after, true);
                    }
                }
            });
            store.compact(unusedUpTo(TRANSACTIONS));
            disk.observe(n -> {});
            assertHolds(store, true);
        }
        assertThat(looked[0]).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "CRASH")
    void errorAtEveryOperation(Fault fault) {
        for (long n = 1; ; n++) {
            written.clear();
            FaultyDisk disk = new FaultyDisk(n);
            Store store = open(disk);
            fill(store);
            store.checkpoint();
            disk.failAt(disk.operations() + n, fault);
            boolean failed = false;
            try {
                store.compact(unusedUpTo(TRANSACTIONS));
            } catch (PandoException e) {
                assertThat(e.kind()).isIn(PandoException.Kind.IO_ERROR, PandoException.Kind.DISK_FULL);
                failed = true;
            }
            boolean reached = disk.hasFailed();
            disk.repair();
            if (store.isWritable()) {
                assertHolds(store, !failed);
            }
            store.close();
            try (Store after = open(disk)) {
                assertHolds(after, !failed);
            }
            if (!reached) {
                assertThat(n).isGreaterThan(20);
                return;
            }
        }
    }

    // ---- bytes

    @Test
    void aCompactedSegment() throws IOException {
        byte[] next = {0x11};
        StoreEnvironment fixed = target -> {
            Arrays.fill(target, next[0]);
            next[0] += 0x11;
        };
        MemoryDisk disk = new MemoryDisk();
        try (Store store =
                Store.open(disk, StoreOptions.DEFAULT.withSegmentBytes(1).withPreallocateBytes(0), fixed)) {
            store.recover(new Blocks.Recorder());
            store.append(Blocks.transaction(Blocks.raw("kept"), Blocks.raw("waste" + " ".repeat(100))));
            store.force();
            store.append(Blocks.transaction(Blocks.raw("more")));
            store.force();
            assertThat(store.compact(unusedUpTo(1)))
                    .extracting(CompactionReport::segments)
                    .isEqualTo(1);
        }
        String hex = HexFormat.of().formatHex(content(disk, Segments.name(1)));
        try (InputStream in = CompactionTest.class.getResourceAsStream("/golden/log/compacted.hex")) {
            String golden = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(hex.replaceAll("(.{64})", "$1\n").lines().toList())
                    .isEqualTo(golden.lines().toList());
        }
    }

    private static byte[] content(Disk disk, String name) throws IOException {
        try (DiskFile file = disk.open(name, false)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.size());
            file.read(0, content);
            return content.array();
        }
    }
}
