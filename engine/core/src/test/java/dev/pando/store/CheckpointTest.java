package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.store.testing.Fault;
import dev.pando.store.testing.FaultyDisk;
import dev.pando.store.testing.Survival;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A checkpoint holds what the log before it holds, and nothing that the log does not. */
class CheckpointTest {

    @Test
    void itHasBlocksThatWereAppendedAndNotForced() {
        FaultyDisk disk = new FaultyDisk(1);
        Block a = Blocks.raw("a");
        try (Store store = Blocks.open(disk)) {
            store.append(Blocks.transaction(a));
            store.checkpoint();
            assertIsThere(disk.afterCrash(Survival.DROP, 2), a);
        }
    }

    private static void assertIsThere(Disk disk, Block block) {
        try (Store store = Blocks.open(disk)) {
            assertThat(store.lastSequence()).isEqualTo(1);
            assertThat(store.get(block.cid())).isEqualTo(block.bytes());
        }
    }

    @Test
    void itDoesNotHaveBlocksThatFoundNoRoomMeanwhile() {
        FaultyDisk disk = new FaultyDisk(1);
        Random random = new Random(1);
        List<Block> large = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            large.add(Blocks.raw(random, 500_000));
        }
        try (Store store = Blocks.open(disk)) {
            store.append(Blocks.transaction(Blocks.raw("a")));
            store.force();
            Runnable checkpoint = store.beginCheckpoint();
            store.append(new LogTransaction(large));
            boolean[] tried = new boolean[1];
            disk.observe(operation -> {
                if (!tried[0] && isWalked(disk)) {
                    tried[0] = true;
                    disk.failAt(disk.operations() + 1, Fault.DISK_FULL_ONCE);
                    assertThatThrownBy(store::force).isInstanceOf(PandoException.class);
                    disk.repair();
                }
            });
            assertThatThrownBy(checkpoint::run)
                    .isInstanceOfSatisfying(
                            PandoException.class, e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.DISK_FULL));
            disk.observe(operation -> {});
            assertThat(tried[0]).isTrue();
            assertThat(store.isWritable()).isTrue();
            assertThat(store.lastSequence()).isEqualTo(1);
            FaultyDisk next = disk.afterCrash(Survival.DROP, 2);
            try (Store again = Blocks.open(next)) {
                large.forEach(block -> assertThat(again.contains(block.cid())).isFalse());
            }
        }
    }

    private static boolean isWalked(FaultyDisk disk) {
        try {
            return disk.exists(Checkpoint.NAME + Segments.ASIDE)
                    && disk.open(Checkpoint.NAME + Segments.ASIDE, false).size() > 300;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
