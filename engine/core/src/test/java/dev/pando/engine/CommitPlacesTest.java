package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.ipld.Cid;
import dev.pando.replication.LogTail;
import dev.pando.replication.LogTail.Backlog;
import dev.pando.store.MemoryDisk;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CommitPlacesTest {

    /** Against a plain map, with the beginning filled in at some time. */
    @Test
    void counts() {
        for (int seed = 0; seed < 50; seed++) {
            var random = new Random(seed);
            var all = new TreeMap<Long, Long>();
            long begin = 40;
            var places = new CommitPlaces(begin);
            var old = new CommitPlaces(0);
            for (long sequence = 1; sequence < 300; sequence++) {
                if (random.nextInt(3) == 0) {
                    all.put(sequence, sequence * 7);
                    (sequence <= begin ? old : places).add(sequence, sequence * 7);
                }
            }
            for (long after = 0; after < begin; after++) {
                assertThat(places.after(after)).isNull();
            }
            check(places, all, begin);
            places.fill(0, old);
            check(places, all, 0);
        }
    }

    /** Two who ask for different beginnings read the log at the same time: what both found counts once. */
    @Test
    void whatTwoFoundCountsOnce() {
        var places = new CommitPlaces(10);
        places.add(11, 11);
        places.fill(4, upToTen(4));
        places.fill(2, upToTen(2));
        assertThat(places.after(2)).isEqualTo(new Backlog(9, 3));
        assertThat(places.after(7)).isEqualTo(new Backlog(4, 8));
    }

    private static CommitPlaces upToTen(long after) {
        var found = new CommitPlaces(after);
        for (long sequence = after + 1; sequence <= 10; sequence++) {
            found.add(sequence, sequence);
        }
        return found;
    }

    private static void check(CommitPlaces places, TreeMap<Long, Long> all, long from) {
        for (long after = from; after < 310; after++) {
            var later = all.tailMap(after, false);
            assertThat(places.after(after))
                    .isEqualTo(new Backlog(
                            later.size(),
                            later.isEmpty() ? 0 : later.firstEntry().getValue()));
        }
    }

    @Test
    void theOldestAreForgotten() {
        var places = new CommitPlaces(0);
        int more = 1_000;
        for (long sequence = 1; sequence <= CommitPlaces.PLACES_MAX + more; sequence++) {
            places.add(sequence, sequence);
        }
        assertThat(places.after(0)).isEqualTo(new Backlog(CommitPlaces.PLACES_MAX, more + 1));
        assertThat(places.after(more + 10)).isEqualTo(new Backlog(CommitPlaces.PLACES_MAX - 10, more + 11));
    }

    @Test
    void commitsBeforeAndAfterTheProcessBeganAreCounted() {
        var disk = new MemoryDisk();
        EngineOptions options = EngineOptions.inMemory();
        long first;
        try (Engine engine = Engine.open(options.withEnvironment(new InlineEnvironment(disk, 1)))) {
            engine.catalog().createTable(TestDatabase.BOOKS);
            first = commit(engine, tx -> insert(tx, books(engine), "1", "title"));
            commit(engine, tx -> insert(tx, books(engine), "2", "title"));
        }
        try (Engine engine = Engine.open(options.withEnvironment(new InlineEnvironment(disk, 2)))) {
            EngineParts parts = ((EngineImpl) engine).parts();
            Cid books = books(engine).collectionId();
            LogTail tail = new LogTailImpl(
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
            assertThat(tail.backlog(first, books).commits()).isEqualTo(1);
            for (String key : List.of("3", "4")) {
                commit(engine, tx -> insert(tx, books(engine), key, "title"));
            }
            assertThat(tail.backlog(first, books).commits()).isEqualTo(3);
            assertThat(tail.backlog(first - 1, books).commits()).isEqualTo(4);
            assertThat(tail.backlog(tail.lastSequence(), books)).isEqualTo(new Backlog(0, 0));
        }
    }
}
