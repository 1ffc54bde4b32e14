package dev.pando.replication;

import dev.pando.Environment;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.Stream;
import dev.pando.replication.ReplicateMessage.Done;
import dev.pando.replication.ReplicateMessage.Pull;
import dev.pando.replication.ReplicateMessage.Reached;
import dev.pando.replication.ReplicateMessage.Wanted;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers a {@link Pull}: pushes what the peer lacks and may read, once, and ends the stream. The pushing itself is a
 * {@link Sender}'s, whose place is told by the peer and given back to it in {@link Done} rather than kept here.
 */
final class PushOnceLink {

    /** A peer that says nothing for so long, and as long as what it was sent may take, is let go; it may pull again. */
    static final Duration IDLE = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(PushOnceLink.class.getName());

    private final ReceiverLink.Node node;
    private final Environment environment;
    private final Mailbox mailbox;
    private final MessageStream stream;
    private final MessageWriter writer;
    private final Runnable ended;
    private Sender sender;
    private boolean pushing;
    private boolean closed;
    private final IdleWatch idle;

    /** Bytes of each batch that is not acknowledged. */
    private final Deque<Integer> underWay = new ArrayDeque<>();

    PushOnceLink(ReceiverLink.Node node, Environment environment, Stream inbound, Runnable ended) {
        this.node = node;
        this.environment = environment;
        this.mailbox = new Mailbox(node.threads().workers());
        this.stream = new MessageStream(inbound, ReplicateCodec.MESSAGE_BYTES_MAX);
        this.writer = new MessageWriter(stream, mailbox, this::failed);
        this.ended = ended;
        this.idle = new IdleWatch(node.threads(), mailbox, stream::bytesRead, () -> end(true));
        this.sender = sender(List.of(), new byte[0]);
    }

    void start() {
        mailbox.execute(this::readNext);
    }

    void close() {
        mailbox.execute(() -> end(true));
    }

    void advanced() {
        mailbox.execute(() -> {
            if (pushing) {
                handle(new Sender.Advanced());
            }
        });
    }

    private Sender sender(List<ReplicatorRecord.Progress> scopes, byte[] peerLog) {
        return new Sender(
                stream.peer(), node.tail(), new ReplicatorRecord(Optional.empty(), peerLog, scopes), Map.of(), true);
    }

    private void readNext() {
        if (closed) {
            return;
        }
        waitForAnswer();
        stream.read()
                .whenComplete((bytes, failure) -> mailbox.execute(() -> {
                    if (failure != null) {
                        failed(failure);
                    } else if (bytes == null) {
                        end(false);
                    } else {
                        received(bytes);
                    }
                }));
    }

    private void waitForAnswer() {
        idle.restart(IdleWatch.toTake(
                IDLE, underWay.stream().mapToLong(Integer::longValue).sum()));
    }

    private void received(byte[] bytes) {
        try {
            ReplicateMessage message = ReplicateCodec.decode(bytes);
            if (message instanceof ReplicateMessage.Ack) {
                underWay.poll();
            }
            if (pushing) {
                handle(new Sender.Received(message));
            } else if (message instanceof Pull pull) {
                begin(pull);
            } else {
                throw new DecodeException(
                        "a pull was expected, not a " + message.getClass().getSimpleName());
            }
            readNext();
        } catch (DecodeException e) {
            failed(e);
        }
    }

    private void begin(Pull pull) {
        var scopes = new ArrayList<ReplicatorRecord.Progress>();
        for (Wanted wanted : pull.collections()) {
            if (node.collections().holds(wanted.collection())
                    && node.collections().mayRead(stream.peer(), wanted.collection())) {
                boolean here = Arrays.equals(wanted.log(), node.tail().logId());
                long position = here ? Math.min(wanted.position(), node.tail().lastSequence()) : 0;
                scopes.add(new ReplicatorRecord.Progress(wanted.collection(), position, 0, List.of()));
            }
        }
        if (scopes.isEmpty() && node.conduct().asksTooMuchInVain(stream.peer())) {
            throw new DecodeException("more questions in vain than are answered");
        }
        pushing = true;
        sender = sender(scopes, pull.log());
        if (scopes.isEmpty()) {
            done();
        } else {
            handle(new Sender.StreamOpened());
        }
    }

    private void handle(Sender.Input input) {
        if (closed) {
            return;
        }
        List<Sender.Output> outputs;
        try {
            outputs = sender.handle(input, environment.currentTimeMillis());
        } catch (RuntimeException e) {
            failed(e);
            return;
        }
        for (Sender.Output output : outputs) {
            if (output instanceof Sender.Send send) {
                send(send.message());
            } else if (output instanceof Sender.Work work) {
                node.threads().workers().execute(() -> {
                    Sender.Input answer = SenderWork.carryOut(node.tail(), work);
                    mailbox.execute(() -> handle(answer));
                });
            } else if (output instanceof Sender.CloseStream close) {
                failed(new DecodeException(close.reason()));
                return;
            }
        }
        if (pushing && sender.isCaughtUp()) {
            done();
        }
    }

    private void send(ReplicateMessage message) {
        byte[] bytes = ReplicateCodec.encode(message);
        if (message instanceof ReplicateMessage.Batch) {
            underWay.add(bytes.length);
            waitForAnswer();
        }
        writer.write(bytes);
    }

    private void done() {
        pushing = false;
        writer.write(ReplicateCodec.encode(new Done(
                node.tail().logId(),
                sender.scopes().stream()
                        .filter(s -> s.suspended == null)
                        .map(s -> new Reached(s.collection, s.position))
                        .toList())));
        /* The peer ends the stream when it has read that. */
    }

    private void failed(Throwable failure) {
        if (!closed) {
            LOG.log(System.Logger.Level.DEBUG, () -> "pull of " + stream.peer() + " ended: " + failure);
            end(true);
        }
    }

    private void end(boolean reset) {
        if (!closed) {
            closed = true;
            idle.stop();
            if (reset) {
                stream.reset();
            } else {
                stream.close();
            }
            ended.run();
        }
    }
}
