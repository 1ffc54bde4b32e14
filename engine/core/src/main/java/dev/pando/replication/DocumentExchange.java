package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.dag.UnknownVersionException;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import dev.pando.replication.DocumentMessage.Ask;
import dev.pando.replication.DocumentMessage.End;
import dev.pando.replication.DocumentMessage.Newer;
import dev.pando.replication.DocumentMessage.Share;
import dev.pando.replication.DocumentMessage.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code /pando/documents/1.0.0}: one node asks another what it has of some documents above the heads that it names, and
 * gets their shares with proofs, in the order of the other's log. One question a peer at a time; what is to be asked
 * meanwhile becomes the next one. Used from one mailbox, but for the answers, which are read on workers.
 */
final class DocumentExchange {

    static final String PROTOCOL = "/pando/documents/1.0.0";

    /** A peer that sends not a byte for so long is given up; one that is sent something has more time: {@link IdleWatch}. */
    static final Duration IDLE = Duration.ofSeconds(30);

    /** Shares of an answer at the door; the stream is not read while there are as many. */
    static final int ADMITTING_MAX = 64;

    /** Bytes of one share, in pieces; the stream is reset when there are more. */
    static final long SHARE_BYTES_MAX = 160L << 20;

    /**
     * Bytes of an answer that are read from the log at once, and of a piece of a share: over a link of 256 kbit/s a third
     * of {@link #IDLE}.
     */
    private static final int PAGE_BYTES = 256 << 10;

    private static final System.Logger LOG = System.getLogger(DocumentExchange.class.getName());

    private final Host host;
    private final ReceiverLink.Node node;
    private final Documents documents;
    private final Mailbox mailbox;
    private final BiConsumer<PeerId, Newer> newer;
    private final Map<PeerId, Waiting> waiting = new LinkedHashMap<>();
    /** In the order they were opened, which is the same in each run of a simulation. */
    private final Set<MessageStream> open = Collections.synchronizedSet(new LinkedHashSet<>());

    private volatile boolean closed;

    /** What is to be asked of one peer. */
    private static final class Waiting {
        final Set<DocumentKey> documents = new LinkedHashSet<>();
        CompletableFuture<Boolean> next = new CompletableFuture<>();
        boolean running;
    }

    /** @param newer told, in the mailbox, what a peer says it has */
    DocumentExchange(
            Host host, ReceiverLink.Node node, Documents documents, Mailbox mailbox, BiConsumer<PeerId, Newer> newer) {
        this.host = host;
        this.node = node;
        this.documents = documents;
        this.mailbox = mailbox;
        this.newer = newer;
    }

    void start() {
        host.handle(PROTOCOL, stream -> serve(new MessageStream(stream, DocumentMessage.MESSAGE_BYTES_MAX)));
    }

    void close() {
        closed = true;
        host.unhandle(PROTOCOL);
        List.copyOf(open).forEach(MessageStream::reset);
    }

    // Asking

    /** Completes with whether the peer has answered for all of them and all of that is merged here. In the mailbox. */
    CompletableFuture<Boolean> ask(PeerId peer, Collection<DocumentKey> keys) {
        if (closed || keys.isEmpty()) {
            return CompletableFuture.completedFuture(keys.isEmpty());
        }
        Waiting of = waiting.computeIfAbsent(peer, p -> new Waiting());
        of.documents.addAll(keys);
        CompletableFuture<Boolean> result = of.next;
        if (!of.running) {
            run(peer, of);
        }
        return result;
    }

    private void run(PeerId peer, Waiting of) {
        of.running = true;
        CompletableFuture<Boolean> result = of.next;
        of.next = new CompletableFuture<>();
        var asked = new LinkedHashSet<>(of.documents);
        of.documents.clear();
        /* Composed, so that what throws fails the question, and the next one is asked. */
        var answers = CompletableFuture.completedFuture(true).thenCompose(nothing -> askAll(peer, asked));
        answers.whenComplete((complete, failure) -> mailbox.execute(() -> {
            of.running = false;
            if (failure != null) {
                LOG.log(System.Logger.Level.DEBUG, () -> "asking " + peer + " for documents: " + failure);
            }
            result.complete(failure == null && complete);
            if (of.documents.isEmpty()) {
                waiting.remove(peer, of);
            } else if (!closed) {
                run(peer, of);
            }
        }));
    }

    private CompletableFuture<Boolean> askAll(PeerId peer, Set<DocumentKey> asked) {
        var questions = new ArrayList<Ask>();
        DocumentMessage.grouped(asked)
                .forEach((collection, groups) ->
                        groups.forEach(group -> questions.add(new Ask(collection, heads(collection, group)))));
        var answers = CompletableFuture.completedFuture(true);
        for (Ask question : questions) {
            answers = answers.thenCompose(before -> askOne(peer, question).thenApply(now -> before && now));
        }
        return answers;
    }

    SortedMap<DocumentId, List<Cid>> heads(Cid collection, Collection<DocumentId> of) {
        var heads = new TreeMap<DocumentId, List<Cid>>();
        of.forEach(document -> heads.put(document, documents.heads(collection, document)));
        return heads;
    }

