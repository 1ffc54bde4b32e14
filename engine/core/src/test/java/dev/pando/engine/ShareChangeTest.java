package dev.pando.engine;

import static dev.pando.engine.TestDatabase.BOOKS;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ColumnType;
import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.dag.ShareVerifier;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.libp2p.KeyType;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.replication.AdmissionOutcome;
import dev.pando.replication.BroughtShare;
import dev.pando.store.MemoryDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shares at the door, beside what else is in their group. */
class ShareChangeTest {

    private static Engine open(long seed) {
        return Engine.open(EngineOptions.inMemory().withEnvironment(new InlineEnvironment(new MemoryDisk(), seed)));
    }

    private static EngineParts parts(Engine engine) {
        return ((EngineImpl) engine).parts();
    }

    /** The share of one commit, as a peer would send it. */
    private static VerifiedShare share(Engine from, long sequence) {
        List<Block> found = new ArrayList<>();
        parts(from).store.scan(sequence, (number, blocks) -> {
            found.addAll(blocks);
            return false;
        });
        return (VerifiedShare) ShareVerifier.verify(found.get(0), found.subList(1, found.size()));
    }

    private static CompletableFuture<AdmissionOutcome> submit(Engine to, VerifiedShare share) {
        EngineParts parts = parts(to);
        PeerId author = PeerId.of(PublicKey.of(KeyType.ED25519, share.commit().author()));
        return parts.committer.submit(new ShareChange(
                BroughtShare.by(author, null, share),
                author,
                parts.tables,
                parts.grants,
                new Admitted(parts.store, parts.meta),
                parts.clock));
    }

    private static AdmissionOutcome admit(Engine to, VerifiedShare share) {
        return parts(to).threads.await(submit(to, share));
    }

    @Test
    void aShareThatLacksAParentChangesNothingWhateverElseIsInItsGroup() {
        int books = 8;
        for (int lacking = 0; lacking < books; lacking++) {
            try (Engine from = open(1);
                    Engine to = open(2)) {
                Table table = from.catalog().createTable(BOOKS);
                Table copy = to.catalog().createTable(BOOKS);
                VerifiedShare late = null;
                for (int i = 0; i < books; i++) {
                    String key = "b" + i;
                    long sequence = commit(from, tx -> insert(tx, table, key, "old"));
                    if (i == lacking) {
                        late = share(from, sequence);
                    } else {
                        assertThat(admit(to, share(from, sequence))).isInstanceOf(AdmissionOutcome.Applied.class);
                    }
                }
                List<List<Object>> before = rows(to, copy);
                long changed = commit(from, tx -> {
                    for (int i = 0; i < books; i++) {
                        update(tx, table, "b" + i, values -> {
                            values[1] = "new";
                            values[3] = 1L;
                        });
                    }
                });
                VerifiedShare update = share(from, changed);

                CompletableFuture<AdmissionOutcome> lacks = submit(to, update);
                var record = new RecordChange(
                        parts(to).locals, List.of(new RecordChange.Put("Test", "key", new byte[1])), true, () -> {});
                parts(to).threads.await(parts(to).committer.submit(record));
                assertThat(lacks).isCompletedWithValueMatching(o -> o instanceof AdmissionOutcome.MissingParents);
                assertThat(rows(to, copy)).isEqualTo(before);

                assertThat(admit(to, late)).isInstanceOf(AdmissionOutcome.Applied.class);
                assertThat(admit(to, update)).isInstanceOf(AdmissionOutcome.Applied.class);
                assertThat(rows(to, copy)).isEqualTo(rows(from, table));
            }
        }
    }

    /** A table that was dropped and made again knows by itself what it holds: the log knows what the old one held too. */
    @Test
    void whatWasWrittenToATableMadeAgainCountsOnceThoughAPeerSendsItBack() {
        var disk = new MemoryDisk();
        var options = EngineOptions.inMemory();
        List<VerifiedShare> written = new ArrayList<>();
        try (Engine engine = Engine.open(options.withEnvironment(new InlineEnvironment(disk, 1)))) {
            engine.catalog().dropTable(engine.catalog().createTable(BOOKS));
            Table again = engine.catalog().createTable(BOOKS);
            written.add(share(engine, commit(engine, tx -> insert(tx, again, "a", "title", 1L, 1L))));
            written.add(share(
                    engine, commit(engine, tx -> update(tx, again, "a", values -> values[3] = (Long) values[3] + 1))));
            assertOnce(engine, again, written);
        }
        try (Engine engine = Engine.open(options.withEnvironment(new InlineEnvironment(disk, 2)))) {
            assertOnce(engine, TestDatabase.books(engine), written);
        }
    }

    private static void assertOnce(Engine engine, Table table, List<VerifiedShare> written) {
        for (VerifiedShare share : written) {
            assertThat(tail(engine).contains(share.cid())).isTrue();
            assertThat(admit(engine, share)).isInstanceOf(AdmissionOutcome.AlreadyKnown.class);
        }
        assertThat(rows(engine, table)).containsExactly(List.of("a", "title", 1L, 2L));
    }

    static LogTailImpl tail(Engine engine) {
        EngineParts parts = parts(engine);
        return new LogTailImpl(
                parts.store,
                parts.committer,
                parts.tables,
                parts.hashes,
                parts.rows,
                new HeadTrees(parts.tables, parts.rows, parts.committer, parts.threads, () -> 0),
                new Admitted(parts.store, parts.meta),
                parts.snapshots,
                parts.threads,
                parts.withdrawals,
                parts.departures);
    }

