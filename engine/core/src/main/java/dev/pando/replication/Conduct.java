package dev.pando.replication;

import dev.pando.libp2p.PeerId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What peers did over this node's streams that they should not have. Forged or malformed shares end in a pause during
 * which nothing of the peer's is taken; shares without a right are answered, up to a quota, and held against nobody
 * (docs/rules.md §6). Thread-safe.
 */
final class Conduct {

    /** Invalid shares within {@link #MEMORY}; with one more the peer is shut out. Honest nodes send none. */
    static final int INVALID_MAX = 16;

    /** How long invalid shares count, and how long a peer is shut out. */
    static final Duration MEMORY = Duration.ofMinutes(10);

    /**
     * Shares in a minute that are refused for want of a right, or because their author's deltas do not go together; with
     * one more the stream is ended, and its opener may come again. An honest sender stops by itself at
     * {@link ReplicatorScope#TROUBLES_MAX}.
     */
    static final int REFUSED_MAX = 2 * ReplicatorScope.TROUBLES_MAX;

    /**
     * Questions in a minute for nothing but what the peer may not read; further ones are not answered. Honest nodes ask
     * every half minute, and when they hear of something.
     */
    static final int ASKED_IN_VAIN_MAX = 256;

    /** Peers remembered; the one longest quiet is forgotten. */
    private static final int PEERS_MAX = 1_024;

    private static final System.Logger LOG = System.getLogger(Conduct.class.getName());
    private static final long QUOTA_MILLIS = 60_000;

    private final LongSupplier nowMillis;
    private final Map<PeerId, Record> records = new LinkedHashMap<>(16, 0.75f, true);

    private static final class Record {
        long invalidSince;
        int invalid;
        long shutOutUntil;
        final Quota refused = new Quota();
        final Quota askedInVain = new Quota();
    }

    /** Counts what happens in a minute. */
    private static final class Quota {
        private long since;
        private int count;

        int add(long now) {
            if (now - since >= QUOTA_MILLIS || now < since) {
                since = now;
                count = 0;
            }
            return ++count;
        }
    }

    Conduct(LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
    }

    /** Whether nothing is taken from {@code peer} now. */
    synchronized boolean isShutOut(PeerId peer) {
        Record record = records.get(peer);
        return record != null && nowMillis.getAsLong() < record.shutOutUntil;
    }

    /** Takes note of what became of a share of {@code peer}; returns whether its stream is to be ended. */
    synchronized boolean isTooMuch(PeerId peer, AdmissionOutcome outcome) {
        boolean invalid = outcome instanceof AdmissionOutcome.Invalid;
        if (!invalid
                && !(outcome instanceof AdmissionOutcome.Refused)
                && !(outcome instanceof AdmissionOutcome.Discordant)) {
            return false;
        }
        long now = nowMillis.getAsLong();
        Record record = record(peer);
        return invalid ? invalid(peer, record, now) : record.refused.add(now) > REFUSED_MAX;
    }

    /** Takes note that {@code peer} asked for nothing that it may read; returns whether its stream is to be ended. */
    synchronized boolean asksTooMuchInVain(PeerId peer) {
        return record(peer).askedInVain.add(nowMillis.getAsLong()) > ASKED_IN_VAIN_MAX;
    }

    private Record record(PeerId peer) {
        Record record = records.computeIfAbsent(peer, p -> new Record());
        if (records.size() > PEERS_MAX) {
            records.remove(records.keySet().iterator().next());
        }
        return record;
    }

    private static boolean invalid(PeerId peer, Record record, long now) {
        if (now - record.invalidSince >= MEMORY.toMillis() || now < record.invalidSince) {
            record.invalidSince = now;
            record.invalid = 0;
        }
        if (++record.invalid <= INVALID_MAX) {
            return false;
        }
        record.shutOutUntil = now + MEMORY.toMillis();
        LOG.log(
                System.Logger.Level.WARNING,
                () -> peer + " sent more than " + INVALID_MAX + " invalid shares; nothing is taken from it for "
                        + MEMORY.toMinutes() + " minutes");
        return true;
    }
}
