package dev.pando.libp2p.kad;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.Stream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node of the distributed hash table. Thread-safe; all work is done on its scheduler, one task at a time. Lookups end
 * by themselves: each request has a deadline and each lookup a bound of peers.
 */
public final class Kademlia implements AutoCloseable {

    /** How long one peer may take to answer. */
    static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** How often the table is refreshed. */
    static final Duration REFRESH = Duration.ofMinutes(10);

    /** How often what this node provides is announced again. */
    static final Duration REPUBLISH = Duration.ofHours(22);

    /** Requests of one peer that are answered at once; its further streams are reset. */
    private static final int INBOUND_PER_PEER_MAX = 16;

    private static final System.Logger LOG = System.getLogger(Kademlia.class.getName());

    private final Host host;
    private final KadConfig config;
    private final Scheduler scheduler;
    private final LongSupplier clockMillis;
    private final RoutingTable table;
    private final KadServer server;
    private final Map<ByteBuffer, byte[]> provided = new LinkedHashMap<>();
    private final Map<PeerId, Integer> inbound = new HashMap<>();
    private final Map<PeerId, RequestBudget> budgets = new HashMap<>();
    private Runnable refresh = () -> {};
    private Runnable republish = () -> {};
    private boolean closed;

    private final HostListener listener = new HostListener() {
        @Override
        public void onIdentified(PeerId peer, Identify info) {
            boolean serves = info.protocols().contains(config.protocol());
            scheduler.execute(() -> {
                if (serves) {
                    table.add(peer);
                } else {
                    table.remove(peer);
                }
            });
        }

        @Override
        public void onDisconnected(PeerId peer) {
            scheduler.execute(() -> budgets.remove(peer));
        }
    };

    /** @param clockMillis a clock that does not go back */
    public Kademlia(Host host, KadConfig config, Scheduler scheduler, LongSupplier clockMillis) {
        this.host = host;
        this.config = config;
        this.scheduler = scheduler;
        this.clockMillis = clockMillis;
        this.table = new RoutingTable(host.peerId());
        this.server = new KadServer(host.peerId(), table, config.validators(), host::knownAddresses);
    }

    public void start() {
        host.addListener(listener);
        if (config.server()) {
            host.handle(config.protocol(), this::onInbound);
        }
        scheduler.execute(() -> {
            refreshLater();
            republishLater();
        });
    }

    @Override
    public void close() {
        host.removeListener(listener);
        host.unhandle(config.protocol());
        scheduler.execute(() -> {
            closed = true;
            refresh.run();
            republish.run();
        });
    }

    // Questions

    /** The servers nearest to {@code key} that answer, nearest first. */
    public CompletableFuture<List<KadPeerInfo>> closest(byte[] key) {
        return on(() -> new Walk(key, KadRequest.of(KadRequest.Type.FIND_NODE, key), (from, answer) -> false)
                .run()
                .thenApply(walk -> infos(walk.lookup.nearest())));
    }

    /** Where {@code peer} can be dialled, or empty when nobody asked knows. */
    public CompletableFuture<Optional<KadPeerInfo>> findPeer(PeerId peer) {
        byte[] key = peer.toBytes();
        var found = new ArrayList<KadPeerInfo>();
        return on(() -> new Walk(key, KadRequest.of(KadRequest.Type.FIND_NODE, key), (from, answer) -> {
                    answer.closer().stream()
                            .filter(p -> p.peer().equals(peer) && !p.addresses().isEmpty())
                            .findFirst()
                            .ifPresent(found::add);
                    return !found.isEmpty();
                })
                .run()
                .thenApply(walk -> found.stream().findFirst()));
    }

    /** Tells the servers nearest to {@code key} that this node provides it, now and from time to time. */
    public CompletableFuture<Integer> provide(byte[] key) {
        return on(() -> {
            provided.put(ByteBuffer.wrap(key.clone()), key.clone());
            return announce(key);
        });
    }

