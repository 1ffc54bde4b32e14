package dev.pando.replication;

import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.Stream;
import dev.pando.replication.ReplicateMessage.Ack;
import dev.pando.replication.ReplicateMessage.Done;
import dev.pando.replication.ReplicateMessage.Pull;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One pull from one peer: asks, and takes what is pushed as a {@link Receiver} until the peer is done. */
final class PullLink {

    /** A peer that sends nothing for so long is given up; the next pull goes on where this one stopped. */
    static final Duration IDLE = Duration.ofSeconds(30);

    private final ReceiverLink.Node node;
    private final Mailbox mailbox;
    private final MessageStream stream;
    private final MessageWriter writer;
    private final Receiver receiver;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private boolean reading;
    private boolean closed;
    private boolean refusedSome;
    private Runnable idle = () -> {};

    /** @param complete whether all that was pushed was applied too */
    record Outcome(Done done, boolean complete) {}

    PullLink(ReceiverLink.Node node, Stream outbound) {
        this.node = node;
        this.mailbox = new Mailbox(node.threads().workers());
        this.stream = new MessageStream(outbound, ReplicateCodec.MESSAGE_BYTES_MAX);
        this.writer = new MessageWriter(stream, mailbox, this::failed);
        this.receiver = new Receiver(outbound.peer(), node.tail(), node.collections());
    }

    CompletableFuture<Outcome> run(Pull pull) {
        mailbox.execute(() -> {
            writer.write(ReplicateCodec.encode(pull));
            readNext();
        });
        return outcome;
    }

    void close() {
        mailbox.execute(() -> failed(new java.util.concurrent.CancellationException("closed")));
    }

    private void readNext() {
        if (closed || reading || !receiver.wantsMore()) {
            return;
        }
        reading = true;
        idle.run();
        idle = node.threads()
                .schedule(
                        IDLE,
                        () -> mailbox.execute(() -> failed(new java.util.concurrent.TimeoutException(
                                stream.peer() + " sent nothing for " + IDLE.toSeconds() + " s"))));
        stream.read()
                .whenComplete((bytes, failure) -> mailbox.execute(() -> {
                    reading = false;
                    if (failure != null) {
                        failed(failure);
                    } else if (bytes == null) {
                        failed(new java.io.EOFException(stream.peer() + " ended the pull"));
                    } else {
                        received(bytes);
                    }
                }));
    }

    private void received(byte[] bytes) {
        try {
            ReplicateMessage message = ReplicateCodec.decode(bytes);
            if (message instanceof Done done) {
                finished(done);
            } else {
                handle(new Receiver.Received(message));
            }
        } catch (DecodeException e) {
            failed(e);
        }
    }

    private void handle(Receiver.Input input) {
        if (closed) {
            return;
        }
        List<Receiver.Output> outputs;
        try {
            outputs = receiver.handle(input);
        } catch (RuntimeException e) {
            failed(e);
            return;
        }
        for (Receiver.Output output : outputs) {
            if (output instanceof Receiver.Send send) {
                refusedSome |=
                        send.message() instanceof Ack ack && !ack.outcomes().isEmpty();
                writer.write(ReplicateCodec.encode(send.message()));
            } else if (output instanceof Receiver.Admit admit) {
                node.sink().admit(stream.peer(), admit.share()).whenComplete((result, failure) -> {
                    mailbox.execute(() -> {
                        if (failure != null) {
                            failed(failure);
                        } else {
                            handle(new Receiver.Admitted(admit.ticket(), result));
                        }
                    });
                });
            } else if (output instanceof Receiver.CloseStream close) {
                failed(new DecodeException(close.reason()));
                return;
            }
        }
        readNext();
    }

    private void finished(Done done) {
        closed = true;
        idle.run();
        stream.close();
        outcome.complete(new Outcome(done, !refusedSome));
    }

    private void failed(Throwable failure) {
        if (!closed) {
            closed = true;
            idle.run();
            stream.reset();
            outcome.completeExceptionally(failure);
        }
    }
}
