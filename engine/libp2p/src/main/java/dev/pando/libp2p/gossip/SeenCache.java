package dev.pando.libp2p.gossip;

/** Which messages have been seen of late, bounded in time and number. */
final class SeenCache {

    private final long forMillis;

    /** With the time at which each was seen. */
    private final IdQueue seen = new IdQueue();

    SeenCache(long forMillis) {
        this.forMillis = forMillis;
    }

    boolean contains(MessageId id) {
        return seen.contains(id);
    }

    /** False when it was seen before. */
    boolean add(MessageId id, long nowMillis) {
        if (seen.contains(id)) {
            return false;
        }
        /* Before and not after, so that the arrays need not grow for one. */
        if (seen.size() == GossipConfig.SEEN_MAX) {
            seen.removeOldest();
        }
        seen.put(id, nowMillis);
        return true;
    }

    /* In order of arrival: it ends at the first that is young enough. */
    void expire(long nowMillis) {
        while (seen.size() > 0 && seen.numberAt(0) + forMillis <= nowMillis) {
            seen.removeOldest();
        }
    }
}