    private CompletableFuture<Boolean> askOne(PeerId peer, Ask question) {
        return host.newStream(peer, PROTOCOL).thenCompose(stream -> new Answer(stream, question).read());
    }

    /** The answer to one question, as it comes in. */
    private final class Answer {
        private final MessageStream stream;
        private final Ask question;
        private final Mailbox own = new Mailbox(node.threads().workers());
        private final CompletableFuture<Boolean> result = new CompletableFuture<>();
        private List<Block> partial = new ArrayList<>();
        private long partialBytes;
        private int admitting;
        private boolean reading;
        private boolean ended;
        private boolean complete = true;
        private final IdleWatch idle;

        Answer(Stream stream, Ask question) {
            this.stream = new MessageStream(stream, DocumentMessage.MESSAGE_BYTES_MAX);
            this.idle = new IdleWatch(
                    node.threads(),
                    own,
                    this.stream::bytesRead,
                    () -> fail(new java.util.concurrent.TimeoutException(
                            stream.peer() + " sent nothing for " + IDLE.toSeconds() + " s")));
            this.question = question;
        }

        CompletableFuture<Boolean> read() {
            open.add(stream);
            result.whenComplete((answer, failure) -> {
                open.remove(stream);
                own.execute(idle::stop);
                if (failure == null) {
                    stream.close();
                } else {
                    stream.reset();
                }
            });
            own.execute(() -> {
                stream.write(DocumentMessage.encode(question));
                stream.closeWrite();
                next();
            });
            return result;
        }

        private void next() {
            if (result.isDone() || reading || ended || admitting >= ADMITTING_MAX) {
                return;
            }
            reading = true;
            idle.restart(IDLE);
            stream.read()
                    .whenComplete((bytes, failure) -> own.execute(() -> {
                        reading = false;
                        if (failure != null) {
                            fail(failure);
                        } else if (bytes == null) {
                            fail(new java.io.EOFException(stream.peer() + " ended its answer"));
                        } else {
                            received(bytes);
                        }
                    }));
        }

        private void fail(Throwable failure) {
            result.completeExceptionally(failure);
        }

        private void received(byte[] bytes) {
            try {
                DocumentMessage message = DocumentMessage.decode(bytes);
                if (message instanceof End end) {
                    ended = true;
                    complete &= end.status() == Status.DONE;
                    finish();
                } else if (message instanceof Share share) {
                    gather(share);
                    next();
                } else {
                    throw new DecodeException(
                            "an answer that is a " + message.getClass().getSimpleName());
                }
            } catch (DecodeException | UnknownVersionException e) {
                fail(e);
            }
        }

        private void gather(Share share) {
            partial.addAll(share.blocks());
            partialBytes +=
                    share.blocks().stream().mapToLong(b -> b.bytes().length).sum();
            if (partialBytes > SHARE_BYTES_MAX) {
                throw new DecodeException("a share of more than " + SHARE_BYTES_MAX + " bytes");
            }
            if (share.more()) {
                return;
            }
            List<Block> whole = partial;
            partial = new ArrayList<>();
            partialBytes = 0;
            Set<DocumentId> about = new HashSet<>(
                    new ShareTree(whole).documents(question.collection()).keySet());
            if (about.isEmpty() || !question.heads().keySet().containsAll(about)) {
                throw new DecodeException("a share of documents that were not asked for");
            }
            admitting++;
            node.sink()
                    .admit(stream.peer(), whole)
                    .whenComplete((outcome, failure) -> own.execute(() -> {
                        admitting--;
                        complete &= outcome instanceof AdmissionOutcome.Applied
                                || outcome instanceof AdmissionOutcome.AlreadyKnown;
                        if (failure != null || outcome instanceof AdmissionOutcome.Invalid) {
                            fail(failure != null ? failure : new DecodeException(outcome.toString()));
                        } else {
                            finish();
                            next();
                        }
                    }));
        }

        private void finish() {
            if (ended && admitting == 0) {
                result.complete(complete);
            }
        }
    }

    // Answering

    private void serve(MessageStream stream) {
        open.add(stream);
        Runnable idle = node.threads().schedule(IDLE, stream::reset);
        stream.read().whenComplete((bytes, failure) -> {
            idle.run();
            if (failure != null || bytes == null || closed) {
                end(stream, failure == null && bytes == null);
                return;
            }
            node.threads().workers().execute(() -> {
                try {
                    answer(stream, DocumentMessage.decode(bytes));
                } catch (DecodeException e) {
                    LOG.log(System.Logger.Level.DEBUG, () -> "bad question of " + stream.peer() + ": " + e);
                    end(stream, false);
                } catch (RuntimeException e) {
                    if (!closed) {
                        LOG.log(System.Logger.Level.WARNING, "a question of " + stream.peer() + " is not answered", e);
                    }
                    end(stream, false);
                }
            });
        });
    }

