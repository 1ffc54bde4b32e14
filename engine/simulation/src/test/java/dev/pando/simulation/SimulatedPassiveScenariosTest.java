package dev.pando.simulation;

import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The passive scenarios in virtual time, under ten seeds; {@code -Dpando.seeds=5000} for more. */
@ParameterizedClass
@MethodSource("seeds")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SimulatedPassiveScenariosTest extends PassiveScenarios {

    @Parameter
    private long seed;

    static Stream<Long> seeds() {
        return SimulatedScenariosTest.seeds();
    }

    @Override
    World newWorld() {
        return new SimulatedWorld(seed);
    }
}
