package dev.pando.replication;

import dev.pando.ipld.Block;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.MessageStream;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Carries out what a {@link Receiver} wants, for the stream that it belongs to. All in that stream's mailbox. */
final class ReceiverOutputs {

    /** After what time a share is looked at again that waits for parts which come another way; twice as long each time. */
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(25);

    /** How often: then its sender is told to come again later, in seconds. */
    static final int LOOKS_MAX = 5;

    private final ReceiverLink.Node node;
    private final Mailbox mailbox;
    private final MessageStream stream;
    private final MessageWriter writer;
    private final Consumer<Receiver.Input> inputs;
    private final Consumer<Throwable> failed;
    private final int looksMax;

    /**
     * @param inputs takes, in the mailbox, what comes of an output later
     * @param failed ends the stream; called in the mailbox
     * @param hasRoom run in the mailbox when {@link #isCrowded} no more
     * @param looksMax how often a share that waits for other parts is looked at again before that is told: none where
     *     these come over the same stream
     */
    ReceiverOutputs(
            ReceiverLink.Node node,
            Mailbox mailbox,
            MessageStream stream,
            Consumer<Receiver.Input> inputs,
            Consumer<Throwable> failed,
            Runnable hasRoom,
            int looksMax) {
        this.node = node;
        this.mailbox = mailbox;
        this.stream = stream;
        this.writer = new MessageWriter(stream, mailbox, failed, hasRoom);
        this.inputs = inputs;
        this.failed = failed;
        this.looksMax = looksMax;
    }

    /** Whether so many answers wait to be taken that nothing more is to be read. */
    boolean isCrowded() {
        return writer.isCrowded();
    }

    void write(ReplicateMessage message) {
        writer.write(ReplicateCodec.encode(message));
    }

    /** Returns false when the stream is to be ended; then {@link #failed} was told. */
    boolean carryOut(Receiver.Output output) {
        if (output instanceof Receiver.Send send) {
            write(send.message());
        } else if (output instanceof Receiver.Admit admit) {
            admit(admit.ticket(), admit.share());
        } else if (output instanceof Receiver.Explore explore) {
            node.threads().workers().execute(() -> explore(explore));
        } else if (output instanceof Receiver.CloseStream close) {
            failed.accept(new DecodeException(close.reason()));
            return false;
        }
        return true;
    }

    private void admit(long ticket, List<Block> share) {
        node.received(stream.peer(), share);
        look(ticket, share, 0);
    }

    private void look(long ticket, List<Block> share, int looks) {
        node.sink().admit(stream.peer(), share).whenComplete(inMailbox(outcome -> {
            if (looks < looksMax && outcome instanceof AdmissionOutcome.Incomplete incomplete && incomplete.soon()) {
                node.threads()
                        .schedule(
                                LOOK_AGAIN_AFTER.multipliedBy(1L << looks),
                                () -> mailbox.execute(() -> look(ticket, share, looks + 1)));
            } else {
                admitted(ticket, outcome);
            }
        }));
    }

    private void admitted(long ticket, AdmissionOutcome outcome) {
        if (node.conduct().isTooMuch(stream.peer(), outcome)) {
            failed.accept(new DecodeException(stream.peer() + " sends too much that is not admitted: " + outcome));
        } else {
            inputs.accept(new Receiver.Admitted(ticket, outcome));
        }
    }

    private void explore(Receiver.Explore explore) {
        try {
            List<ReplicateMessage> messages = explore.exchange().next(explore.tell());
            mailbox.execute(() -> inputs.accept(new Receiver.Explored(explore.exchange(), messages)));
        } catch (RuntimeException e) {
            mailbox.execute(() -> failed.accept(e));
        }
    }

    private <T> BiConsumer<T, Throwable> inMailbox(Consumer<T> next) {
        return (value, failure) -> mailbox.execute(() -> {
            if (failure != null) {
                failed.accept(failure);
            } else {
                next.accept(value);
            }
        });
    }
}
