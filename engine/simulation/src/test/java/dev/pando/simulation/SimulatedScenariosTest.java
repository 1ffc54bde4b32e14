package dev.pando.simulation;

import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The active scenarios in virtual time, under ten seeds; {@code -Dpando.seeds=5000} for more. */
@ParameterizedClass
@MethodSource("seeds")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SimulatedScenariosTest extends ReplicationScenarios {

    static final int SEEDS = 10;

    @Parameter
    private long seed;

    static Stream<Long> seeds() {
        return StreamSupport.stream(Seeds.of(SEEDS).spliterator(), false);
    }

    @Override
    int rowsToAnEmptyPeer() {
        return Seeds.length(seed, super.rowsToAnEmptyPeer(), 1_000);
    }

    @Override
    World newWorld() {
        return new SimulatedWorld(seed);
    }
}
