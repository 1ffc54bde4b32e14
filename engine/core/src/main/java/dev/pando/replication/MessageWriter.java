package dev.pando.replication;

import dev.pando.libp2p.MessageStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Writes messages to a stream one after the other, each when the stream has room for it. Used from one mailbox.
 *
 * <p>What a sender has waiting is bounded by its window. Whoever answers what the peer says must not read on while the
 * writer {@link #isCrowded}: a peer that asks and does not read would have all answers kept for it.
 */
final class MessageWriter {

    /** Messages waiting from which on nothing is read that would make more of them. */
    static final int CROWDED = 64;

    /**
     * Bytes waiting: more than a window with the largest share, or than all that a comparison finds lacking. The stream
     * fails when there are more.
     */
    static final long BYTES_MAX = 256L << 20;

    private final MessageStream stream;
    private final Executor mailbox;
    private final Consumer<Throwable> failed;
    private final Runnable hasRoom;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean writing;
    private boolean broken;

    MessageWriter(MessageStream stream, Executor mailbox, Consumer<Throwable> failed) {
        this(stream, mailbox, failed, () -> {});
    }

    /**
     * @param failed told in the mailbox, once
     * @param hasRoom run in the mailbox when it is not crowded any more
     */
    MessageWriter(MessageStream stream, Executor mailbox, Consumer<Throwable> failed, Runnable hasRoom) {
        this.stream = stream;
        this.mailbox = mailbox;
        this.failed = failed;
        this.hasRoom = hasRoom;
    }

    boolean isCrowded() {
        return waiting.size() >= CROWDED;
    }

    void write(byte[] message) {
        if (broken) {
            return;
        }
        waiting.add(message);
        bytes += message.length;
        if (bytes > BYTES_MAX) {
            /* Not at once: whoever writes is in the midst of something. */
            mailbox.execute(() -> fail(new IllegalStateException(
                    stream.peer() + " does not take what it is sent: " + bytes + " bytes wait")));
        }
        next();
    }

    private void fail(Throwable failure) {
        if (!broken) {
            broken = true;
            waiting.clear();
            bytes = 0;
            failed.accept(failure);
        }
    }

    private void next() {
        while (!writing && !waiting.isEmpty()) {
            byte[] message = waiting.remove();
            bytes -= message.length;
            var written = stream.write(message);
            if (written.isDone() && !written.isCompletedExceptionally()) {
                continue;
            }
            writing = true;
            written.whenComplete((nothing, failure) -> mailbox.execute(() -> {
                writing = false;
                boolean crowded = isCrowded();
                if (failure != null) {
                    fail(failure);
                } else if (!broken) {
                    next();
                    if (crowded && !isCrowded()) {
                        hasRoom.run();
                    }
                }
            }));
        }
    }
}
