package dev.pando.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.DocumentId;
import dev.pando.PandoException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SnapshotsTest {

    private static final RowKey KEY = RowKey.of(1, DocumentId.of(new byte[32]));

    private final Snapshots snapshots = new Snapshots(10_000);

    @Test
    void aSnapshotKeepsTheVersionsItSees() {
        snapshots.publish(5);
        var slot = snapshots.open();
        assertThat(snapshots.take(slot)).isEqualTo(5);
        overwrite(5, 6);
        overwrite(6, 7);
        assertThat(snapshots.old(KEY, 5)).containsExactly(5);
        assertThat(snapshots.old(KEY, 6)).containsExactly(6);
        snapshots.close(slot);
        snapshots.trim();
        assertThat(snapshots.old(KEY, 5)).isNull();
        assertThat(snapshots.undoBytes()).isZero();
    }

    @Test
    void whatNoSnapshotSeesGoesAtOnce() {
        snapshots.publish(5);
        overwrite(5, 6);
        assertThat(snapshots.undoBytes()).isZero();
    }

    @Test
    void aRowThatIsNewerThanTheSnapshotWasNotThere() {
        assertThat(snapshots.old(KEY, 3)).isNull();
    }

    @Test
    void atTheLimitTheOldestSnapshotEnds() {
        snapshots.publish(5);
        var old = snapshots.open();
        snapshots.take(old);
        snapshots.save(KEY, 5, 6, new byte[6_000]);
        snapshots.publish(6);
        snapshots.trim();
        var young = snapshots.open();
        snapshots.take(young);
        snapshots.save(KEY, 6, 7, new byte[6_000]);
        snapshots.publish(7);
        snapshots.trim();
        assertThatThrownBy(() -> snapshots.old(KEY, 5))
                .isInstanceOfSatisfying(
                        PandoException.class,
                        e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.SNAPSHOT_TOO_OLD));
        assertThat(snapshots.old(KEY, 6)).hasSize(6_000);
    }

    @Test
    void actionsWaitForTheLastSnapshotThatCouldSee() {
        snapshots.publish(5);
        var slot = snapshots.open();
        snapshots.take(slot);
        var runs = new AtomicInteger();
        snapshots.whenUnseen(6, runs::incrementAndGet);
        snapshots.publish(6);
        snapshots.trim();
        assertThat(runs).hasValue(0);
        snapshots.close(slot);
        snapshots.trim();
        assertThat(runs).hasValue(1);
    }

    private void overwrite(int from, int until) {
        snapshots.save(KEY, from, until, new byte[] {(byte) from});
        snapshots.publish(until);
        snapshots.trim();
    }
}
