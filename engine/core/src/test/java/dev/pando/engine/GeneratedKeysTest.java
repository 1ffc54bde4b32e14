package dev.pando.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.KeyGenerator;
import dev.pando.PandoException;
import dev.pando.store.testing.FaultyDisk;
import dev.pando.store.testing.Survival;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GeneratedKeysTest {

    private static Engine open(FaultyDisk disk, long clockMillis) {
        var environment = new InlineEnvironment(disk, clockMillis);
        environment.setTime(clockMillis);
        return Engine.open(EngineOptions.inMemory().withEnvironment(environment));
    }

    @Test
    void noKeyIsMadeTwiceWhateverClockAndPowerDo() {
        Set<Long> made = new HashSet<>();
        var disk = new FaultyDisk(1);
        long clock = 1_800_000_000_000L;
        for (int life = 0; life < 4; life++) {
            Engine engine = open(disk, clock - life * 60_000L);
            long last = 0;
            for (int i = 0; i < 3_000; i++) {
                long key = engine.keys().next();
                assertThat(key).isGreaterThan(last);
                assertThat(made.add(key)).isTrue();
                last = key;
            }
            disk = disk.afterCrash(Survival.DROP, life);
        }
    }

    @Test
    void numbersAroundABlocksKeyAreNobodyElses() {
        var disk = new FaultyDisk(3);
        long clock = 1_800_000_000_000L;
        Set<Long> made = new HashSet<>();
        for (int life = 0; life < 2; life++) {
            Engine engine = open(disk, clock);
            for (int i = 0; i < 200; i++) {
                long middle = engine.keys().nextBlock();
                for (long key = middle - KeyGenerator.BLOCK_REACH; key <= middle + KeyGenerator.BLOCK_REACH; key++) {
                    assertThat(made.add(key)).isTrue();
                    assertThat(key >>> 8 & KeyGenerator.NODE_NUMBER_MAX)
                            .isEqualTo(engine.keys().nodeNumber());
                }
                for (int single = 0; single < i % 3; single++) {
                    assertThat(made.add(engine.keys().next())).isTrue();
                }
            }
            disk = disk.afterCrash(Survival.DROP, life);
        }
    }

    @Test
    void theNodeNumberSetsNodesApartAndLasts() {
        var disk = new FaultyDisk(2);
        Engine engine = open(disk, 1_800_000_000_000L);
        engine.keys().setNodeNumber(KeyGenerator.NODE_NUMBER_MAX);
        long ours = engine.keys().next();
        assertThat(ours >>> 8 & KeyGenerator.NODE_NUMBER_MAX).isEqualTo(KeyGenerator.NODE_NUMBER_MAX);
        assertThatThrownBy(() -> engine.keys().setNodeNumber(1 << 14)).isInstanceOf(PandoException.class);
        Engine again = open(disk.afterCrash(Survival.DROP, 1), 1_800_000_000_000L);
        assertThat(again.keys().nodeNumber()).isEqualTo(KeyGenerator.NODE_NUMBER_MAX);
    }
}
