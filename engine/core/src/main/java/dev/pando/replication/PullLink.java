package dev.pando.replication;

import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.Stream;
import dev.pando.replication.ReplicateMessage.Ack;
import dev.pando.replication.ReplicateMessage.Done;
import dev.pando.replication.ReplicateMessage.Pull;
import dev.pando.replication.ReplicateMessage.Reported;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One pull from one peer: asks, and takes what is pushed as a {@link Receiver} until the peer is done. */
final class PullLink {

    /** A peer that sends not a byte for so long is given up; the next pull goes on where this one stopped. */
    static final Duration IDLE = Duration.ofSeconds(30);

    private final ReceiverLink.Node node;
    private final Mailbox mailbox;
    private final MessageStream stream;
    private final ReceiverOutputs carrier;
    private final Receiver receiver;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private boolean reading;
    private boolean closed;
    private boolean refusedSome;
    private boolean gaps;
    private long notBeforeMillis = Long.MAX_VALUE;
    private final IdleWatch idle;

    /**
     * @param complete whether all that was pushed was applied too
     * @param gaps whether something lacked what it builds upon, which may come from another peer
     * @param notBeforeMillis when the first of what was too early may be asked for again; the greatest number for never
     * @param different what was asked for, as it stands at the peer, of the collections that were compared
     * @param passedOver collections of which documents were not asked for that differ
     */
    record Outcome(
            Done done,
            boolean complete,
            boolean gaps,
            long notBeforeMillis,
            Map<Cid, InVain> different,
            Set<Cid> passedOver) {}

    /** @param inVain what is not to be asked for */
    PullLink(ReceiverLink.Node node, Stream outbound, Map<Cid, InVain> inVain) {
        this.node = node;
        this.mailbox = new Mailbox(node.threads().workers());
        this.stream = new MessageStream(outbound, ReplicateCodec.MESSAGE_BYTES_MAX);
        this.carrier = new ReceiverOutputs(node, mailbox, stream, this::handle, this::failed, this::readNext, 0);
        this.idle = new IdleWatch(
                node.threads(),
                mailbox,
                stream::bytesRead,
                () -> failed(new java.util.concurrent.TimeoutException(
                        stream.peer() + " sent nothing for " + IDLE.toSeconds() + " s")));
        this.receiver = new Receiver(outbound.peer(), node.tail(), node.collections(), true, inVain);
    }

    CompletableFuture<Outcome> run(Pull pull) {
        mailbox.execute(() -> {
            carrier.write(pull);
            readNext();
        });
        return outcome;
    }

    void close() {
        mailbox.execute(() -> failed(new java.util.concurrent.CancellationException("closed")));
    }

    private void readNext() {
        if (closed || reading || carrier.isCrowded() || !receiver.wantsMore()) {
            return;
        }
        reading = true;
        idle.restart(IDLE);
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
            if (output instanceof Receiver.Send send && send.message() instanceof Ack ack) {
                notApplied(ack);
            }
            if (!carrier.carryOut(output)) {
                return;
            }
        }
        readNext();
    }

    private void notApplied(Ack ack) {
        for (Reported reported : ack.outcomes()) {
            refusedSome = true;
            gaps |= reported.outcome() == ReplicateMessage.Outcome.MISSING_PARENTS;
            if (reported.outcome() == ReplicateMessage.Outcome.LATER) {
                notBeforeMillis = Math.min(notBeforeMillis, reported.atMillis());
            }
        }
    }

    private void finished(Done done) {
        closed = true;
        idle.stop();
        stream.close();
        outcome.complete(
                new Outcome(done, !refusedSome, gaps, notBeforeMillis, receiver.different(), receiver.passedOver()));
    }

    private void failed(Throwable failure) {
        if (!closed) {
            closed = true;
            idle.stop();
            stream.reset();
            outcome.completeExceptionally(failure);
        }
    }
}
