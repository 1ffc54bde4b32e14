package dev.pando.replication;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Binds a {@link Receiver} to its stream and to the door. */
final class ReceiverLink {

    private static final System.Logger LOG = System.getLogger(ReceiverLink.class.getName());

    private final Node node;
    private final Mailbox mailbox;
    private final MessageStream stream;
    private final ReceiverOutputs carrier;
    private final Receiver receiver;
    private boolean reading;
    private boolean closed;

    ReceiverLink(Node node, Stream inbound) {
        this.node = node;
        this.mailbox = new Mailbox(node.threads().workers());
        this.stream = new MessageStream(inbound, ReplicateCodec.MESSAGE_BYTES_MAX);
        this.carrier = new ReceiverOutputs(
                node, mailbox, stream, this::handle, this::failed, this::readNext, ReceiverOutputs.LOOKS_MAX);
        this.receiver = new Receiver(inbound.peer(), node.tail(), node.collections());
    }

    PeerId peer() {
        return stream.peer();
    }

    void start() {
        mailbox.execute(this::readNext);
    }

    void collectionsChanged() {
        mailbox.execute(() -> handle(new Receiver.CollectionsChanged()));
    }

    void close() {
        mailbox.execute(() -> {
            if (!closed) {
                closed = true;
                stream.reset();
                node.ended(this);
            }
        });
    }

    private void readNext() {
        if (closed || reading || carrier.isCrowded() || !receiver.wantsMore()) {
            return;
        }
        reading = true;
        stream.read()
                .whenComplete((bytes, failure) -> mailbox.execute(() -> {
                    reading = false;
                    if (failure != null) {
                        failed(failure);
                    } else {
                        received(bytes);
                    }
                }));
    }

    private void received(byte @Nullable [] bytes) {
        if (bytes == null) {
            closed = true;
            stream.close();
            node.ended(this);
            return;
        }
        try {
            ReplicateMessage message = ReplicateCodec.decode(bytes);
            if (message instanceof ReplicateMessage.Hello hello) {
                Set<Cid> all = hello.collections().stream()
                        .map(ReplicateMessage.Offered::collection)
                        .collect(Collectors.toUnmodifiableSet());
                Set<Cid> whole = hello.collections().stream()
                        .filter(offered -> offered.stateHash().isPresent()) // else some documents only
                        .map(ReplicateMessage.Offered::collection)
                        .collect(Collectors.toUnmodifiableSet());
                node.offered(stream.peer(), all, whole);
            }
            handle(new Receiver.Received(message));
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
            note(output);
            if (!carrier.carryOut(output)) {
                return;
            }
        }
        readNext();
    }

    private void note(Receiver.Output output) {
        if (output instanceof Receiver.Send send) {
            if (send.message() instanceof ReplicateMessage.Welcome welcome) {
                node.incoming().greeted(stream.peer(), welcome);
            } else if (send.message() instanceof ReplicateMessage.Ack ack) {
                node.incoming().acknowledged(stream.peer(), ack);
            }
        }
    }

    private void failed(Throwable failure) {
        if (!closed) {
            closed = true;
            LOG.log(System.Logger.Level.DEBUG, () -> "stream from " + stream.peer() + " ended: " + failure);
            stream.reset();
            node.ended(this);
        }
    }

    /** What a link needs of its node. */
    interface Node {
        dev.pando.Environment.Threads threads();

        LogTail tail();

        Collections collections();

        ShareSink sink();

        Conduct conduct();

        /** Where it is kept what peers push. */
        IncomingPushes incoming();

        /** Told before the share enters the door: whoever pushes to {@code peer} need not send it back. */
        void received(PeerId peer, List<Block> share);

        /** Told which collections {@code peer} pushes here from now on, and which of them as a whole. */
        void offered(PeerId peer, Set<Cid> collections, Set<Cid> whole);

        /** Whether a peer that may pushes this collection here as a whole: the node holds it in full. */
        boolean pushedWhole(Cid collection);

        void ended(ReceiverLink link);
    }
}