    /** Announces {@code key} no longer; what others keep of it runs out. */
    public void stopProviding(byte[] key) {
        scheduler.execute(() -> {
            provided.remove(ByteBuffer.wrap(key));
            server.removeProvider(ByteBuffer.wrap(key), host.peerId());
        });
    }

    /** Keys that this node provides. */
    public CompletableFuture<Integer> providedKeys() {
        return on(() -> CompletableFuture.completedFuture(provided.size()));
    }

    /** Peers that provide {@code key}: at most {@code count}, as soon as that many are known. */
    public CompletableFuture<List<KadPeerInfo>> findProviders(byte[] key, int count) {
        var found = new LinkedHashMap<PeerId, KadPeerInfo>();
        return on(() -> {
            server.providers(key, clockMillis.getAsLong()).forEach(p -> found.put(p.peer(), p));
            if (found.size() >= count) {
                return CompletableFuture.completedFuture(limited(found, count));
            }
            return new Walk(key, KadRequest.of(KadRequest.Type.GET_PROVIDERS, key), (from, answer) -> {
                        answer.providers().forEach(p -> found.putIfAbsent(p.peer(), p));
                        return found.size() >= count;
                    })
                    .run()
                    .thenApply(walk -> limited(found, count));
        });
    }

    private static List<KadPeerInfo> limited(Map<PeerId, KadPeerInfo> found, int count) {
        return found.values().stream().limit(count).toList();
    }

