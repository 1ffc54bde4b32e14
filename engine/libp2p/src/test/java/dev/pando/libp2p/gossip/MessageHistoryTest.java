package dev.pando.libp2p.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Waiting;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageHistoryTest {
    private static final PeerId PEER = Waiting.key(1).peerId();

    private final MessageHistory history = new MessageHistory(5, 3);

    private static MessageId id(int number) {
        return new MessageId(ByteBuffer.allocate(4).putInt(number).array());
    }

    private void put(int number, String topic, int bytes) {
        history.put(id(number), GossipMessage.unsigned(topic, Waiting.pattern(bytes)));
    }

    @Test
    void givesBackWhatWasPutWithEachFieldThatWasThere() {
        byte[] some = Waiting.pattern(40);
        byte[] none = {};
        var messages = List.of(
                GossipMessage.unsigned("books", some),
                GossipMessage.unsigned("Bücher", none),
                new GossipMessage("books", some, some, new byte[8], Waiting.pattern(64), null),
                new GossipMessage("", Waiting.pattern(100_000), none, none, none, none));
        for (int i = 0; i < messages.size(); i++) {
            history.put(id(i), messages.get(i));
        }
        for (int i = 0; i < messages.size(); i++) {
            var kept = Objects.requireNonNull(history.askedBy(PEER, id(i)));
            assertThat(kept).usingRecursiveComparison().isEqualTo(messages.get(i));
        }
        assertThat(history.askedBy(PEER, id(99))).isNull();
    }

    @Test
    void advertisesThreeHeartbeatsAndKeepsFive() {
        for (int beat = 0; beat < 5; beat++) {
            for (int i = 0; i < 100; i++) {
                put(beat * 100 + i, i % 2 == 0 ? "even" : "odd", 300);
            }
            if (beat < 4) {
                history.shift();
            }
        }
        assertThat(history.advertised("even", 1_000))
                .hasSize(150)
                .startsWith(id(400), id(402))
                .endsWith(id(296), id(298));
        assertThat(history.advertised("eve", 1_000)).isEmpty();
        assertThat(history.advertised("even", 60)).hasSize(60).startsWith(id(400));
        assertThat(history.askedBy(PEER, id(0))).isNotNull();

        history.shift();
        assertThat(history.askedBy(PEER, id(0))).isNull();
        assertThat(history.askedBy(PEER, id(99))).isNull();
        assertThat(history.askedBy(PEER, id(100))).isNotNull();

        IntStream.range(0, 5).forEach(i -> history.shift());
        assertThat(history.bytes()).isZero();
        put(1, "even", 10);
        assertThat(history.advertised("even", 1_000)).containsExactly(id(1));
        assertThat(history.bytes()).isLessThanOrEqualTo(1 << 10);
    }

    @Test
    void dropsTheOldestWhenTheBytesAreTooMany() {
        int bytes = 1 << 20;
        int kept = GossipConfig.HISTORY_BYTES_MAX / bytes;
        for (int i = 0; i < 2 * kept; i++) {
            put(i, "books", bytes);
            if (i == kept / 2) {
                history.shift();
            }
            assertThat(history.bytes()).isLessThanOrEqualTo(GossipConfig.HISTORY_BYTES_MAX);
        }
        assertThat(history.advertised("books", 1_000))
                .hasSizeBetween(kept - 2, kept)
                .endsWith(id(2 * kept - 1));
        assertThat(history.askedBy(PEER, id(2 * kept - 1))).isNotNull();
        assertThat(history.askedBy(PEER, id(0))).isNull();
        IntStream.range(0, 5).forEach(i -> history.shift());
        assertThat(history.bytes()).isZero();
    }

    @Test
    void aPeerThatAskedTooOftenMayAskForALaterMessageOfThatId() {
        put(1, "books", 10);
        for (int i = 0; i < GossipConfig.IWANT_RETRANSMISSIONS; i++) {
            assertThat(history.askedBy(PEER, id(1))).isNotNull();
        }
        assertThat(history.askedBy(PEER, id(1))).isNull();
        IntStream.range(0, 5).forEach(i -> history.shift());
        history.put(id(1), GossipMessage.unsigned("books", "again".getBytes(StandardCharsets.UTF_8)));
        assertThat(history.askedBy(PEER, id(1))).isNotNull();
    }

    @Test
    void aMessageThatIsAskedForByTheDigestOfItsIdIsTheSameOne() {
        var digest = new MessageId(id(1).key());
        put(1, "books", 10);
        for (int i = 0; i < GossipConfig.IWANT_RETRANSMISSIONS; i++) {
            assertThat(history.askedBy(PEER, i % 2 == 0 ? id(1) : digest)).isNotNull();
        }
        assertThat(history.askedBy(PEER, id(1))).isNull();
        assertThat(history.askedBy(PEER, digest)).isNull();

        IntStream.range(0, 5).forEach(i -> history.shift());
        put(1, "books", 10);
        assertThat(history.askedBy(PEER, digest))
                .as("of those who asked nothing is left")
                .isNotNull();
    }
}
