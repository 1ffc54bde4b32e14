package dev.pando.libp2p.host;

import dev.pando.libp2p.PeerId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** When a peer may be dialled again after attempts that failed: after a delay that doubles. Not thread-safe. */
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(250);
    static final Duration MAX = Duration.ofSeconds(10);

    private record Failures(int count, Instant until) {}

    private final Map<PeerId, Failures> failures;

    /** @param peersMax above it the oldest failure is forgotten */
    Backoff(int peersMax) {
        failures = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<PeerId, Failures> eldest) {
                return size() > peersMax;
            }
        };
    }

    /** How long to wait before {@code peer} may be dialled; empty when it may be now. */
    Optional<Duration> remaining(PeerId peer, Instant now) {
        var known = failures.get(peer);
        return known == null || !known.until().isAfter(now)
                ? Optional.empty()
                : Optional.of(Duration.between(now, known.until()));
    }

    void failed(PeerId peer, Instant now) {
        var known = failures.remove(peer);
        int count = known == null ? 0 : known.count();
        var delay = FIRST.multipliedBy(1L << Math.min(count, 10));
        failures.put(peer, new Failures(count + 1, now.plus(delay.compareTo(MAX) < 0 ? delay : MAX)));
    }

    void forget(PeerId peer) {
        failures.remove(peer);
    }
}
