package dev.pando.libp2p.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ipld.Sha256;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdQueueTest {
    private static MessageId id(int number) {
        byte[] bytes = ByteBuffer.allocate(4).putInt(number).array();
        return new MessageId(number % 2 == 0 ? bytes : Sha256.digest(bytes));
    }

    /** All of these have the same place in the table. */
    private static MessageId crowded(int number) {
        return new MessageId(ByteBuffer.allocate(32).putInt(20, number).array());
    }

    private static void assertSame(IdQueue queue, Map<MessageId, Long> model) {
        assertThat(queue.size()).isEqualTo(model.size());
        int i = 0;
        for (var entry : model.entrySet()) {
            assertThat(queue.number(entry.getKey())).isEqualTo(entry.getValue());
            assertThat(queue.numberAt(i++)).isEqualTo(entry.getValue());
        }
    }

    @Test
    void doesAsAMapInOrderOfArrivalDoes() {
        var random = new Random(7);
        var queue = new IdQueue();
        var model = new LinkedHashMap<MessageId, Long>();
        for (int step = 0; step < 40_000; step++) {
            int number = random.nextInt(3_000);
            MessageId id = number % 8 == 1 ? crowded(number) : id(number);
            /* Half of the time it grows, half of the time it shrinks. */
            if (random.nextInt(10) < (step / 5_000 % 2 == 0 ? 7 : 3)) {
                if (model.putIfAbsent(id, (long) step) == null) {
                    queue.put(id, step);
                }
            } else if (!model.isEmpty()) {
                queue.removeOldest();
                model.remove(model.keySet().iterator().next());
            }
            assertThat(queue.contains(id)).isEqualTo(model.containsKey(id));
            if (step % 1_000 == 0) {
                assertSame(queue, model);
            }
        }
        assertSame(queue, model);
    }

    @Test
    void findsTheLastOfAnIdThatWasPutAgain() {
        var queue = new IdQueue();
        for (int i = 0; i < 100; i++) {
            queue.put(id(i % 10), i);
            if (i == 50) {
                assertThat(queue.number(id(3))).isEqualTo(43);
            }
        }
        assertThat(queue.size()).isEqualTo(100);
        for (int i = 0; i < 100; i++) {
            assertThat(queue.number(id(i % 10))).isEqualTo(90 + i % 10);
            queue.removeOldest();
        }
        assertThat(queue.contains(id(9))).isFalse();
    }
}
