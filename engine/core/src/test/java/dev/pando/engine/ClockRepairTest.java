package dev.pando.engine;

import static dev.pando.engine.TestDatabase.BOOKS;
import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.delete;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.Alteration;
import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Grants.Right;
import dev.pando.Inspection.CommitInfo;
import dev.pando.Maintenance.ClockRepaired;
import dev.pando.PandoException;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.replication.AdmissionOutcome;
import dev.pando.replication.LogTail;
import dev.pando.store.DiskFile;
import dev.pando.store.MemoryDisk;
import dev.pando.store.testing.FaultyDisk;
import dev.pando.store.testing.Survival;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code repair_clock} (docs/rules.md §4): the clock ran two hours ahead for a while, and was set right. */
@Timeout(60)
class ClockRepairTest {

    private static final long NOW = 1_800_000_000_000L;
    private static final long AHEAD = Duration.ofHours(2).toMillis();
    private static final int PAGE_BYTES = 4 << 20;

    private final FaultyDisk disk = new FaultyDisk(1);
    private final InlineEnvironment environment = new InlineEnvironment(disk, 1);

    private static Engine open(InlineEnvironment environment) {
        return Engine.open(EngineOptions.inMemory().withEnvironment(environment));
    }

    /** What of each kind of change lies before, and what is written by the wrong clock. */
    private void write(Engine engine) {
        Table table = books(engine);
        environment.setTime(NOW);
        commit(engine, tx -> {
            for (String key : List.of("0", "1", "2", "3")) {
                insert(tx, table, key, "title", 1L, 5L);
            }
        });
        environment.setTime(NOW + AHEAD);
        commit(engine, tx -> {
            update(tx, table, "0", values -> values[1] = "x".repeat(100_000));
            update(tx, table, "1", values -> values[3] = 7L);
        });
        commit(engine, tx -> update(tx, table, "1", values -> values[3] = 10L));
        commit(engine, tx -> delete(tx, table, "2"));
        commit(engine, tx -> insert(tx, table, "new", "title", null, 3L));
        commit(engine, tx -> insert(tx, table, "gone", "title"));
        commit(engine, tx -> delete(tx, table, "gone"));
        commit(engine, tx -> update(tx, table, "3", values -> values[1] = "other"));
        commit(engine, tx -> update(tx, table, "3", values -> values[1] = "title"));
        engine.catalog().alter(table, List.of(new Alteration.RenameColumn("pages", "sheets")));
        environment.setTime(NOW + 60_000);
    }

    private static void checkSound(Engine engine, List<List<Object>> expected) {
        Table table = books(engine);
        assertThat(rows(engine, table)).isEqualTo(expected);
        assertThat(table.columns().get(2).name()).isEqualTo("sheets");
        LogFold.check(engine, table);
        assertThat(engine.maintenance().check().problems()).isEmpty();
        assertThat(engine.inspection().commits(0, 100))
                .extracting(CommitInfo::time)
                .allMatch(time -> time.toEpochMilli() < NOW + AHEAD);
    }

    @Test
    void changesOfTheFutureAreWrittenAgainAtThePresentTime() {
        List<List<Object>> expected;
        Cid hash;
        try (Engine engine = open(environment)) {
            write(engine);
            engine.maintenance().checkpoint();
            expected = rows(engine, books(engine));
            assertThat(engine.maintenance().repairClock()).isEqualTo(new ClockRepaired(9, 5));
            checkSound(engine, expected);
            assertThat(engine.maintenance().repairClock()).isEqualTo(new ClockRepaired(0, 0));
            commit(engine, tx -> insert(tx, books(engine), "gone", "again"));
            commit(engine, tx -> delete(tx, books(engine), "gone"));
            LogFold.check(engine, books(engine));
            hash = engine.stateHash(books(engine));
        }
        for (Survival survival : Survival.values()) {
            try (Engine engine = open(new InlineEnvironment(disk.afterCrash(survival, 1), 2))) {
                checkSound(engine, expected);
                assertThat(engine.stateHash(books(engine))).isEqualTo(hash);
            }
        }
    }

    /** All of it, or nothing: rows are the same either way. */
    @ParameterizedTest
    @EnumSource(Survival.class)
    void aPowerLossAtAnyMomentChangesNoRow(Survival survival) {
        try (Engine engine = open(environment)) {
            write(engine);
            List<List<Object>> expected = rows(engine, books(engine));
            var observed = new AtomicInteger();
            disk.observe(n -> {
                observed.incrementAndGet();
                var environmentOfCopy = new InlineEnvironment(disk.afterCrash(survival, n), n);
                environmentOfCopy.setTime(NOW + 60_000);
                try (Engine copy = open(environmentOfCopy)) {
                    assertThat(rows(copy, books(copy))).isEqualTo(expected);
                    LogFold.check(copy, books(copy));
                    copy.maintenance().repairClock();
                    checkSound(copy, expected);
                }
            });
            engine.maintenance().repairClock();
            disk.observe(n -> {});
            assertThat(observed).hasPositiveValue();
        }
    }

    @Test
    void whatMayBeKnownToOthersStaysAndTheRestIsRepaired() {
        try (Engine engine = open(environment)) {
            write(engine);
            LogTail tail = ShareChangeTest.tail(engine);
            long sent = tail.lastSequence();
            assertThat(page(engine).shares()).isNotEmpty();
            environment.setTime(NOW + AHEAD);
            commit(engine, tx -> {
                update(tx, books(engine), "0", values -> values[1] = "upon what was sent");
                update(tx, books(engine), "new", values -> values[1] = "the same commit");
            });
            commit(engine, tx -> insert(tx, books(engine), "alone", "title"));
            List<List<Object>> expected = rows(engine, books(engine));
            environment.setTime(NOW + 60_000);
            assertThatThrownBy(() -> engine.maintenance().repairClock())
                    .isInstanceOf(PandoException.class)
                    .hasMessageContaining("10 commits")
                    .hasMessageContaining("1 others were withdrawn, and 1 documents")
                    .hasMessageContaining("2027-01-15T09:5");
            assertThat(rows(engine, books(engine))).isEqualTo(expected);
            LogFold.check(engine, books(engine));
            assertThat(engine.inspection().commits(sent, 100))
                    .extracting(commit -> commit.time().toEpochMilli() > NOW + AHEAD - 1)
                    .containsExactly(true, false);
        }
    }

