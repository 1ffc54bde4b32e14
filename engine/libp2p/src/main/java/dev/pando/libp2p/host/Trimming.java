package dev.pando.libp2p.host;

import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which connections go when there are many: above seven eighths of the limit, so many that three quarters are left.
 * Those without streams go first, and of these the oldest; never one to a protected peer, and never one so young that
 * it may not have been used yet. Thread-safe.
 */
final class Trimming {
    /** A connection is left alone for this long. */
    static final Duration GRACE = Duration.ofSeconds(20);

    private final int high;
    private final int low;
    private final Map<PeerId, Set<String>> tags = new HashMap<>();

    Trimming(HostLimits limits) {
        high = limits.connectionsMax() - limits.connectionsMax() / 8;
        low = limits.connectionsMax() - limits.connectionsMax() / 4;
    }

    synchronized void protect(PeerId peer, String tag) {
        tags.computeIfAbsent(peer, p -> new HashSet<>()).add(tag);
    }

    synchronized void unprotect(PeerId peer, String tag) {
        tags.computeIfPresent(peer, (p, all) -> all.remove(tag) && all.isEmpty() ? null : all);
    }

    synchronized boolean isProtected(PeerId peer) {
        return tags.containsKey(peer);
    }

    /** Those of {@code links} to be closed now. */
    List<Link> select(Collection<Link> links, Instant now) {
        if (links.size() <= high) {
            return List.of();
        }
        return links.stream()
                .filter(link -> !isProtected(link.peer))
                .filter(link -> link.since.plus(GRACE).isBefore(now))
                .sorted(Comparator.<Link, Boolean>comparing(link -> link.connection.streamCount() > 0)
                        .thenComparing(link -> link.since))
                .limit(links.size() - low)
                .toList();
    }
}
