package dev.pando.libp2p.host;

import dev.pando.libp2p.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections by peer. There is one for each peer, but for a moment: two hosts that dial each other at once get two,
 * and keep the one that the smaller Peer ID has dialled. Each side retires the other one: they agree on which it is, and
 * a peer that keeps both loses it all the same. Of two that the same side dialled, the smaller Peer ID alone decides,
 * else each could retire the one that the other keeps. Changed on the host's scheduler only, read from any thread.
 */
final class LinkTable {
    /** Connections that came up within this were dialled at once: the first stays. An older one may be dead: the newer stays. */
    static final Duration SIMULTANEOUS = Duration.ofSeconds(10);

    /** Where the other side is to decide and does not, the oldest is retired when there are more. */
    static final int PER_PEER_MAX = 2;

    private final PeerId self;

    /** The first of each list is the one for new streams. */
    private final Map<PeerId, List<Link>> links = new ConcurrentHashMap<>();

    private volatile int size;

    LinkTable(PeerId self) {
        this.self = self;
    }

    /** @return the one to be retired now, if any */
    Optional<Link> add(Link added, Instant now) {
        var all = new ArrayList<>(links.getOrDefault(added.peer, List.of()));
        var usable = all.stream().filter(link -> link.connection.isUsable()).toList();
        Optional<Link> retired = Optional.empty();
        boolean addedIsFirst = true;
        if (!usable.isEmpty()) {
            var oldest = usable.get(usable.size() - 1);
            var crossing = usable.stream()
                    .filter(link -> link.connection.inbound() != added.connection.inbound()
                            && link.since.plus(SIMULTANEOUS).isAfter(now))
                    .findFirst();
            if (crossing.isPresent()) {
                boolean selfIsSmaller = self.compareTo(added.peer) < 0;
                addedIsFirst = selfIsSmaller != added.connection.inbound();
                retired = Optional.of(addedIsFirst ? crossing.get() : added);
            } else if (self.compareTo(added.peer) < 0) {
                boolean simultaneous = usable.get(0).since.plus(SIMULTANEOUS).isAfter(now);
                addedIsFirst = !simultaneous;
                retired = Optional.of(simultaneous ? added : usable.get(0));
            } else if (usable.size() >= PER_PEER_MAX) {
                retired = Optional.of(oldest);
            }
        }
        all.add(addedIsFirst ? 0 : all.size(), added);
        links.put(added.peer, List.copyOf(all));
        size++;
        return retired;
    }

    /** Whether it was there. */
    boolean remove(Link link) {
        var rest = new ArrayList<>(links.getOrDefault(link.peer, List.of()));
        if (!rest.remove(link)) {
            return false;
        }
        size--;
        if (rest.isEmpty()) {
            links.remove(link.peer);
        } else {
            links.put(link.peer, List.copyOf(rest));
        }
        return true;
    }

    List<Link> of(PeerId peer) {
        return links.getOrDefault(peer, List.of());
    }

    /** The connection for new streams. */
    Optional<Link> usable(PeerId peer) {
        return of(peer).stream().filter(link -> link.connection.isUsable()).findFirst();
    }

    Collection<List<Link>> all() {
        return List.copyOf(links.values());
    }

    /** All of them, one by one. */
    Collection<Link> each() {
        return links.values().stream().flatMap(List::stream).toList();
    }

    int size() {
        return size;
    }
}
