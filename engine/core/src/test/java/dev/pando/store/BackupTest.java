package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.Cancellation;
import dev.pando.PandoException;
import dev.pando.ipld.Block;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Copies of a log, and checks of one. */
class BackupTest {

    private static final StoreOptions OPTIONS =
            StoreOptions.DEFAULT.withSegmentBytes(5_000).withPreallocateBytes(4_096);

    private final MemoryDisk disk = new MemoryDisk();
    private final TreeMap<Long, List<Block>> written = new TreeMap<>();
    private final Random random = new Random(3);

    private void write(Store store, int transactions) {
        for (int i = 0; i < transactions; i++) {
            List<Block> blocks = List.of(Blocks.raw(random, random.nextInt(400)), Blocks.raw("same"));
            written.put(store.append(new LogTransaction(blocks)), blocks);
            store.force();
        }
    }

    @Test
    void aBackupMadeWhileWritingOpensAsALogOfItsOwn() throws Exception {
        MemoryDisk copy = new MemoryDisk();
        LogId id;
        TreeMap<Long, List<Block>> before;
        try (Store store = Blocks.open(disk, OPTIONS, new Blocks.Recorder())) {
            id = store.id();
            write(store, 40);
            before = new TreeMap<>(written);
            Thread writer = new Thread(() -> write(store, 40));
            writer.start();
            store.backup(copy, new Cancellation());
            writer.join();
            assertThat(Blocks.scan(store)).isEqualTo(written);
            assertThatThrownBy(() -> store.backup(copy, new Cancellation()))
                    .isInstanceOfSatisfying(
                            PandoException.class,
                            e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.INVALID_ARGUMENT));
        }
        LogId restored;
        Blocks.Recorder recorder = new Blocks.Recorder();
        try (Store store = Blocks.open(copy, OPTIONS, recorder)) {
            restored = store.id();
            assertThat(restored).isNotEqualTo(id);
            assertThat(store.lastSequence()).isBetween((long) before.size(), (long) written.size());
            TreeMap<Long, List<Block>> found = Blocks.scan(store);
            assertThat(found).isEqualTo(new TreeMap<>(written.headMap(store.lastSequence(), true)));
            assertThat(recorder.replayed).isEqualTo(found);
            store.append(Blocks.transaction(Blocks.raw("after")));
            store.force();
        }
        try (Store store = Blocks.open(copy, OPTIONS, new Blocks.Recorder())) {
            assertThat(store.id()).isEqualTo(restored);
            assertThat(store.contains(Blocks.raw("after").cid())).isTrue();
            assertThat(store.check(new Cancellation()).problems()).isEmpty();
        }
    }

    @Test
    void anUnfinishedOrShortenedBackupDoesNotOpen() throws IOException {
        MemoryDisk copy = new MemoryDisk();
        try (Store store = Blocks.open(disk, OPTIONS, new Blocks.Recorder())) {
            write(store, 3);
            store.backup(copy, new Cancellation());
        }
        String segment = Segments.name(1);
        DiskFile file = copy.open(segment, false);
        file.truncate(file.size() - 1);
        assertThatThrownBy(() -> Blocks.open(copy, OPTIONS, new Blocks.Recorder()))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining(segment);
        copy.open(Backup.INCOMPLETE, true).close();
        assertThatThrownBy(() -> Blocks.open(copy, OPTIONS, new Blocks.Recorder()))
                .isInstanceOf(PandoException.class)
                .hasMessageContaining("unfinished backup");
    }

    @Test
    void aCheckNamesEveryDamagedPlace() throws IOException {
        try (Store store = Blocks.open(disk, OPTIONS, new Blocks.Recorder())) {
            write(store, 60);
            CheckReport sound = store.check(new Cancellation());
            assertThat(sound.problems()).isEmpty();
            assertThat(sound.transactions()).isEqualTo(60);
            flip(Segments.name(1), 1_000);
            flip(Segments.name(3), 2_000);
            CheckReport damaged = store.check(new Cancellation());
            assertThat(damaged.isSound()).isFalse();
            assertThat(damaged.problems()).anyMatch(problem -> problem.contains(Segments.name(1) + " offset"));
            assertThat(damaged.problems()).anyMatch(problem -> problem.contains(Segments.name(3) + " offset"));
            assertThat(damaged.problems()).noneMatch(problem -> problem.contains(Segments.name(2)));
            assertThatThrownBy(() -> store.backup(new MemoryDisk(), new Cancellation()))
                    .hasMessageContaining(Segments.name(1));
        }
        assertThatThrownBy(() -> Blocks.open(disk, OPTIONS, new Blocks.Recorder()))
                .isInstanceOfSatisfying(PandoException.class, e -> {
                    assertThat(e.kind()).isEqualTo(PandoException.Kind.CORRUPT);
                    assertThat(e).hasMessageContaining(Segments.name(1) + " offset");
                });
    }

    private void flip(String name, long offset) throws IOException {
        try (DiskFile file = disk.open(name, false)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            file.read(offset, one);
            file.write(offset, ByteBuffer.wrap(new byte[] {(byte) ~one.get(0)}));
        }
    }
}
