package dev.pando.libp2p.host;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.protocol.identify.IdentifyProtocol;
import dev.pando.libp2p.protocol.identify.IdentifyProtocol.Heard;
import dev.pando.libp2p.record.PeerRecord;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * What this host tells its peers about itself, and hears of them: asked at each first connection, pushed when it
 * changes. Its state lives on the host's scheduler.
 */
final class Identification {
    private static final Logger LOG = System.getLogger(Identification.class.getName());

    /** How often a peer is asked that does not answer. */
    private static final int ATTEMPTS_MAX = 3;

    private final Swarm swarm;
    private final KeyPair identity;
    private final String agent;
    private final HostLimits limits;
    private final InstantSource clock;
    private final LinkTable links;
    private final PeerStore peerStore;
    private final OpenedRecords records = new OpenedRecords();
    private final Map<PeerId, Heard> heard = new HashMap<>();

    /** How often peers are being asked at present. */
    private final Map<PeerId, Integer> asking = new HashMap<>();

    /** What peers were last told, by its {@link #recordSeq}; of those that are connected. */
    private final Map<PeerId, Long> told = new HashMap<>();

    private boolean pushScheduled;
    private long recordSeq;

    /** Our signed peer record; empty when it is to be made. */
    private byte[] record = new byte[0];

    Identification(
            Swarm swarm,
            KeyPair identity,
            String agent,
            HostLimits limits,
            InstantSource clock,
            LinkTable links,
            PeerStore peerStore) {
        this.swarm = swarm;
        this.identity = identity;
        this.agent = agent;
        this.limits = limits;
        this.clock = clock;
        this.links = links;
        this.peerStore = peerStore;
        /* The time, so that it grows over restarts as well. */
        this.recordSeq = clock.millis();
    }

    // ---- hearing

    void ask(Link link) {
        ask(link, 1);
    }

    private void ask(Link link, int attempt) {
        asking.merge(link.peer, 1, Integer::sum);
        swarm.open(link, List.of(IdentifyProtocol.ID))
                .thenCompose(stream -> hear(link, stream))
                .whenComplete((said, why) -> swarm.run(() -> {
                    asking.computeIfPresent(link.peer, (peer, count) -> count == 1 ? null : count - 1);
                    if (why == null) {
                        onHeard(link, said);
                    } else {
                        LOG.log(Level.DEBUG, () -> link.peer + " did not identify itself: " + why);
                        onUnheard(link, attempt, Failures.of(why));
                    }
                }));
    }

    /* The connection may have been retired for another one, or the machine be busy: only an answer is final. */
    private void onUnheard(Link link, int attempt, HostException why) {
        boolean mayComeYet = switch (why.kind()) {
            case CLOSED, RESET, TIMEOUT -> true;
            default -> false;
        };
        if (mayComeYet && attempt < ATTEMPTS_MAX && !hasHeardOf(link.peer)) {
            links.usable(link.peer).ifPresent(other -> ask(other, attempt + 1));
        }
    }

    /** Whether the peer has said who it is, or is being asked. */
    boolean isHeardOrAsked(PeerId peer) {
        return heard.containsKey(peer) || asking.containsKey(peer);
    }

    /** The last connection to {@code peer} is gone. */
    void forget(PeerId peer) {
        heard.remove(peer);
        told.remove(peer);
    }

    /** What connected peers have said. */
    void each(BiConsumer<PeerId, Identify> said) {
        heard.forEach((peer, known) -> said.accept(peer, known.info()));
    }

    boolean hasHeardOf(PeerId peer) {
        return heard.containsKey(peer);
    }

    /** Serves a stream on which a peer pushes. */
    void onPushed(Stream stream) {
        swarm.run(() -> links.usable(stream.peer())
                .ifPresentOrElse(
                        link -> hear(link, stream).thenAccept(push -> swarm.run(() -> onPush(link, push))),
                        stream::reset));
    }

    private CompletableFuture<Heard> hear(Link link, Stream stream) {
        var result = IdentifyProtocol.hear(stream, records::open);
        Runnable cancel = link.connection.scheduler().schedule(limits.stageTimeout(), stream::reset);
        return result.whenComplete((said, why) -> cancel.run());
    }

    private void onPush(Link link, Heard push) {
        var known = heard.get(link.peer);
        onHeard(link, known == null ? push : IdentifyProtocol.merge(known, push, link.peer, records::open));
    }

    private void onHeard(Link link, Heard said) {
        if (links.of(link.peer).isEmpty()) {
            return;
        }
        heard.put(link.peer, said);
        Identify info = said.info();
        boolean local = link.connection.remoteAddress().isLoopback();
        var addresses = info.listenAddresses().stream()
                .filter(swarm::canDial)
                .filter(address -> local || !address.isLoopback())
                .toList();
        peerStore.identified(
                info, addresses, said.message().getSignedPeerRecord().toByteArray());
        swarm.tell(listener -> listener.onIdentified(link.peer, info));
        /* Whoever asked before a change, and was not heard yet when that was pushed, would never be told. */
        Long last = told.get(link.peer);
        if (last != null && last < recordSeq) {
            pushTo(link.peer, info);
        }
    }

    // ---- telling

    /** Serves a stream on which a peer asks. */
    void onAsked(Stream stream) {
        swarm.run(() -> links.of(stream.peer()).stream().findFirst().ifPresent(link -> {
            told.put(link.peer, recordSeq);
            IdentifyProtocol.tell(stream, describe(link));
        }));
    }

    private List<byte[]> describe(Link link) {
        var addresses = swarm.addresses().stream().map(Multiaddr::withoutPeerId).toList();
        if (record.length == 0) {
            record = new PeerRecord(identity.peerId(), recordSeq, addresses).seal(identity);
        }
        return IdentifyProtocol.describe(
                identity.publicKey(), agent, addresses, swarm.protocols(), link.connection.remoteAddress(), record);
    }

    /** Our addresses or protocols have changed. Changes that come together are told together. */
    void changed() {
        /* Each counts, also one that comes before the push: who asked between two of them was told of the first only. */
        recordSeq = Math.max(recordSeq + 1, clock.millis());
        record = new byte[0];
        if (!pushScheduled) {
            pushScheduled = true;
            swarm.run(this::push);
        }
    }

    private void push() {
        pushScheduled = false;
        heard.forEach((peer, known) -> pushTo(peer, known.info()));
    }

    private void pushTo(PeerId peer, Identify info) {
        var link = links.usable(peer);
        if (link.isPresent() && info.protocols().contains(IdentifyProtocol.PUSH)) {
            told.put(peer, recordSeq);
            var messages = describe(link.get());
            swarm.open(link.get(), List.of(IdentifyProtocol.PUSH))
                    .thenAccept(stream -> IdentifyProtocol.tell(stream, messages));
        }
    }
}
