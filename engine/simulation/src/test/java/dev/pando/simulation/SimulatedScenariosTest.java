package dev.pando.simulation;

import org.junit.jupiter.api.Timeout;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SimulatedScenariosTest extends ReplicationScenarios {

    @Override
    World newWorld() {
        return new SimulatedWorld(Seeds.of(1).iterator().next());
    }
}