    /** Puts a value with the servers nearest to its key; completes with how many took it. */
    public CompletableFuture<Integer> put(byte[] key, byte[] value) {
        var validator = server.validator(key);
        if (validator == null || !validator.valid(key, value)) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException("no validator of this node accepts that value under that key"));
        }
        return on(() -> {
            server.put(key, value, clockMillis.getAsLong());
            var put = new KadRequest(KadRequest.Type.PUT_VALUE, key, value, List.of(), List.of());
            return new Walk(key, KadRequest.of(KadRequest.Type.FIND_NODE, key), (from, answer) -> false)
                    .run()
                    .thenCompose(walk -> tellAll(walk.lookup.nearest(), put, true));
        });
    }

    /** The best value found under {@code key}, or empty. */
    public CompletableFuture<Optional<byte[]>> get(byte[] key) {
        var best = new Best(key, server.validator(key));
        return on(() -> {
            best.consider(server.value(key, clockMillis.getAsLong()));
            return new Walk(key, KadRequest.of(KadRequest.Type.GET_VALUE, key), (from, answer) -> {
                        best.consider(answer.value());
                        return false;
                    })
                    .run()
                    .thenApply(walk -> Optional.ofNullable(best.value));
        });
    }

    private static final class Best {
        private final byte[] key;
        private final @Nullable RecordValidator validator;
        private byte @Nullable [] value;

        Best(byte[] key, @Nullable RecordValidator validator) {
            this.key = key;
            this.validator = validator;
        }

        void consider(byte @Nullable [] other) {
            if (other != null && validator != null && validator.valid(key, other)) {
                byte[] present = value;
                if (present == null || validator.better(key, other, present)) {
                    value = other;
                }
            }
        }
    }

    /** Servers in the routing table. */
    public CompletableFuture<Integer> tableSize() {
        return on(() -> CompletableFuture.completedFuture(table.size()));
    }

    /** Looks this node itself up, and so fills the table. Completes with the table's size. */
    public CompletableFuture<Integer> bootstrap() {
        return closest(host.peerId().toBytes()).thenCompose(nearest -> tableSize());
    }

    // On the scheduler

    private <T> CompletableFuture<T> on(Supplier<CompletableFuture<T>> work) {
        var result = new CompletableFuture<T>();
        scheduler.execute(() -> {
            if (closed) {
                result.completeExceptionally(new IllegalStateException("closed"));
                return;
            }
            work.get().whenComplete((value, failure) -> {
                if (failure != null) {
                    result.completeExceptionally(failure);
                } else {
                    result.complete(value);
                }
            });
        });
        return result;
    }

    private void refreshLater() {
        refresh = scheduler.schedule(REFRESH, () -> {
            if (!closed) {
                bootstrap().whenComplete((size, failure) -> scheduler.execute(this::refreshLater));
            }
        });
    }

    private void republishLater() {
        republish = scheduler.schedule(REPUBLISH, () -> {
            if (!closed) {
                List.copyOf(provided.values()).forEach(this::announce);
                republishLater();
            }
        });
    }

    private CompletableFuture<Integer> announce(byte[] key) {
        var self = new KadPeerInfo(host.peerId(), host.addresses());
        server.addProvider(key, self, clockMillis.getAsLong());
        var request = new KadRequest(KadRequest.Type.ADD_PROVIDER, key, null, List.of(), List.of(self));
        return new Walk(key, KadRequest.of(KadRequest.Type.FIND_NODE, key), (from, answer) -> false)
                .run()
                .thenCompose(walk -> tellAll(walk.lookup.nearest(), request, false));
    }

    private CompletableFuture<Integer> tellAll(List<PeerId> peers, KadRequest message, boolean answered) {
        var told = new ArrayList<CompletableFuture<Boolean>>();
        for (PeerId peer : peers) {
            told.add(request(peer, message, answered).handle((answer, failure) -> failure == null));
        }
        return CompletableFuture.allOf(told.toArray(CompletableFuture<?>[]::new))
                .thenApply(all ->
                        (int) told.stream().filter(CompletableFuture::join).count());
    }

    private List<KadPeerInfo> infos(List<PeerId> peers) {
        return peers.stream()
                .map(peer -> new KadPeerInfo(peer, host.knownAddresses(peer)))
                .toList();
    }

    /** One lookup, and what to do with each answer. */
    private final class Walk {
        private final Lookup lookup;
        private final KadRequest question;
        private final BiPredicate<PeerId, KadRequest> enough;
        private final CompletableFuture<Walk> finished = new CompletableFuture<>();

        /** @param enough is given each answer and says whether the lookup may end */
        Walk(byte[] key, KadRequest question, BiPredicate<PeerId, KadRequest> enough) {
            KadId target = KadId.of(key);
            this.lookup = new Lookup(host.peerId(), target, table.nearest(target, RoutingTable.K));
            this.question = question;
            this.enough = enough;
        }

        CompletableFuture<Walk> run() {
            step();
            return finished;
        }

        private void step() {
            for (PeerId peer : lookup.next()) {
                request(peer, question, true)
                        .whenComplete((answer, failure) -> scheduler.execute(() -> answered(peer, answer, failure)));
            }
            if (lookup.done()) {
                finished.complete(this);
            }
        }

        private void answered(PeerId peer, @Nullable KadRequest answer, @Nullable Throwable failure) {
            if (finished.isDone()) {
                return;
            }
            if (failure != null || answer == null || answer.type() != question.type()) {
                table.failed(peer);
                lookup.failed(peer);
            } else {
                accept(peer, reachable(peer, answer));
                if (finished.isDone()) {
                    return;
                }
            }
            step();
        }

        private void accept(PeerId peer, KadRequest answer) {
            for (KadPeerInfo closer : answer.closer()) {
                if (!closer.peer().equals(host.peerId())) {
                    closer.addresses().forEach(address -> host.addAddress(closer.peer(), address));
                }
            }
            lookup.answered(
                    peer, answer.closer().stream().map(KadPeerInfo::peer).toList());
            if (enough.test(peer, answer)) {
                finished.complete(this);
            }
        }
    }

    /** The message without what only its sender can reach: a stranger must not have us dial our own machine. */
    private KadRequest reachable(PeerId from, KadRequest message) {
        boolean local = host.connections().stream()
                .anyMatch(c -> c.peer().equals(from) && c.remoteAddress().isLoopback());
        return local ? message : message.withoutLoopback();
    }

    private CompletableFuture<@Nullable KadRequest> request(PeerId peer, KadRequest message, boolean answered) {
        var result = new CompletableFuture<@Nullable KadRequest>();
        var opened = new ArrayList<MessageStream>(1);
        Runnable cancel = scheduler.schedule(REQUEST_TIMEOUT, () -> {
            if (result.completeExceptionally(new java.util.concurrent.TimeoutException(peer + " did not answer"))) {
                opened.forEach(MessageStream::reset);
            }
        });
        host.newStream(peer, config.protocol())
                .whenComplete((stream, failure) -> scheduler.execute(() -> {
                    if (failure != null) {
                        result.completeExceptionally(failure);
                        return;
                    }
                    var messages = new MessageStream(stream, KadCodec.MESSAGE_BYTES_MAX);
                    opened.add(messages);
                    if (result.isDone()) {
                        messages.reset();
                        return;
                    }
                    messages.write(KadCodec.encode(message));
                    messages.closeWrite();
                    if (answered) {
                        readAnswer(messages, result);
                    } else {
                        result.complete(null);
                    }
                }));
        result.whenComplete((answer, failure) -> cancel.run());
        return result;
    }

    private static void readAnswer(MessageStream messages, CompletableFuture<@Nullable KadRequest> result) {
        messages.read().whenComplete((bytes, failure) -> {
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (bytes == null) {
                result.completeExceptionally(new java.io.EOFException(messages.peer() + " refused the request"));
            } else {
                try {
                    result.complete(KadCodec.decode(bytes));
                } catch (InvalidProtocolBufferException e) {
                    result.completeExceptionally(e);
                }
            }
            messages.close();
        });
    }

    // Serving

    private void onInbound(Stream stream) {
        scheduler.execute(() -> {
            int open = inbound.merge(stream.peer(), 1, Integer::sum);
            stream.closed()
                    .whenComplete((nothing, why) -> scheduler.execute(
                            () -> inbound.computeIfPresent(stream.peer(), (p, n) -> n == 1 ? null : n - 1)));
            if (closed || open > INBOUND_PER_PEER_MAX) {
                stream.reset();
            } else {
                serve(new MessageStream(stream, KadCodec.MESSAGE_BYTES_MAX));
            }
        });
    }

    /** Several requests may come on one stream; an idle one ends, and one that asks too fast is held back. */
    private void serve(MessageStream messages) {
        if (closed || !host.isConnected(messages.peer())) {
            messages.reset();
            return;
        }
        long now = clockMillis.getAsLong();
        long wait = budgets.computeIfAbsent(messages.peer(), p -> new RequestBudget(now))
                .take(now);
        if (wait > 0) {
            scheduler.schedule(Duration.ofMillis(wait), () -> serve(messages));
        } else {
            serveNext(messages);
        }
    }

    private void serveNext(MessageStream messages) {
        Runnable idle = scheduler.schedule(REQUEST_TIMEOUT, messages::reset);
        messages.read()
                .whenComplete((bytes, failure) -> scheduler.execute(() -> {
                    idle.run();
                    if (failure != null) {
                        messages.reset();
                        return;
                    }
                    if (bytes == null) {
                        messages.close();
                        return;
                    }
                    answer(messages, bytes);
                }));
    }

    private void answer(MessageStream messages, byte[] bytes) {
        KadRequest answer;
        KadRequest request;
        try {
            request = reachable(messages.peer(), KadCodec.decode(bytes));
            var from = new KadPeerInfo(messages.peer(), host.knownAddresses(messages.peer()));
            answer = server.answer(from, request, clockMillis.getAsLong());
        } catch (InvalidProtocolBufferException e) {
            LOG.log(System.Logger.Level.DEBUG, () -> "malformed request from " + messages.peer());
            messages.reset();
            return;
        }
        if (answer != null) {
            messages.write(KadCodec.encode(answer))
                    .whenComplete((nothing, failure) -> scheduler.execute(() -> serve(messages)));
        } else if (request.type() == KadRequest.Type.ADD_PROVIDER) {
            serve(messages);
        } else {
            messages.reset();
        }
    }
}
