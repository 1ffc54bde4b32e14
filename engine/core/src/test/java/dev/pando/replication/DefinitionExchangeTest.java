package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.Environment;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import dev.pando.replication.DefinitionExchange.Answer;
import dev.pando.replication.DefinitionExchange.Ask;
import dev.pando.replication.DefinitionExchange.Message;
import dev.pando.replication.DefinitionExchange.NotHeld;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DefinitionExchangeTest {

    private static final Cid BOOKS = MemoryNode.collection("books");

    private static final List<Message> ONE_OF_EACH = List.of(
            new Ask(List.of(BOOKS), List.of(List.of("PUBLIC", "Books"))),
            new Answer(Map.of(BOOKS, new byte[] {1, 2})),
            new NotHeld(Map.of(BOOKS, "why not")));

    @Test
    void everyMessageComesBackAsItWas() {
        for (Message message : ONE_OF_EACH) {
            byte[] bytes = DefinitionExchange.encode(message);
            assertThat(DefinitionExchange.encode(DefinitionExchange.decode(bytes)))
                    .isEqualTo(bytes);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> DefinitionExchange.decode(cut)).isInstanceOf(DecodeException.class);
            }
        }
    }

    @Test
    void goldenBytes() {
        String books = "d82a582500" + HexFormat.of().formatHex(BOOKS.toBytes());
        assertThat(ONE_OF_EACH.stream().map(m -> HexFormat.of().formatHex(DefinitionExchange.encode(m))))
                .containsExactly(
                        "830081" + books + "81826650" + "55424c494365426f6f6b73",
                        "82018182" + books + "420102",
                        "82028182" + books + "67" + "776879206e6f74");
    }

    @Test
    void whatIsTooLongIsRefused() {
        byte[] tooMany = DefinitionExchange.encode(
                new Ask(Collections.nCopies(DefinitionExchange.TABLES_MAX + 1, BOOKS), List.of()));
        assertThatThrownBy(() -> DefinitionExchange.decode(tooMany)).isInstanceOf(DecodeException.class);
        byte[] cutOff = DefinitionExchange.encode(new NotHeld(Map.of(BOOKS, "x".repeat(1_000))));
        assertThat(DefinitionExchange.decode(cutOff))
                .isEqualTo(new NotHeld(Map.of(BOOKS, "x".repeat(DefinitionExchange.REASON_CHARS_MAX))));
    }

    @Test
    void aPeerThatGreetsAgainAndAgainIsAskedOneQuestionAtATime() {
        var streams = new ArrayDeque<CompletableFuture<Stream>>();
        Host host = proxy(Host.class, method -> {
            streams.add(new CompletableFuture<>());
            return streams.getLast();
        });
        Environment.Threads threads = proxy(Environment.Threads.class, method -> (Executor) Runnable::run);
        ReceiverLink.Node node = proxy(ReceiverLink.Node.class, method -> threads);
        var exchange = new DefinitionExchange(
                host, node, proxy(Definitions.class, method -> null), (peer, collection) -> true, told -> {});
        PeerId peer = new MemoryNode(1).peer;
        for (int i = 0; i < 1_000; i++) {
            exchange.lacking(peer, List.of(BOOKS), true);
        }
        assertThat(streams).hasSize(1);
        streams.remove().completeExceptionally(new IllegalStateException("no connection"));
        assertThat(streams).as("what was lacking meanwhile").hasSize(1);
        streams.remove().completeExceptionally(new IllegalStateException("no connection"));
        assertThat(streams).isEmpty();
        exchange.lacking(peer, List.of(BOOKS), true);
        assertThat(streams).hasSize(1);
    }

    @Test
    void moreTablesThanFitOneQuestionAreAskedForOneQuestionAfterTheOther() {
        var asked = new int[1];
        Host host = proxy(Host.class, method -> {
            asked[0]++;
            return CompletableFuture.failedFuture(new IllegalStateException("no connection"));
        });
        Environment.Threads threads = proxy(Environment.Threads.class, method -> (Executor) Runnable::run);
        ReceiverLink.Node node = proxy(ReceiverLink.Node.class, method -> threads);
        var exchange = new DefinitionExchange(
                host, node, proxy(Definitions.class, method -> null), (peer, collection) -> true, told -> {});
        var unknown = IntStream.range(0, 2 * DefinitionExchange.TABLES_MAX + 1)
                .mapToObj(i -> MemoryNode.collection("table " + i))
                .toList();
        exchange.lacking(new MemoryNode(1).peer, unknown, true);
        assertThat(asked[0]).isEqualTo(3);
    }

    /** Answers every call with the same. */
    private static <T> T proxy(Class<T> type, Function<String, Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> answer.apply(method.getName())));
    }
}
