package dev.pando.libp2p.gossip;

import dev.pando.libp2p.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The messages of the last heartbeats, by window (the specification's mcache). */
final class MessageHistory {

    private static final class Entry {
        final GossipMessage message;
        Map<PeerId, Integer> sentTo = Map.of();

        Entry(GossipMessage message) {
            this.message = message;
        }
    }

    private record Slot(MessageId id, String topic) {}

    private final int length;
    private final int gossip;
    private final Map<MessageId, Entry> entries = new HashMap<>();
    private final Deque<List<Slot>> windows = new ArrayDeque<>();
    private long bytes;

    MessageHistory(int length, int gossip) {
        this.length = length;
        this.gossip = gossip;
        windows.addFirst(new ArrayList<>());
    }

    void put(MessageId id, GossipMessage message) {
        if (entries.putIfAbsent(id, new Entry(message)) == null) {
            windows.getFirst().add(new Slot(id, message.topic()));
            bytes += message.data().length;
            while (bytes > GossipConfig.HISTORY_BYTES_MAX && windows.size() > 1) {
                dropOldest();
            }
        }
    }

    /** The message, or null when it is not there any more or was sent to that peer often enough. */
    @Nullable
    GossipMessage askedBy(PeerId peer, MessageId id) {
        Entry entry = entries.get(id);
        if (entry == null) {
            return null;
        }
        if (entry.sentTo.isEmpty()) {
            entry.sentTo = new HashMap<>(); // hardly a message is asked for
        }
        int times = entry.sentTo.merge(peer, 1, Integer::sum);
        return times > GossipConfig.IWANT_RETRANSMISSIONS ? null : entry.message;
    }

    /** Ids of a topic that are advertised. */
    List<MessageId> advertised(String topic) {
        var ids = new ArrayList<MessageId>();
        int window = 0;
        for (List<Slot> slots : windows) {
            if (window++ == gossip) {
                break;
            }
            for (Slot slot : slots) {
                if (slot.topic().equals(topic)) {
                    ids.add(slot.id());
                }
            }
        }
        return ids;
    }

    /** A heartbeat has passed. */
    void shift() {
        windows.addFirst(new ArrayList<>());
        while (windows.size() > length) {
            dropOldest();
        }
    }

    private void dropOldest() {
        for (Slot slot : windows.removeLast()) {
            Entry gone = entries.remove(slot.id());
            if (gone != null) {
                bytes -= gone.message.data().length;
            }
        }
    }
}