    @Test
    void aPeerIsNotToldOfWhatACrashCouldLose() {
        VerifiedShare share;
        try (Engine forced = open(1)) {
            Table table = forced.catalog().createTable(BOOKS);
            share = share(forced, commit(forced, tx -> insert(tx, table, "a", "title")));
        }
        /* The same engine once more, so the same commit. */
        var options = EngineOptions.inMemory()
                .withEnvironment(new InlineEnvironment(new MemoryDisk(), 1))
                .withDurability(EngineOptions.Durability.NONE);
        try (Engine engine = Engine.open(options)) {
            Table table = engine.catalog().createTable(BOOKS);
            commit(engine, tx -> insert(tx, table, "a", "title"));
            EngineParts parts = parts(engine);
            assertThat(parts.store.contains(share.cid())).isTrue();
            assertThat(tail(engine).contains(share.cid())).isFalse();
            parts.threads.await(parts.committer.between(parts.committer::forceNow));
            assertThat(tail(engine).contains(share.cid())).isTrue();
        }
    }

    /** Rows of large commits are made before the door; those of a peer's, and at replay, behind it. */
    @Test
    void aLargeCommitMakesTheRowsThatItsMergeAndItsReplayMake() {
        var disk = new MemoryDisk();
        int documents = 3 * Pieces.HELPED_MIN;
        var options = EngineOptions.inMemory();
        try (Engine to = open(2)) {
            Table copy = to.catalog().createTable(BOOKS);
            try (Engine from = Engine.open(options.withEnvironment(new InlineEnvironment(disk, 1)))) {
                Table table = from.catalog().createTable(BOOKS);
                commit(from, tx -> insert(tx, table, "b1", "deleted before"));
                admit(to, share(from, commit(from, tx -> TestDatabase.delete(tx, table, "b1"))));
                long sequence = commit(from, tx -> {
                    for (int i = 0; i < documents; i++) {
                        insert(tx, table, "b" + i, "title " + i, 1L, (long) i);
                    }
                });
                assertThat(admit(to, share(from, sequence - 2))).isInstanceOf(AdmissionOutcome.Applied.class);
                assertThat(admit(to, share(from, sequence - 1))).isInstanceOf(AdmissionOutcome.Applied.class);
                assertThat(admit(to, share(from, sequence))).isInstanceOf(AdmissionOutcome.Applied.class);
                assertThat(rows(from, table)).hasSize(documents).isEqualTo(rows(to, copy));
                assertThat(from.stateHash(table)).isEqualTo(to.stateHash(copy));
            }
            try (Engine again = Engine.open(options.withEnvironment(new InlineEnvironment(disk, 3)))) {
                assertThat(rows(again, TestDatabase.books(again))).isEqualTo(rows(to, copy));
                assertThat(again.stateHash(TestDatabase.books(again))).isEqualTo(to.stateHash(copy));
            }
        }
    }

    /** Compaction leaves what it does not pay to write anew: of the same row some deltas are gone and some are not. */
    @Test
    void aBackupOfWhatACompactionLeftOfADroppedTableOpens(@TempDir Path directory) {
        Path copy = directory.resolve("copy");
        var slow = new InlineEnvironment(new MemoryDisk(), 1);
        slow.setTime(1_700_000_000_000L); // Its deltas are the older ones.
        try (Engine from = Engine.open(EngineOptions.inMemory().withEnvironment(slow));
                Engine to = Engine.open(EngineOptions.at(directory.resolve("db")))) {
            Table table = from.catalog().createTable(BOOKS);
            Table dropped = to.catalog().createTable(BOOKS);
            long first = commit(from, tx -> insert(tx, table, "b", "x".repeat(500_000)));
            admit(to, share(from, first));
            var other = to.catalog()
                    .createTable(TableSpec.of(
                            "PUBLIC",
                            "Other",
                            List.of(ColumnSpec.of("k", ColumnType.VARCHAR), ColumnSpec.of("v", ColumnType.VARCHAR)),
                            List.of("k")));
            endSegment(to);
            VerifiedShare beside = share(from, commit(from, tx -> update(tx, table, "b", v -> v[1] = "theirs")));
            commit(to, tx -> update(tx, dropped, "b", v -> v[1] = "ours"));
            assertThat(admit(to, beside)).isInstanceOf(AdmissionOutcome.Applied.class);
            commit(to, tx -> insert(tx, other, "k", "y".repeat(500_000)));
            to.catalog().dropTable(dropped);
            assertThat(to.maintenance().compact().segments()).isEqualTo(1);
            to.maintenance().backupTo(copy);
        }
        try (Engine restored = Engine.open(EngineOptions.at(copy))) {
            Table other = restored.catalog().find("PUBLIC", "Other").orElseThrow();
            assertThat(rows(restored, other)).hasSize(1);
        }
    }

    private static void endSegment(Engine engine) {
        Table ended = engine.catalog()
                .createTable(TableSpec.of(
                        "PUBLIC",
                        "Ended",
                        List.of(ColumnSpec.of("k", ColumnType.VARCHAR), ColumnSpec.of("v", ColumnType.VARCHAR)),
                        List.of("k")));
        commit(engine, tx -> insert(tx, ended, "k", "z".repeat(500_000)));
        engine.catalog().dropTable(ended);
        assertThat(engine.maintenance().compact().segments()).isEqualTo(1);
    }
}
