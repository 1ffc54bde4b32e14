package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The passive scenarios in virtual time, under ten seeds; {@code -Dpando.seeds=5000} for more. */
@ParameterizedClass
@MethodSource("seeds")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SimulatedPassiveScenariosTest extends PassiveScenarios {

    /** 10,000 by a command of CONTRIBUTING.md. */
    private static final int UPDATES = Integer.getInteger("pando.updates", 500);

    private static final int COUNTED = 40;

    private int updates() {
        return Seeds.length(seed, UPDATES, UPDATES / 5);
    }

    @Parameter
    private long seed;

    @SuppressWarnings("NullAway.Init") // by newWorld
    private SimulatedWorld simulated;

    static Stream<Long> seeds() {
        return SimulatedScenariosTest.seeds();
    }

    @Override
    World newWorld() {
        simulated = new SimulatedWorld(seed);
        return simulated;
    }

    /** Virtual time costs nothing: what counts is what went over wires and to disks and back, on both nodes. */
    @Test
    void s38OneMoreUpdateDoesNotCostTheHistory() {
        simulated.createEverywhere(BOOKS);
        simulated.connect(0, 1);
        simulated.subscribe(1, "Books");
        var a = simulated.node(0);
        a.insert("Books", "id", 1, "title", "old");
        a.insert("Books", "id", 2, "title", "new");
        for (int i = 0; i < updates(); i++) {
            a.add("Books", 1, "likes", 1);
        }
        simulated.awaitSameState(0, 1, "Books");
        long ofOld = cost(1);
        long ofNew = cost(2);
        assertThat(ofOld)
                .as("bytes of an update after %s others, and of one after none: %s", updates(), ofNew)
                .isLessThan(ofNew * 5 / 4);
    }

    /** It need not be offered again seconds later, which is what its sender would wait for. */
    @Test
    void s41APartThatIsPushedIsAcknowledgedAsSoonAsTheSubscribedOneIsHeard() {
        simulated.createEverywhere(BOOKS, AUTHORS);
        simulated.subscribe(B, "Authors");
        simulated.replicate(A, B, "Books");
        insertBoth(A, "0");
        simulated.await("both are there", () -> shown(B).equals(List.of("0", "0")));
        simulated.settle();
        for (int i = 1; i <= 10; i++) {
            String text = Integer.toString(i);
            inBoth(A, text);
            long began = simulated.cluster.simulation().nowNanos();
            simulated.await(
                    "the book is acknowledged",
                    () -> simulated.replicator(A, B, "Books").pending() == 0);
            assertThat(simulated.cluster.simulation().nowNanos() - began)
                    .as("nanoseconds of transaction %s", i)
                    .isLessThan(1_000_000_000L);
            assertThat(shown(B)).containsExactly(text, text);
        }
    }

    /** The mean of many: a write ends in a block of the disk that the next one writes again, so single ones differ. */
    private long cost(long id) {
        long before = bytes();
        for (int i = 0; i < COUNTED; i++) {
            simulated.node(0).add("Books", id, "likes", 1);
            simulated.await(
                    "it is there",
                    () -> simulated
                            .node(1)
                            .get("Books", id, "likes")
                            .equals(simulated.node(0).get("Books", id, "likes")));
        }
        return (bytes() - before) / COUNTED;
    }

    private long bytes() {
        return simulated.cluster.network().bytesDelivered()
                + simulated.cluster.node(0).machine().diskBytes()
                + simulated.cluster.node(1).machine().diskBytes();
    }
}
