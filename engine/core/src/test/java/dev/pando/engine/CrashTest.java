package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Alteration;
import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.PandoException;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import dev.pando.ipld.Cid;
import dev.pando.store.testing.Fault;
import dev.pando.store.testing.FaultyDisk;
import dev.pando.store.testing.Survival;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The disk fails at operation n, for every n of a workload of transactions: what was acknowledged is there, what was not
 * is there as a whole or not at all, and counted anew the state hash is the one that was kept along.
 */
class CrashTest {

    /** Some 200 changes of rows, and between them of the definition, and checkpoints. */
    private static final int TRANSACTIONS = 80;

    @ParameterizedTest
    @EnumSource(Survival.class)
    void powerLossAtEveryOperation(Survival survival) {
        var workload = new Workload(1);
        var disk = new FaultyDisk(1);
        /* One run for all: what a start would find after each operation, against what was acknowledged by then. */
        disk.observe(n -> workload.asOfNow()
                .verify("power loss after " + n + ", " + survival, disk.afterCrash(survival, n * 31)));
        workload.run(disk, TRANSACTIONS);
        assertThat(workload.failure).isNull();
    }

    /** The same with the operation itself torn, or without any effect. */
    @Test
    @Tag("slow")
    void powerLossWithinEveryOperation() {
        long operations = operationsOfAWholeRun(1);
        for (long n = 1; n <= operations; n++) {
            var workload = new Workload(1);
            var disk = new FaultyDisk(n);
            disk.failAt(n, Fault.CRASH);
            workload.run(disk, TRANSACTIONS);
            workload.verify("power loss at " + n, disk.afterCrash(survival(n), n * 31));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "CRASH")
    @Tag("slow")
    void errorAtEveryOperation(Fault fault) {
        long operations = operationsOfAWholeRun(2);
        for (long n = 1; n <= operations; n++) {
            var workload = new Workload(2);
            var disk = new FaultyDisk(n);
            disk.failAt(n, fault);
            workload.run(disk, TRANSACTIONS);
            disk.repair();
            workload.verify(fault + " at " + n, disk);
        }
    }

    /** The power goes again at every operation of the recovery from a loss of power. */
    @Test
    @Tag("slow")
    void powerLossAtEveryOperationOfARecovery() {
        long operations = operationsOfAWholeRun(3);
        for (long n = 1; n <= operations; n += 3) {
            var workload = new Workload(3);
            var disk = new FaultyDisk(n);
            disk.failAt(n, Fault.CRASH);
            workload.run(disk, TRANSACTIONS);
            for (int k = 1; ; k++) {
                FaultyDisk recovering = disk.afterCrash(survival(n + k), n);
                recovering.failAt(k, Fault.CRASH);
                boolean opened = opens(workload, recovering);
                if (opened && !recovering.hasFailed()) {
                    break;
                }
                disk = recovering;
            }
            workload.verify("recoveries after power loss at " + n, disk.afterCrash(survival(n), n));
        }
    }

    private static Survival survival(long number) {
        return Survival.values()[(int) (number % Survival.values().length)];
    }

    private static boolean opens(Workload workload, FaultyDisk disk) {
        try (Engine engine = workload.open(disk)) {
            return true;
        } catch (PandoException e) {
            assertThat(e.kind()).isEqualTo(PandoException.Kind.IO_ERROR);
            return false;
        }
    }

    /** The caller is told, nothing else happens, and the same engine goes on as soon as there is room. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DISK_FULL_ONCE", "DISK_FULL_FOREVER"})
    void aFullDiskEndsTransactionsButNotTheEngine(Fault fault) {
        int transactions = TRANSACTIONS / 3;
        int survived = 0;
        for (long n = 1; n <= 2 * transactions; n++) {
            var workload = new Workload(3);
            var disk = new FaultyDisk(n);
            survived += workload.runThroughFullDisk(disk, transactions, n, fault) ? 1 : 0;
            disk.repair();
            workload.inFlight = workload.acknowledged;
            workload.verify(fault + " at " + n, disk);
        }
        assertThat(survived).isGreaterThanOrEqualTo(transactions / 2);
    }

    @Test
    void crashesOnTopOfCrashes() {
        for (int seed = 1; seed <= 40; seed++) {
            var workload = new Workload(seed);
            var random = new Random(seed);
            var disk = new FaultyDisk(seed);
            for (int life = 0; life < 8; life++) {
                disk.failAt(disk.operations() + 1 + random.nextInt(120), Fault.CRASH);
                workload.run(disk, TRANSACTIONS);
                disk = disk.afterCrash(Survival.values()[random.nextInt(Survival.values().length)], seed * 8L + life);
                disk = workload.verify("seed " + seed + ", life " + life, disk);
            }
        }
    }

    private static long operationsOfAWholeRun(long seed) {
        var disk = new FaultyDisk(0);
        var workload = new Workload(seed);
        workload.run(disk, TRANSACTIONS);
        assertThat(workload.failure).isNull();
        long operations = disk.operations();
        workload.verify("without a fault", disk);
        return operations;
    }

    /** Random transactions, and the rows that must come of the acknowledged ones. */
    private static final class Workload {

        private final Random random;
        private final long seed;
        private TreeMap<String, List<Object>> acknowledged = new TreeMap<>();
        private TreeMap<String, List<Object>> inFlight = new TreeMap<>();
        private boolean tableAcknowledged;
        private PandoException failure;
        private Cid keptHash;
        private int comments;
        private int commented;

        Workload(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
        }

        /** What is known now, to be verified while this one goes on. */
        Workload asOfNow() {
            var copy = new Workload(seed);
            copy.acknowledged = acknowledged;
            copy.inFlight = inFlight;
            copy.tableAcknowledged = tableAcknowledged;
            copy.commented = commented;
            return copy;
        }

        private Engine open(FaultyDisk disk) {
            return Engine.open(EngineOptions.inMemory().withEnvironment(new InlineEnvironment(disk, seed)));
        }

        /** Goes on until the first failure. */
        void run(FaultyDisk disk, int transactions) {
            failure = null;
            try (Engine engine = open(disk)) {
                Table table = books(engine);
                tableAcknowledged = true;
                for (int i = 0; i < transactions; i++) {
                    transaction(engine, table);
                    if (i % 16 == 7) {
                        engine.maintenance().checkpoint();
                    } else if (i % 16 == 15) {
                        comment(engine, ++comments);
                    }
                }
            } catch (PandoException e) {
                failure = e;
            }
        }

        /** Goes on after a full disk; whether the engine lived through one. */
        boolean runThroughFullDisk(FaultyDisk disk, int transactions, long n, Fault fault) {
            int failed = 0;
            try (Engine engine = open(disk)) {
                Table table = books(engine);
                tableAcknowledged = true;
                disk.failAt(disk.operations() + n, fault);
                for (int i = 0; i < transactions; i++) {
                    try {
                        transaction(engine, table);
                    } catch (PandoException e) {
                        assertThat(e.kind()).isEqualTo(PandoException.Kind.DISK_FULL);
                        assertThat(rows(engine, table)).isEqualTo(List.copyOf(acknowledged.values()));
                        failed++;
                        if (failed == 3) {
                            disk.repair();
                        }
                    }
                }
                assertThat(failed).isLessThanOrEqualTo(3);
                return failed > 0;
            } catch (PandoException e) {
                assertThat(e.kind()).isEqualTo(PandoException.Kind.DISK_FULL);
                return false;
            }
        }

        private void transaction(Engine engine, Table table) {
            var after = new TreeMap<>(acknowledged);
            try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                int changes = 1 + random.nextInt(4);
                for (int i = 0; i < changes; i++) {
                    change(tx, table, after);
                }
                inFlight = after;
                tx.commit();
                acknowledged = after;
            }
        }

        private void comment(Engine engine, int number) {
            engine.catalog()
                    .alter(
                            books(engine),
                            List.of(new Alteration.SetComment(Optional.empty(), Optional.of("" + number))));
            commented = number;
        }

        private static int commentNumber(Table table) {
            return table.comment().map(Integer::parseInt).orElse(0);
        }

        private void change(Transaction tx, Table table, TreeMap<String, List<Object>> after) {
            String key = "k" + random.nextInt(12);
            tx.beginStatement();
            Row row = tx.get(table, List.of(key));
            if (row == null) {
                var values = new ArrayList<Object>(List.of(key, "t" + random.nextInt(1_000), random.nextLong(100), 1L));
                TestDatabase.insert(tx, table, values.toArray());
                after.put(key, values);
            } else if (random.nextInt(4) == 0) {
                TestDatabase.delete(tx, table, key);
                after.remove(key);
            } else {
                String title = "t" + random.nextInt(1_000);
                long likes = row.getLong(3) + 1 + random.nextInt(3);
                TestDatabase.update(tx, table, key, v -> {
                    v[1] = title;
                    v[3] = likes;
                });
                after.put(key, List.of(key, title, row.get(2), likes));
            }
        }

        /** Returns the disk for the next life. */
        FaultyDisk verify(String what, FaultyDisk disk) {
            verifyRows(what, disk);
            FaultyDisk next = disk.afterCrash(Survival.DROP, 1);
            verifyHash(what, next);
            return next;
        }

        private void verifyRows(String what, FaultyDisk disk) {
            Engine engine = open(disk);
            try {
                if (engine.catalog().find("PUBLIC", "Books").isEmpty()) {
                    assertThat(tableAcknowledged).as(what).isFalse();
                    return;
                }
                Table table = books(engine);
                assertThat(commentNumber(table)).as(what).isGreaterThanOrEqualTo(commented);
                List<List<Object>> found = rows(engine, table);
                List<List<Object>> known = List.copyOf(acknowledged.values());
                if (!found.equals(known)) {
                    assertThat(found).as(what).isEqualTo(List.copyOf(inFlight.values()));
                }
                acknowledged = new TreeMap<>();
                found.forEach(row -> acknowledged.put((String) row.get(0), row));
                inFlight = acknowledged;
                tableAcknowledged = true;
                checkHash(what, engine, table);
                disk.failAt(disk.operations() + 1, Fault.CRASH);
            } finally {
                closeUnlessCrashed(engine);
            }
        }

        /* The power goes before it can close: what a close would have kept must be counted again. */
        private static void closeUnlessCrashed(Engine engine) {
            try {
                engine.close();
            } catch (PandoException e) {
                assertThat(e.kind()).isEqualTo(PandoException.Kind.IO_ERROR);
            }
        }

        /** Counted now and kept along from here; counted anew after another unclean end: the same. */
        private void checkHash(String what, Engine engine, Table table) {
            engine.stateHash(table);
            transaction(engine, table);
            keptHash = engine.stateHash(table);
            assertThat(keptHash).as(what).isNotNull();
        }

        /** Opens once more after an end that lost nothing. */
        void verifyHash(String what, FaultyDisk disk) {
            try (Engine engine = open(disk)) {
                engine.catalog()
                        .find("PUBLIC", "Books")
                        .ifPresent(table ->
                                assertThat(engine.stateHash(table)).as(what).isEqualTo(keptHash));
            }
        }
    }
}
