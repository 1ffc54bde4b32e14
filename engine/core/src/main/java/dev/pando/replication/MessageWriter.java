package dev.pando.replication;

import dev.pando.libp2p.MessageStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Writes messages to a stream one after the other, each when the stream has room for it. What waits is bounded by the
 * window of the protocol above. Used from one mailbox.
 */
final class MessageWriter {

    private final MessageStream stream;
    private final Executor mailbox;
    private final Consumer<Throwable> failed;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private boolean writing;

    MessageWriter(MessageStream stream, Executor mailbox, Consumer<Throwable> failed) {
        this.stream = stream;
        this.mailbox = mailbox;
        this.failed = failed;
    }

    void write(byte[] message) {
        waiting.add(message);
        next();
    }

    private void next() {
        while (!writing && !waiting.isEmpty()) {
            var written = stream.write(waiting.remove());
            if (written.isDone() && !written.isCompletedExceptionally()) {
                continue;
            }
            writing = true;
            written.whenComplete((nothing, failure) -> mailbox.execute(() -> {
                writing = false;
                if (failure != null) {
                    waiting.clear();
                    failed.accept(failure);
                } else {
                    next();
                }
            }));
        }
    }
}
