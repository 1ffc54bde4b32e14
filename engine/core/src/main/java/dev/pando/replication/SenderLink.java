package dev.pando.replication;

import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Binds a {@link Sender} to the host, the log and its record on disk. Thread-safe: all goes through its mailbox. */
final class SenderLink {

    private static final System.Logger LOG = System.getLogger(SenderLink.class.getName());

    private final PeerId peer;
    private final Optional<Host> host;
    private final Environment environment;
    private final Environment.Threads threads;
    private final LogTail tail;
    private final DurableRecords records;
    private final Memberships memberships;
    private final Mailbox mailbox;
    private final Sender sender;

    private @Nullable MessageStream stream;
    private @Nullable MessageWriter writer;
    private volatile Set<Cid> pushed = Set.of();
    private boolean closed;
    private long attempt;
    private @Nullable CompletableFuture<Void> saving;
    private boolean saveAgain;
    private Runnable wakeUp = () -> {};
    private final List<Watch> watches = new ArrayList<>();

    private record Watch(Predicate<Sender> condition, CompletableFuture<Void> reached) {}

    SenderLink(
            PeerId peer,
            Optional<Host> host,
            Environment environment,
            Environment.Threads threads,
            LogTail tail,
            DurableRecords records,
            Memberships memberships,
            ReplicatorRecord record) {
        this.memberships = memberships;
        this.peer = peer;
        this.host = host;
        this.environment = environment;
        this.threads = threads;
        this.tail = tail;
        this.records = records;
        this.mailbox = new Mailbox(threads.workers());
        this.sender = new Sender(peer, tail, record, memberships.load(peer, record), false);
        noteScopes();
        host.ifPresent(h -> record.address().ifPresent(a -> h.addAddress(peer, a.withoutPeerId())));
    }

    PeerId peer() {
        return peer;
    }

    void start() {
        mailbox.execute(() -> handle(new Sender.ScopesChanged()));
    }

    void connected() {
        mailbox.execute(() -> handle(new Sender.Connected()));
    }

    void advanced() {
        mailbox.execute(() -> handle(new Sender.Advanced()));
    }

