package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.pando.PandoException;
import dev.pando.store.testing.Fault;
import dev.pando.store.testing.FaultyDisk;
import dev.pando.store.testing.Survival;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The disk fails at operation n, for every n of a workload: nothing acknowledged is lost, nothing else appears, and the
 * derived map equals an independent fold of the log.
 */
class CrashTest {

    private static final int STEPS = 200;
    private static final int PARTS = 5;

    /** The power goes after each operation in turn; what was torn of that one is among what may survive. */
    @ParameterizedTest
    @EnumSource(Survival.class)
    void powerLossAtEveryOperation(Survival survival) {
        CrashWorkload workload = new CrashWorkload(1);
        FaultyDisk disk = new FaultyDisk(1);
        disk.observe(n -> {
            CrashWorkload then = workload.copy(n);
            FaultyDisk next = disk.afterCrash(survival, n * 31);
            check("power loss after " + n + ", " + survival, () -> {
                then.verify(next);
                if (n % 4 == 0) { // What was recovered must be as durable as what was acknowledged.
                    then.runUntilFailure(next, 2);
                    then.verify(next.afterCrash(Survival.DROP, n));
                }
            });
        });
        workload.runUntilFailure(disk, STEPS);
        assertThat(workload.failure()).isNull();
        assertThat(disk.operations()).isGreaterThan(2 * STEPS);
    }

    /** Two hundred operations in five workloads: each is run from its beginning for every operation that can fail. */
    @ParameterizedTest
    @EnumSource(value = Fault.class, mode = EnumSource.Mode.EXCLUDE, names = "CRASH")
    void errorAtEveryOperation(Fault fault) {
        for (int part = 0; part < PARTS; part++) {
            long operations = operationsOfAWholeRun(part, STEPS / PARTS);
            for (long n = 1; n <= operations; n++) {
                errorAt(fault, n, part);
            }
        }
    }

    private static void errorAt(Fault fault, long n, int seed) {
        CrashWorkload workload = new CrashWorkload(seed);
        FaultyDisk disk = new FaultyDisk(n);
        disk.failAt(n, fault);
        workload.runUntilFailure(disk, STEPS / PARTS);
        assertThat(disk.hasFailed()).isTrue();
        disk.repair();
        Survival survival = Survival.values()[(int) (n % 4)];
        check(fault + " at " + n + " then " + survival, () -> {
            workload.verify(disk);
            workload.runUntilFailure(disk, 2);
            workload.verify(disk.afterCrash(survival, n));
        });
    }

    @Test
    void powerLossAtEveryOperationOfTheRecovery() {
        CrashWorkload workload = new CrashWorkload(3);
        FaultyDisk disk = new FaultyDisk(3);
        disk.observe(n -> {
            if (n % 7 > 0) {
                return;
            }
            CrashWorkload then = workload.copy(n);
            FaultyDisk recovering = disk.afterCrash(Survival.REORDER, n);
            recovering.observe(m -> {
                Survival survival = Survival.values()[(int) (m % 4)];
                FaultyDisk next = recovering.afterCrash(survival, n * m);
                check(
                        "power loss after " + n + ", again after " + m,
                        () -> then.copy(m).verify(next));
            });
            then.copy(n).runUntilFailure(recovering, 0);
        });
        workload.runUntilFailure(disk, STEPS);
        assertThat(workload.failure()).isNull();
    }

    @Test
    void aStoreWhoseForceFailedWritesNothingMoreButReads() {
        FaultyDisk disk = new FaultyDisk(1);
        Store store = Blocks.open(disk);
        var block = Blocks.raw("first");
        store.append(Blocks.transaction(block));
        store.force();
        store.append(Blocks.transaction(Blocks.raw("second")));
        disk.failAt(disk.operations() + 1, Fault.IO_ERROR_ONCE);
        List<PandoException> errors = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try {
                if (i == 1) {
                    store.append(Blocks.transaction(Blocks.raw("third")));
                } else {
                    store.force();
                }
            } catch (PandoException e) {
                errors.add(e);
            }
        }
        assertThat(errors)
                .extracting(PandoException::kind)
                .containsOnly(PandoException.Kind.IO_ERROR)
                .hasSize(3);
        assertThat(store.get(block.cid())).isEqualTo(block.bytes());
        assertThat(Blocks.scan(store)).hasSize(1);
        store.close();
    }

    private static long operationsOfAWholeRun(long seed, int steps) {
        FaultyDisk disk = new FaultyDisk(0);
        CrashWorkload workload = new CrashWorkload(seed);
        workload.runUntilFailure(disk, steps);
        assertThat(workload.failure()).isNull();
        long operations = disk.operations();
        workload.verify(disk);
        return operations;
    }

    private static void check(String what, Runnable verification) {
        try {
            verification.run();
        } catch (AssertionError | RuntimeException e) {
            fail(what + ": " + e.getMessage(), e);
        }
    }
}
