package dev.pando.libp2p.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class SeenCacheTest {
    private final SeenCache seen = new SeenCache(1_000);

    private static MessageId id(int number) {
        return new MessageId(ByteBuffer.allocate(32).putInt(0, number).array());
    }

    @Test
    void forgetsWhatIsTooOld() {
        assertThat(seen.add(id(1), 0)).isTrue();
        assertThat(seen.add(id(2), 500)).isTrue();
        assertThat(seen.add(id(1), 600)).isFalse();
        seen.expire(999);
        assertThat(seen.contains(id(1))).isTrue();
        seen.expire(1_000);
        assertThat(seen.contains(id(1))).isFalse();
        assertThat(seen.contains(id(2))).isTrue();
    }

    @Test
    void forgetsTheOldestAboveItsBound() {
        for (int i = 0; i < GossipConfig.SEEN_MAX + 10; i++) {
            assertThat(seen.add(id(i), 0)).isTrue();
        }
        assertThat(seen.contains(id(9))).isFalse();
        assertThat(seen.contains(id(10))).isTrue();
        assertThat(seen.add(id(GossipConfig.SEEN_MAX), 0)).isFalse();
    }
}