    private void noteScopes() {
        pushed = sender.scopes().stream().map(scope -> scope.collection).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a replicator of that collection is set. Any thread. */
    boolean pushes(Cid collection) {
        return pushed.contains(collection);
    }

    /** The peer has told why it has not got some collections. */
    void explained(Map<Cid, String> reasons) {
        mailbox.execute(() -> {
            reasons.forEach(sender::explained);
            checkWatches();
        });
    }

    /** The peer itself sent this. */
    void received(List<Block> share) {
        mailbox.execute(() -> handle(new Sender.PeerSent(share)));
    }

    /** Pushes these collections whole; completes when that is on disk. */
    CompletableFuture<Void> add(List<Cid> collections, Optional<Multiaddr> address) {
        return change(() -> {
            setAddress(address);
            for (Cid collection : collections) {
                if (sender.add(collection).members != null) {
                    sender.replace(collection, Optional.empty(), null);
                    memberships.clear(peer, collection);
                }
            }
        });
    }

    /** Pushes some documents of a collection, instead of what was pushed of it before; completes when that is on disk. */
    CompletableFuture<Void> add(
            Cid collection, ReplicatorRecord.Filter filter, Membership members, Optional<Multiaddr> address) {
        return change(() -> {
            setAddress(address);
            memberships.clear(peer, collection);
            memberships.add(peer, collection, members.members());
            sender.replace(collection, Optional.of(filter), members);
        });
    }

    private void setAddress(Optional<Multiaddr> address) {
        address.ifPresent(a -> {
            sender.setAddress(a);
            host.ifPresent(h -> h.addAddress(peer, a.withoutPeerId()));
        });
    }

    /** Takes collections away; completes when that is on disk. */
    CompletableFuture<Void> remove(List<Cid> collections) {
        return change(() -> {
            collections.forEach(sender::remove);
            collections.forEach(collection -> memberships.clear(peer, collection));
        });
    }

    private void join(Sender.Join join) {
        var writes = join.documents().entrySet().stream()
                .map(joined -> memberships.add(peer, joined.getKey(), joined.getValue()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(writes)
                .whenComplete((nothing, failure) -> mailbox.execute(() -> {
                    if (failure != null) {
                        handle(new Sender.ReadFailed(join.stream(), message(failure)));
                    } else {
                        handle(new Sender.Joined(join.stream()));
                    }
                }));
    }

    private CompletableFuture<Void> change(Runnable change) {
        var done = new CompletableFuture<Void>();
        mailbox.execute(() -> {
            change.run();
            noteScopes();
            /* After what is being saved already: records of one key take effect in the order of the calls. */
            var written = sender.scopes().isEmpty()
                    ? records.remove(peer.toString())
                    : records.put(peer.toString(), sender.record().encode());
            written.whenComplete((nothing, failure) -> {
                if (failure != null) {
                    done.completeExceptionally(failure);
                } else {
                    mailbox.execute(() -> handle(new Sender.ScopesChanged()));
                    done.complete(null);
                }
            });
        });
        return done;
    }

    /** Looks at the sender in its mailbox. */
    <T> CompletableFuture<T> inspect(Function<Sender, T> look) {
        var result = new CompletableFuture<T>();
        mailbox.execute(() -> {
            try {
                result.complete(look.apply(sender));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Completes when {@code condition} holds; fails with what it throws. */
    CompletableFuture<Void> await(Predicate<Sender> condition) {
        var watch = new Watch(condition, new CompletableFuture<>());
        mailbox.execute(() -> {
            watches.add(watch);
            /* The log may have grown by what is out of scope, which wakes nobody. */
            handle(new Sender.Advanced());
            checkWatches();
        });
        return watch.reached();
    }

    private void checkWatches() {
        watches.removeIf(watch -> {
            if (watch.reached().isDone()) {
                return true;
            }
            try {
                if (closed) {
                    throw new PandoException(PandoException.Kind.CLOSED, "the engine was closed meanwhile");
                }
                if (watch.condition().test(sender)) {
                    watch.reached().complete(null);
                    return true;
                }
            } catch (RuntimeException e) {
                watch.reached().completeExceptionally(e);
                return true;
            }
            return false;
        });
    }

    /** Ends sending; the record stays. Completes when the last state is on disk. */
    CompletableFuture<Void> close() {
        var done = new CompletableFuture<Void>();
        mailbox.execute(() -> {
            closed = true;
            wakeUp.run();
            dropStream();
            checkWatches();
            var last = sender.scopes().isEmpty()
                    ? CompletableFuture.<Void>completedFuture(null)
                    : records.put(peer.toString(), sender.record().encode());
            last.whenComplete((nothing, failure) -> done.complete(null));
        });
        return done;
    }

    // In the mailbox

    private void handle(Sender.Input input) {
        if (closed) {
            return;
        }
        List<Sender.Output> outputs;
        try {
            outputs = sender.handle(input, environment.currentTimeMillis());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "replicator to " + peer + " failed; its stream begins anew", e);
            dropStream();
            outputs = sender.handle(new Sender.StreamFailed(e.toString()), environment.currentTimeMillis());
        }
        outputs.forEach(this::carryOut);
        checkWatches();
    }

    private void carryOut(Sender.Output output) {
        if (output instanceof Sender.OpenStream) {
            openStream();
        } else if (output instanceof Sender.Send send) {
            if (writer != null) {
                writer.write(ReplicateCodec.encode(send.message()));
            }
        } else if (output instanceof Sender.CloseStream close) {
            LOG.log(System.Logger.Level.DEBUG, () -> "stream to " + peer + " closed: " + close.reason());
            dropStream();
        } else if (output instanceof Sender.Work work) {
            threads.workers().execute(() -> {
                Sender.Input answer = SenderWork.carryOut(tail, work);
                mailbox.execute(() -> handle(answer));
            });
        } else if (output instanceof Sender.WakeAfter wake) {
            wakeUp.run();
            wakeUp = threads.schedule(wake.delay(), () -> mailbox.execute(() -> handle(new Sender.Woken())));
        } else if (output instanceof Sender.Join join) {
            join(join);
        } else if (output instanceof Sender.Save) {
            save();
        }
    }

    private void openStream() {
        if (host.isEmpty()) {
            mailbox.execute(() -> handle(new Sender.StreamFailed("the network is off on this node")));
            return;
        }
        long thisAttempt = ++attempt;
        host.get()
                .newStream(peer, ReplicationService.PROTOCOL)
                .whenComplete((opened, failure) -> mailbox.execute(() -> {
                    /* An attempt that was given up, by closing or by another one, has nothing to say any more. */
                    boolean late = closed || thisAttempt != attempt;
                    if (failure == null && late) {
                        opened.reset();
                    } else if (failure == null) {
                        opened(opened);
                    } else if (!late) {
                        handle(new Sender.StreamFailed(message(failure)));
                    }
                }));
    }

    private void opened(Stream opened) {
        dropStream();
        var messages = new MessageStream(opened, ReplicateCodec.MESSAGE_BYTES_MAX);
        stream = messages;
        writer = new MessageWriter(messages, mailbox, failure -> ended(messages, message(failure)));
        handle(new Sender.StreamOpened());
        readNext(messages);
    }

    private void readNext(MessageStream messages) {
        if (messages != stream) {
            return;
        }
        messages.read()
                .whenComplete((bytes, failure) -> mailbox.execute(() -> {
                    if (failure != null) {
                        ended(messages, message(failure));
                    } else if (bytes == null) {
                        ended(messages, "the peer closed the stream");
                    } else if (messages == stream) {
                        received(messages, bytes);
                    }
                }));
    }

    private void received(MessageStream messages, byte[] bytes) {
        try {
            handle(new Sender.Received(ReplicateCodec.decode(bytes)));
            readNext(messages);
        } catch (DecodeException e) {
            ended(messages, "malformed answer: " + e.getMessage());
        }
    }

    private void ended(MessageStream messages, String reason) {
        if (messages == stream) {
            dropStream();
            handle(new Sender.StreamFailed(reason));
        }
    }

    private void dropStream() {
        MessageStream old = stream;
        stream = null;
        writer = null;
        if (old != null) {
            old.reset();
        }
    }

    /** One write of the record at a time; what changes meanwhile is in the next one. */
    private void save() {
        if (saving != null) {
            saveAgain = true;
            return;
        }
        if (sender.scopes().isEmpty()) {
            return;
        }
        var written = records.put(peer.toString(), sender.record().encode());
        saving = written;
        written.whenComplete((nothing, failure) -> mailbox.execute(() -> {
            saving = null;
            if (failure != null) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the place of the replicator to " + peer + " is not saved",
                        failure);
            } else if (saveAgain && !closed) {
                saveAgain = false;
                save();
            }
        }));
    }

    static String message(Throwable failure) {
        Throwable cause = failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
