package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MessageWriterTest {

    private final Slow stream = new Slow();
    private final List<Throwable> failures = new ArrayList<>();
    private final List<String> rooms = new ArrayList<>();
    private final MessageWriter writer = new MessageWriter(
            new MessageStream(stream, 16 << 20), Runnable::run, failures::add, () -> rooms.add("room"));

    @Test
    void whoDoesNotReadMakesItCrowdedUntilItReads() {
        int messages = 3 * MessageWriter.CROWDED;
        for (int i = 0; i < messages; i++) {
            writer.write(new byte[] {(byte) i});
        }
        assertThat(writer.isCrowded()).isTrue();
        assertThat(rooms).isEmpty();
        int taken = 0;
        while (!stream.waiting.isEmpty()) {
            stream.waiting.remove().complete(null);
            taken++;
        }
        assertThat(taken).isEqualTo(messages);
        assertThat(writer.isCrowded()).isFalse();
        assertThat(rooms).hasSize(1);
        assertThat(failures).isEmpty();
    }

    @Test
    void beyondItsBytesTheStreamFailsOnce() {
        byte[] message = new byte[8 << 20]; // one array: what waits is counted, not copied
        for (long bytes = 0; bytes <= MessageWriter.BYTES_MAX + 3L * message.length; bytes += message.length) {
            writer.write(message);
        }
        assertThat(failures).singleElement().asString().contains("does not take");
        stream.waiting.remove().completeExceptionally(new IllegalStateException("reset"));
        writer.write(message);
        assertThat(stream.waiting).isEmpty();
        assertThat(failures).hasSize(1);
    }

    /** Takes one message, and the next when the test says so. */
    private static final class Slow implements Stream {
        final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();

        @Override
        public CompletableFuture<Void> write(ByteBuffer data) {
            var room = new CompletableFuture<Void>();
            waiting.add(room);
            return room;
        }

        @Override
        public PeerId peer() {
            return new MemoryNode(1).peer;
        }

        @Override
        public String protocol() {
            return ReplicationService.PROTOCOL;
        }

        @Override
        public boolean inbound() {
            return false;
        }

        @Override
        public CompletableFuture<ByteBuffer> read() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletableFuture<Void> closeWrite() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void reset() {
            waiting.clear();
        }

        @Override
        public void close() {
            reset();
        }

        @Override
        public CompletableFuture<Void> closed() {
            return new CompletableFuture<>();
        }
    }
}
