package dev.pando.libp2p.gossip;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which messages have been seen of late, bounded in time and number. */
final class SeenCache {

    private final long forMillis;
    private final Map<MessageId, Long> seen = new LinkedHashMap<>();

    SeenCache(long forMillis) {
        this.forMillis = forMillis;
    }

    boolean contains(MessageId id) {
        return seen.containsKey(id);
    }

    /** False when it was seen before. */
    boolean add(MessageId id, long nowMillis) {
        if (seen.putIfAbsent(id, nowMillis) != null) {
            return false;
        }
        if (seen.size() > GossipConfig.SEEN_MAX) {
            Iterator<MessageId> oldest = seen.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return true;
    }

    void forget(MessageId id) {
        seen.remove(id);
    }

    /* In order of arrival: it ends at the first that is young enough. */
    void expire(long nowMillis) {
        Iterator<Long> times = seen.values().iterator();
        while (times.hasNext() && times.next() + forMillis <= nowMillis) {
            times.remove();
        }
    }
}