    /** The mark on disk is never below the truth. */
    @Test
    void aCrashForgetsNothingOfWhatWasSent() {
        try (Engine engine = open(environment)) {
            write(engine);
            assertThat(page(engine).shares()).isNotEmpty();
            var after = new InlineEnvironment(disk.afterCrash(Survival.DROP, 1), 3);
            after.setTime(NOW + 60_000);
            try (Engine copy = open(after)) {
                assertThatThrownBy(() -> copy.maintenance().repairClock())
                        .isInstanceOf(PandoException.class)
                        .hasMessageContaining("9 commits");
                after.setTime(NOW + AHEAD);
                commit(copy, tx -> insert(tx, books(copy), "since", "title"));
                after.setTime(NOW + 60_000);
                assertThatThrownBy(() -> copy.maintenance().repairClock())
                        .isInstanceOf(PandoException.class)
                        .hasMessageContaining("1 others were withdrawn");
            }
        }
    }

    /** Between the mark that a backup raises and its last transaction any number of commits may come. */
    @Test
    void allThatCameWithABackupCountsAsKnownToOthers() throws IOException {
        var target = new MemoryDisk();
        try (Engine engine = open(environment)) {
            EngineParts parts = ((EngineImpl) engine).parts();
            parts.departures.leaveAll(parts.committer.forcedSequence());
            parts.departures.lower(); // the last peer is gone
            write(engine);
            parts.store.backup(target);
        }
        try (DiskFile key = disk.open(Identity.FILE, false);
                DiskFile copy = target.open(Identity.FILE, true)) {
            var bytes = ByteBuffer.allocate((int) key.size());
            key.read(0, bytes);
            copy.write(0, bytes.flip());
        }
        for (int opened = 1; opened <= 2; opened++) {
            var restored = new InlineEnvironment(target, 10 + opened);
            restored.setTime(NOW + AHEAD);
            try (Engine copy = open(restored)) {
                int number = opened;
                commit(copy, tx -> insert(tx, books(copy), "since " + number, "title"));
                restored.setTime(NOW + 60_000);
                assertThatThrownBy(() -> copy.maintenance().repairClock())
                        .isInstanceOf(PandoException.class)
                        .hasMessageContaining("9 commits")
                        .hasMessageContaining("1 others were withdrawn");
            }
        }
    }

    @Test
    void aCleanCloseKeepsWhatWasSentToTheCommit() {
        try (Engine engine = open(environment)) {
            environment.setTime(NOW);
            commit(engine, tx -> insert(tx, books(engine), "0", "title"));
            assertThat(page(engine).shares()).hasSize(1);
        }
        try (Engine engine = open(environment)) {
            environment.setTime(NOW + AHEAD);
            commit(engine, tx -> insert(tx, books(engine), "1", "title"));
            /* No clean close: as many as the mark runs ahead count as sent. */
        }
        try (Engine engine = open(environment)) {
            environment.setTime(NOW);
            assertThat(engine.maintenance().repairClock()).isEqualTo(new ClockRepaired(1, 1));
        }
    }

    @Test
    void aTransactionThatReadWhatWasWithdrawnIsToBeginAnew() {
        try (Engine engine = open(environment);
                Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
            write(engine);
            update(tx, books(engine), "0", values -> values[2] = 9L);
            engine.maintenance().repairClock();
            assertThatThrownBy(tx::commit)
                    .isInstanceOfSatisfying(
                            PandoException.class,
                            e -> assertThat(e.kind()).isEqualTo(PandoException.Kind.SERIALIZATION_FAILURE));
            LogFold.check(engine, books(engine));
        }
    }

    /** A peer with a right clock admits at once what is left and what was written again. */
    @Test
    void peersGetWhatStandsInTheirPlace() {
        var other = new InlineEnvironment(new MemoryDisk(), 9);
        try (Engine engine = open(environment);
                Engine peer = open(other)) {
            write(engine);
            engine.maintenance().repairClock();
            Table table = peer.catalog().createTable(BOOKS);
            peer.grants().grant(table, Optional.of(engine.peerId()), Set.of(Right.WRITE, Right.ALTER));
            other.setTime(NOW + 60_000);
            for (LogTail.OutgoingShare share : page(engine).shares()) {
                assertThat(share.blocks()).noneMatch(block -> BlockKind.of(block) == BlockKind.LOCAL_RECORD);
                assertThat(((EngineImpl) peer).admit(engine.peerId(), copy(share.blocks())))
                        .isInstanceOf(AdmissionOutcome.Applied.class);
            }
            assertThat(rows(peer, books(peer))).isEqualTo(rows(engine, books(engine)));
            assertThat(peer.stateHash(books(peer))).isEqualTo(engine.stateHash(books(engine)));
        }
    }

    private static List<Block> copy(List<Block> blocks) {
        return new ArrayList<>(blocks);
    }

    private static LogTail.Page page(Engine engine) {
        LogTail tail = ShareChangeTest.tail(engine);
        return tail.read(0, tail.lastSequence(), Set.of(books(engine).collectionId()), PAGE_BYTES);
    }
}
