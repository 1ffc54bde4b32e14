package dev.pando.simulation;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Counts commits that a node sends over {@code /pando/replicate} to a peer that has acknowledged them from it. Reads the
 * messages as docs/formats/replicate.md tells them, without the code that writes them.
 */
final class SentTwice implements SimNetwork.Tap {

    private static final String PROTOCOL = "/pando/replicate/1.0.0";
    private static final long HELLO = 0;
    private static final long BATCH = 4;
    private static final long ACK = 5;

    private record Way(int from, int to) {}

    private final Map<Way, Deque<Set<Cid>>> underWay = new HashMap<>();
    private final Map<Way, Set<Cid>> acknowledged = new HashMap<>();
    private int sent;
    private int twice;

    @Override
    public void written(int from, int to, String protocol, ByteBuffer data) {
        if (!protocol.equals(PROTOCOL)) {
            return;
        }
        List<?> message = (List<?>) Objects.requireNonNull(DagCbor.decode(unframed(data)));
        long kind = (Long) message.get(0);
        if (kind == HELLO) {
            underWay.remove(new Way(from, to)); // a new stream, or nothing under way is lost by forgetting it
        } else if (kind == BATCH) {
            batch(new Way(from, to), (List<?>) message.get(2));
        } else if (kind == ACK) {
            Deque<Set<Cid>> batches = underWay.getOrDefault(new Way(to, from), new ArrayDeque<>());
            if (!batches.isEmpty()) {
                acknowledged
                        .computeIfAbsent(new Way(to, from), w -> new HashSet<>())
                        .addAll(batches.remove());
            }
        }
    }

    private void batch(Way way, List<?> fragments) {
        var commits = new HashSet<Cid>();
        for (Object each : fragments) {
            List<?> structured = (List<?>) ((List<?>) each).get(2);
            if (!structured.isEmpty()) {
                commits.add(Block.of(Cid.DAG_CBOR, (byte[]) structured.get(0)).cid());
            }
        }
        Set<Cid> known = acknowledged.getOrDefault(way, Set.of());
        twice += (int) commits.stream().filter(known::contains).count();
        sent += commits.size();
        underWay.computeIfAbsent(way, w -> new ArrayDeque<>()).add(commits);
    }

    private static byte[] unframed(ByteBuffer data) {
        ByteBuffer rest = data.duplicate();
        while (rest.get() < 0) {
            continue; // the rest of the varint with the length
        }
        byte[] message = new byte[rest.remaining()];
        rest.get(message);
        return message;
    }

    /** Commits sent, each as often as it was. */
    int sent() {
        return sent;
    }

    /** Commits sent to a peer that had acknowledged them from this sender. */
    int twice() {
        return twice;
    }
}
