package dev.pando.libp2p.gossip;

import dev.pando.libp2p.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The messages of the last heartbeats, by window (the specification's mcache). Hardly one of them is ever asked for, so
 * they are not kept as objects but as bytes, one behind the other. Not thread-safe.
 */
final class MessageHistory {

    /** Bytes taken at once for messages that come: as many as are there already, within these bounds. */
    private static final int CHUNK_BYTES_MIN = 1 << 10;

    private static final int CHUNK_BYTES_MAX = 64 << 10;

    /** Id, topic, data, from, sequence, signature, key: the length of each, then its bytes. */
    private static final int FIELDS = 7;

    private static final int NONE = -1;

    private final int gossip;

    /** With the place of each message: the number of its chunk, then where it begins there. */
    private final IdQueue places = new IdQueue();

    /** What came in one heartbeat. */
    private static final class Window {
        int messages;

        /** Of these messages: whoever asks for other topics costs no walk over them. */
        final Set<String> topics = new HashSet<>();
    }

    /** The last heartbeats, this one first. */
    private final Window[] windows;

    private final Map<Integer, ByteBuffer> chunks = new HashMap<>();
    private int firstChunk;
    private int nextChunk;
    private ByteBuffer tail = ByteBuffer.allocate(0);
    private long bytes;

    /**
     * How often a message was sent to a peer that asked for it: by its place, as whoever asks may name it by its id or by
     * the digest of that.
     */
    private final Map<Long, Map<PeerId, Integer>> asked = new HashMap<>();

    private String topic = "";
    private byte[] topicBytes = {};

    MessageHistory(int length, int gossip) {
        this.gossip = gossip;
        this.windows = new Window[length];
        Arrays.setAll(windows, i -> new Window());
    }

    /** Bytes of memory that the messages take up. */
    long bytes() {
        return bytes;
    }

    /** Keeps a message that is not known; of one that came again the last is found. */
    void put(MessageId id, GossipMessage message) {
        byte @Nullable [][] fields = {
            id.bytes(),
            utf8(message.topic()),
            message.data(),
            message.from(),
            message.sequence(),
            message.signature(),
            message.key()
        };
        int length = FIELDS * Integer.BYTES;
        for (byte[] field : fields) {
            length += field == null ? 0 : field.length;
        }
        if (tail.remaining() < length) {
            int size = (int) Math.min(CHUNK_BYTES_MAX, Math.max(CHUNK_BYTES_MIN, bytes));
            tail = ByteBuffer.allocate(Math.max(size, length));
            chunks.put(nextChunk++, tail);
            bytes += tail.capacity();
        }
        places.put(id, (long) (nextChunk - 1) << 32 | tail.position());
        for (byte[] field : fields) {
            tail.putInt(field == null ? NONE : field.length);
            if (field != null) {
                tail.put(field);
            }
        }
        windows[0].messages++;
        windows[0].topics.add(message.topic());
        while (bytes > GossipConfig.HISTORY_BYTES_MAX && chunks.size() > 1) {
            dropChunk();
        }
    }

    /* Mostly that of the message before. */
    private byte[] utf8(String text) {
        if (!text.equals(topic)) {
            topic = text;
            topicBytes = text.getBytes(StandardCharsets.UTF_8);
        }
        return topicBytes;
    }

    /** The message, or null when it is not there any more or was sent to that peer often enough. */
    @Nullable
    GossipMessage askedBy(PeerId peer, MessageId id) {
        long place = places.number(id);
        if (place == IdQueue.ABSENT) {
            return null;
        }
        int times = asked.computeIfAbsent(place, p -> new HashMap<>()).merge(peer, 1, Integer::sum);
        return times > GossipConfig.IWANT_RETRANSMISSIONS ? null : message(at(place));
    }

    private ByteBuffer at(long place) {
        ByteBuffer chunk = chunks.get((int) (place >>> 32));
        if (chunk == null) {
            throw new IllegalStateException("no message at " + place);
        }
        return chunk.duplicate().limit(chunk.capacity()).position((int) place);
    }

    private static GossipMessage message(ByteBuffer from) {
        skip(from); // the id
        byte[] topic = field(from);
        byte[] data = field(from);
        if (topic == null || data == null) {
            throw new IllegalStateException("a message without topic or data was kept");
        }
        return new GossipMessage(
                new String(topic, StandardCharsets.UTF_8), data, field(from), field(from), field(from), field(from));
    }

    private static void skip(ByteBuffer from) {
        int length = from.getInt();
        from.position(from.position() + length);
    }

    private static byte @Nullable [] field(ByteBuffer from) {
        int length = from.getInt();
        if (length == NONE) {
            return null;
        }
        byte[] field = new byte[length];
        from.get(field);
        return field;
    }

    private static MessageId id(ByteBuffer from) {
        byte[] id = field(from);
        if (id == null) {
            throw new IllegalStateException("a message without id was kept");
        }
        return new MessageId(id);
    }

    /** Ids of a topic that are advertised, at most {@code max}: those of the newest heartbeat first. */
    List<MessageId> advertised(String topic, int max) {
        byte[] wanted = topic.getBytes(StandardCharsets.UTF_8);
        var ids = new ArrayList<MessageId>();
        int end = places.size();
        for (int window = 0; window < Math.min(gossip, windows.length); window++) {
            int begin = end - windows[window].messages;
            boolean there = windows[window].topics.contains(topic);
            for (int i = begin; there && i < end && ids.size() < max; i++) {
                ByteBuffer record = at(places.numberAt(i));
                int start = record.position();
                skip(record);
                int length = record.getInt();
                int from = record.position();
                if (Arrays.equals(record.array(), from, from + length, wanted, 0, wanted.length)) {
                    ids.add(id(record.position(start)));
                }
            }
            end = begin;
        }
        return ids;
    }

    /** A heartbeat has passed. */
    void shift() {
        int last = windows.length - 1;
        for (int n = windows[last].messages; n > 0; n--) {
            dropOldest();
        }
        System.arraycopy(windows, 0, windows, 1, last);
        windows[0] = new Window();
        dropUnusedChunks();
    }

    private void dropOldest() {
        if (!asked.isEmpty()) {
            asked.remove(places.numberAt(0));
        }
        places.removeOldest();
    }

    private void dropUnusedChunks() {
        int used = places.size() == 0 ? nextChunk : (int) (places.numberAt(0) >>> 32);
        for (; firstChunk < used; firstChunk++) {
            ByteBuffer gone = chunks.remove(firstChunk);
            bytes -= gone == null ? 0 : gone.capacity();
        }
        if (chunks.isEmpty()) {
            tail = ByteBuffer.allocate(0);
        }
    }

    private void dropChunk() {
        while (places.size() > 0 && places.numberAt(0) >>> 32 == firstChunk) {
            int oldest = windows.length - 1;
            while (windows[oldest].messages == 0) {
                oldest--;
            }
            windows[oldest].messages--;
            dropOldest();
        }
        dropUnusedChunks();
    }
}
