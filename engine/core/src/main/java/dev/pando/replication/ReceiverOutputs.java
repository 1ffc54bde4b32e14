package dev.pando.replication;

import dev.pando.ipld.Block;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.MessageStream;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Carries out what a {@link Receiver} wants, for the stream that it belongs to. All in that stream's mailbox. */
final class ReceiverOutputs {

    private final ReceiverLink.Node node;
    private final Mailbox mailbox;
    private final MessageStream stream;
    private final MessageWriter writer;
    private final Consumer<Receiver.Input> inputs;
    private final Consumer<Throwable> failed;

    /**
     * @param inputs takes, in the mailbox, what comes of an output later
     * @param failed ends the stream; called in the mailbox
     * @param hasRoom run in the mailbox when {@link #isCrowded} no more
     */
    ReceiverOutputs(
            ReceiverLink.Node node,
            Mailbox mailbox,
            MessageStream stream,
            Consumer<Receiver.Input> inputs,
            Consumer<Throwable> failed,
            Runnable hasRoom) {
        this.node = node;
        this.mailbox = mailbox;
        this.stream = stream;
        this.writer = new MessageWriter(stream, mailbox, failed, hasRoom);
        this.inputs = inputs;
        this.failed = failed;
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
        node.sink().admit(stream.peer(), share).whenComplete(inMailbox(outcome -> admitted(ticket, outcome)));
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
