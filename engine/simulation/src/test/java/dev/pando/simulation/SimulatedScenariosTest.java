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

    /** Seeds under which scenario 31 has all its rows; it is told over sockets too. */
    private static final int LONG_SEEDS = 2;

    @Parameter
    private long seed;

    static Stream<Long> seeds() {
        return StreamSupport.stream(Seeds.of(SEEDS).spliterator(), false);
    }

    /** Under many seeds each need not be as long: it is the order of events that differs, not their number. */
    @Override
    int rowsToAnEmptyPeer() {
        return seed < LONG_SEEDS ? super.rowsToAnEmptyPeer() : 1_000;
    }

    @Override
    World newWorld() {
        return new SimulatedWorld(seed);
    }
}
