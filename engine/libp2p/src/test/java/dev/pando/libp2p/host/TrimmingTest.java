package dev.pando.libp2p.host;

import static dev.pando.libp2p.Waiting.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.transport.MuxedConnection;
import dev.pando.libp2p.transport.MuxedStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TrimmingTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Trimming trimming = new Trimming(HostLimits.DEFAULT);

    /** A connection of which nothing counts but how many streams it has. */
    private record Idle(int streamCount) implements MuxedConnection {
        @Override
        public PublicKey remoteKey() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Multiaddr remoteAddress() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean inbound() {
            return true;
        }

        @Override
        public Scheduler scheduler() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void start(Consumer<MuxedStream> onStream) {}

        @Override
        public CompletableFuture<MuxedStream> openStream() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void retire() {}

        @Override
        public boolean isUsable() {
            return true;
        }

        @Override
        public void close() {}

        @Override
        public CompletableFuture<Void> closed() {
            return new CompletableFuture<>();
        }
    }

    /** Links to peers 0, 1, 2…, each older than the one before. */
    private static List<Link> links(int count) {
        var links = new ArrayList<Link>();
        for (int i = 0; i < count; i++) {
            links.add(new Link(key(i).peerId(), new Idle(i % 2), NOW.minusSeconds(i)));
        }
        return links;
    }

    @Test
    void leavesThemAloneBelowTheMark() {
        assertThat(trimming.select(links(224), NOW.plusSeconds(60))).isEmpty();
    }

    @Test
    void takesTheOldestIdleOnesFirst() {
        var links = links(225);
        var selected = trimming.select(links, NOW.plusSeconds(60));
        assertThat(selected).hasSize(225 - 192);
        assertThat(selected).allMatch(link -> link.connection.streamCount() == 0);
        assertThat(selected.get(0)).isEqualTo(links.get(224));
        assertThat(selected.get(1)).isEqualTo(links.get(222));
    }

    @Test
    void sparesTheProtectedAndTheYoung() {
        var links = links(225);
        trimming.protect(links.get(224).peer, "replication");
        trimming.protect(links.get(224).peer, "gossip");
        trimming.unprotect(links.get(224).peer, "gossip");
        assertThat(trimming.select(links, NOW.plusSeconds(60))).doesNotContain(links.get(224));
        trimming.unprotect(links.get(224).peer, "replication");
        assertThat(trimming.select(links, NOW.plusSeconds(60))).contains(links.get(224));
        assertThat(trimming.select(links, NOW)).allMatch(link -> link.since.isBefore(NOW.minus(Trimming.GRACE)));
    }
}
