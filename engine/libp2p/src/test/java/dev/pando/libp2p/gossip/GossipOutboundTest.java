package dev.pando.libp2p.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.Stream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GossipOutboundTest {
    private final List<Rpc> written = new ArrayList<>();
    private final GossipOutbound outbound =
            new GossipOutbound(new MessageStream(stream(), Gossip.RPC_BYTES_MAX), Runnable::run);

    /* Takes all at once. */
    private Stream stream() {
        return (Stream) Proxy.newProxyInstance(
                GossipOutboundTest.class.getClassLoader(), new Class<?>[] {Stream.class}, (self, method, arguments) -> {
                    if (!method.getName().equals("write")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    ByteBuffer framed = (ByteBuffer) arguments[0];
                    while (framed.get() < 0) {
                        assertThat(framed.hasRemaining()).isTrue();
                    }
                    byte[] bytes = new byte[framed.remaining()];
                    framed.get(bytes);
                    written.add(GossipCodec.decode(bytes));
                    return CompletableFuture.completedFuture(null);
                });
    }

    private static Rpc.IHave have(int topic) {
        return new Rpc.IHave(
                "topic " + topic,
                IntStream.range(0, GossipConfig.IHAVE_IDS_MAX)
                        .mapToObj(i -> new MessageId(
                                ByteBuffer.allocate(32).putInt(topic).putInt(i).array()))
                        .toList());
    }

    /* In one RPC they would be more than the stream takes, and what else is in it would be lost with them. */
    @Test
    void tellsOfTheMessagesOfManyTopicsInPiecesThatFit() {
        var topics = IntStream.range(0, GossipConfig.IHAVE_MESSAGES_MAX)
                .mapToObj(GossipOutboundTest::have)
                .toList();
        outbound.send(new Rpc(List.of(), List.of(), topics, List.of(), List.of("books"), List.of(), List.of()));

        assertThat(written.stream().flatMap(rpc -> rpc.graft().stream())).containsExactly("books");
        var told = written.stream().flatMap(rpc -> rpc.have().stream()).toList();
        assertThat(told).hasSameSizeAs(topics);
        assertThat(told.equals(topics)).isTrue();
    }
}