    private void end(MessageStream stream, boolean inOrder) {
        open.remove(stream);
        if (inOrder) {
            stream.close();
        } else {
            stream.reset();
        }
    }

    private void answer(MessageStream stream, DocumentMessage message) {
        if (message instanceof Newer told) {
            end(stream, true);
            mailbox.execute(() -> newer.accept(stream.peer(), told));
        } else if (message instanceof Ask ask) {
            Cid collection = ask.collection();
            if (!node.collections().holds(collection) || !node.collections().mayRead(stream.peer(), collection)) {
                if (node.conduct().asksTooMuchInVain(stream.peer())) {
                    throw new DecodeException("more questions in vain than are answered");
                }
                write(stream, List.of(DocumentMessage.encode(new End(Status.REFUSED))), () -> end(stream, true));
                return;
            }
            page(stream, new Lacking(collection, ask.heads()));
        } else {
            throw new DecodeException(
                    "a question that is a " + message.getClass().getSimpleName());
        }
    }

    /** What is left of an answer: one document after the other, so that only one's history is held. Used by one thread at a time. */
    private final class Lacking {
        final Cid collection;
        private final Iterator<Map.Entry<DocumentId, List<Cid>>> next;
        private @Nullable DocumentId document;
        private Set<Cid> known = Set.of();
        private List<Cid> deltas = List.of();
        private boolean more;

        Lacking(Cid collection, SortedMap<DocumentId, List<Cid>> heads) {
            this.collection = collection;
            this.next = heads.entrySet().iterator();
        }

        /** Shares of about {@link #PAGE_BYTES}, of several documents where they are small; none when that was all. */
        List<List<Block>> page() {
            var shares = new ArrayList<List<Block>>();
            long bytes = 0;
            while (bytes < PAGE_BYTES && found()) {
                Documents.Page page = documents.read(collection, deltas, PAGE_BYTES);
                deltas = page.rest();
                shares.addAll(page.shares());
                for (List<Block> share : page.shares()) {
                    bytes += share.stream().mapToLong(b -> b.bytes().length).sum();
                }
            }
            return shares;
        }

        /** Whether there is a delta to be read. */
        private boolean found() {
            while (deltas.isEmpty() && (more || next.hasNext())) {
                if (!more) {
                    Map.Entry<DocumentId, List<Cid>> entry = next.next();
                    document = entry.getKey();
                    known = Set.copyOf(entry.getValue());
                }
                Documents.Since since = documents.since(collection, Objects.requireNonNull(document), known);
                deltas = since.deltas();
                more = since.more();
                known = since.heads();
            }
            return !deltas.isEmpty();
        }
    }

    /** Sends a page of the answer, and the next when that is on its way. On a worker. */
    private void page(MessageStream stream, Lacking lacking) {
        if (closed || !node.collections().mayRead(stream.peer(), lacking.collection)) {
            end(stream, false);
            return;
        }
        List<List<Block>> shares = lacking.page();
        var messages = new ArrayList<byte[]>();
        shares.forEach(share -> pieces(share).forEach(piece -> messages.add(DocumentMessage.encode(piece))));
        if (shares.isEmpty()) {
            messages.add(DocumentMessage.encode(new End(Status.DONE)));
            write(stream, messages, () -> end(stream, true));
        } else {
            write(stream, messages, () -> node.threads().workers().execute(() -> page(stream, lacking)));
        }
    }

    private static List<Share> pieces(List<Block> share) {
        var pieces = new ArrayList<Share>();
        var piece = new ArrayList<Block>();
        long bytes = 0;
        for (Block block : share) {
            if (!piece.isEmpty()
                    && (bytes + block.bytes().length > PAGE_BYTES || piece.size() >= DocumentMessage.BLOCKS_MAX)) {
                pieces.add(new Share(true, List.copyOf(piece)));
                piece.clear();
                bytes = 0;
            }
            piece.add(block);
            bytes += block.bytes().length;
        }
        pieces.add(new Share(false, List.copyOf(piece)));
        return pieces;
    }

    private void write(MessageStream stream, List<byte[]> messages, Runnable then) {
        long bytes = messages.stream().mapToLong(message -> message.length).sum();
        Runnable idle = node.threads().schedule(IdleWatch.toTake(IDLE, bytes), stream::reset);
        var written = CompletableFuture.<Void>completedFuture(null);
        for (byte[] message : messages) {
            written = written.thenCompose(nothing -> stream.write(message));
        }
        written.whenComplete((nothing, failure) -> {
            idle.run();
            if (failure != null) {
                end(stream, false);
            } else {
                then.run();
            }
        });
    }

    /** Tells a peer that this node has newer heads of what it asked for. */
    void tell(PeerId peer, Newer told) {
        host.newStream(peer, PROTOCOL).whenComplete((stream, failure) -> {
            if (failure == null) {
                var messages = new MessageStream(stream, DocumentMessage.MESSAGE_BYTES_MAX);
                messages.write(DocumentMessage.encode(told)).whenComplete((nothing, lost) -> messages.close());
            }
        });
    }
}
