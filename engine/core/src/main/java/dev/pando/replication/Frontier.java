package dev.pando.replication;

import dev.pando.Environment;
import dev.pando.dag.SharePart;
import dev.pando.dag.ShareVerifier;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shares received and not yet admissible: of a collection that this node holds in full some documents of the commit have
 * not come (docs/rules.md §2). What several peers bring of one commit is put together; every peer is asked for the rest;
 * what is still lacking after {@link #WAIT_MAX} is done without, so that a sibling that is lost or withheld freezes
 * nothing. A cache: nothing in it was acknowledged, and whoever sent it offers it again.
 *
 * <p>Shares that lack ancestors are not kept here: a pull brings these, in the order in which they can be admitted.
 *
 * <p>Only what is verified and permitted comes here. Thread-safe.
 */
public final class Frontier implements AutoCloseable {

    /** How long a share waits for its rest after every connected peer was asked; then it is admitted as it is. */
    static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /** Bytes of blocks held. The peer that fills it most loses its oldest share. */
    static final long BYTES_MAX = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 10);

    /** Of these, of one peer; with more its oldest share goes. */
    static final long PEER_BYTES_MAX = BYTES_MAX / 4;

    /** Shares held of one peer; with more its oldest goes. */
    static final int PEER_SHARES_MAX = 1_024;

    /** Commits whose time is known, held or not; the one longest known is forgotten, and would wait anew. */
    static final int WAITS_MAX = 16_384;

    /** A sender offers again when this node has done without the rest, not at the same moment. */
    private static final Duration OFFER_AGAIN_AFTER = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Frontier.class.getName());

    private final Environment.Threads threads;
    private final LongSupplier nowMillis;
    private final Map<Cid, Map<PeerId, Piece>> held = new LinkedHashMap<>();
    private final Map<PeerId, Use> uses = new HashMap<>();
    private final Map<Cid, Long> waits = new LinkedHashMap<>();
    private long bytes;
    private Runnable timer = () -> {};
    private boolean scheduled;
    private boolean closed;

    private volatile Door door = (from, voucher, share) -> {};
    private volatile Surroundings surroundings = new Surroundings(collection -> false, commit -> false, lacking -> {});

    /** Takes what has waited long enough. */
    public interface Door {
        void admit(PeerId from, @Nullable PeerId voucher, VerifiedShare share);
    }

    /**
     * @param inFull whether this node holds a collection in full
     * @param isWhole whether all that this node holds of a commit is in its log
     * @param ask asks all connected peers for what they have of these collections; must not block
     */
    record Surroundings(Predicate<Cid> inFull, Predicate<Cid> isWhole, Consumer<Set<Cid>> ask) {}

    /** What one peer brought of a commit. */
    private record Piece(@Nullable PeerId voucher, VerifiedShare share, long bytes) {}

    private static final class Use {
        long bytes;
        int shares;
    }

    /** What is to become of a share. */
    public sealed interface Verdict {}

    /** It is to be admitted: whole, or after it has waited long enough. */
    public record Admit(VerifiedShare share) implements Verdict {}

    /** It waits here; its sender may offer it again at {@code againMillis}. */
    public record Wait(long againMillis, String lacks) implements Verdict {}

    public Frontier(Environment.Threads threads, LongSupplier nowMillis) {
        this.threads = threads;
        this.nowMillis = nowMillis;
    }

    /** To be called once, before the first share comes. */
    public void opensInto(Door into) {
        door = into;
    }

    void surroundedBy(Surroundings by) {
        surroundings = by;
    }

    /** What a share lacks of the collections that this node holds in full, for people; null when nothing. */
    public @Nullable String lacks(VerifiedShare share) {
        for (SharePart part : share.parts()) {
            if (!part.complete() && surroundings.inFull().test(part.collection())) {
                return "has " + part.deltas().size() + " of " + part.part().count() + " documents of collection "
                        + part.collection();
            }
        }
        return null;
    }

    /** Whether the log has still not all that this node should hold of a commit. */
    public boolean isStillInPart(Cid commit) {
        return !surroundings.isWhole().test(commit);
    }

    /** Tells what is to become of a share, which {@code voucher}, if any, vouches for. */
    public Verdict offered(PeerId from, @Nullable PeerId voucher, VerifiedShare share) {
        String lacks = lacks(share);
        if (lacks == null) {
            forget(share.cid());
            return new Admit(share);
        }
        VerifiedShare together = together(withPieces(share)).orElse(share);
        if (lacks(together) == null) {
            forget(share.cid());
            return new Admit(together);
        }
        boolean first;
        long until;
        synchronized (this) {
            long now = nowMillis.getAsLong();
            first = !waits.containsKey(share.cid());
            until = waits.computeIfAbsent(share.cid(), c -> now + WAIT_MAX.toMillis());
            if (now >= until) {
                remove(share.cid());
                return new Admit(together);
            }
            VerifiedShare ofPeer = withEarlier(from, share);
            drop(share.cid(), from);
            keep(from, new Piece(voucher, ofPeer, ofPeer.byteSize()));
            forgetOldestWaits();
            schedule();
        }
        if (first) {
            surroundings
                    .ask()
                    .accept(share.parts().stream()
                            .filter(part -> !part.complete())
                            .map(SharePart::collection)
                            .collect(Collectors.toUnmodifiableSet()));
        }
        return new Wait(until + OFFER_AGAIN_AFTER.toMillis(), lacks);
    }

    private synchronized List<VerifiedShare> withPieces(VerifiedShare share) {
        var pieces = new ArrayList<>(pieces(share.cid()));
        pieces.add(share);
        return pieces;
    }

    /** The pieces of one commit that are held. */
    private List<VerifiedShare> pieces(Cid commit) {
        return held.getOrDefault(commit, Map.of()).values().stream()
                .map(Piece::share)
                .toList();
    }

    /**
     * One share of several of a commit; empty when they do not fit together. An author can sign what is at fault as a whole
     * only: then whoever brings a part of it must not pay for that, and each waits for itself.
     */
    private static Optional<VerifiedShare> together(List<VerifiedShare> pieces) {
        VerifiedShare first = pieces.get(0);
        if (pieces.size() == 1) {
            return Optional.of(first);
        }
        var blocks = new LinkedHashMap<Cid, Block>();
        pieces.forEach(piece -> piece.blocks().forEach(block -> blocks.put(block.cid(), block)));
        blocks.remove(first.cid());
        return ShareVerifier.verify(first.commitBlock(), blocks.values()) instanceof VerifiedShare whole
                ? Optional.of(whole)
                : Optional.empty();
    }

    // What is held; all with the lock held

    private VerifiedShare withEarlier(PeerId from, VerifiedShare share) {
        Piece earlier = held.getOrDefault(share.cid(), Map.of()).get(from);
        return earlier == null
                ? share
                : together(List.of(earlier.share(), share)).orElse(share);
    }

    private void keep(PeerId from, Piece piece) {
        Cid commit = piece.share().cid();
        if (piece.bytes() > PEER_BYTES_MAX) {
            return; // it is offered again when its time has come
        }
        Use use = uses.computeIfAbsent(from, p -> new Use());
        while (use.shares >= PEER_SHARES_MAX || use.shares > 0 && use.bytes + piece.bytes() > PEER_BYTES_MAX) {
            dropOldest(from);
        }
        uses.put(from, use); // it may have lost its last
        held.computeIfAbsent(commit, c -> new LinkedHashMap<>()).put(from, piece);
        use.shares++;
        use.bytes += piece.bytes();
        bytes += piece.bytes();
        while (bytes > BYTES_MAX && uses.size() > 1) {
            dropOldest(uses.entrySet().stream()
                    .max(Map.Entry.comparingByValue((a, b) -> Long.compare(a.bytes, b.bytes)))
                    .orElseThrow()
                    .getKey());
        }
    }

    private void dropOldest(PeerId peer) {
        for (var entry : held.entrySet()) {
            if (entry.getValue().containsKey(peer)) {
                drop(entry.getKey(), peer);
                return;
            }
        }
        throw new IllegalStateException(peer + " has nothing to lose");
    }

    private void drop(Cid commit, PeerId peer) {
        Map<PeerId, Piece> pieces = held.getOrDefault(commit, Map.of());
        Piece piece = pieces.get(peer);
        if (piece == null) {
            return;
        }
        pieces.remove(peer);
        if (pieces.isEmpty()) {
            held.remove(commit);
        }
        release(peer, piece);
    }

    private void release(PeerId peer, Piece piece) {
        bytes -= piece.bytes();
        Use use = uses.get(peer);
        if (use == null) {
            throw new IllegalStateException("nothing is held of " + peer);
        }
        use.shares--;
        use.bytes -= piece.bytes();
        if (use.shares == 0) {
            uses.remove(peer);
        }
    }

    private void remove(Cid commit) {
        Map<PeerId, Piece> pieces = held.remove(commit);
        if (pieces != null) {
            pieces.forEach(this::release);
        }
    }

    private synchronized void forget(Cid commit) {
        if (!waits.isEmpty()) {
            remove(commit);
            waits.remove(commit);
        }
    }

    private void forgetOldestWaits() {
        Iterator<Cid> oldest = waits.keySet().iterator();
        while (waits.size() > WAITS_MAX) {
            Cid commit = oldest.next();
            oldest.remove();
            remove(commit);
        }
    }

    // Time

    private void schedule() {
        if (scheduled || closed || held.isEmpty()) {
            return;
        }
        long next = held.keySet().stream()
                .mapToLong(commit -> waits.getOrDefault(commit, 0L))
                .min()
                .orElseThrow();
        scheduled = true;
        timer = threads.schedule(
                Duration.ofMillis(Math.max(1, next - nowMillis.getAsLong())),
                () -> threads.workers().execute(this::due));
    }

    private record Due(PeerId from, @Nullable PeerId voucher, List<VerifiedShare> pieces) {}

    /** Does without what has not come. */
    private void due() {
        var due = new ArrayList<Due>();
        synchronized (this) {
            scheduled = false;
            long now = nowMillis.getAsLong();
            for (Cid commit : List.copyOf(held.keySet())) {
                if (!closed && waits.getOrDefault(commit, 0L) <= now) {
                    var last = last(commit);
                    due.add(new Due(last.getKey(), last.getValue().voucher(), pieces(commit)));
                    remove(commit);
                }
            }
            schedule();
        }
        for (Due one : due) {
            for (VerifiedShare share : together(one.pieces()).map(List::of).orElse(one.pieces())) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        () -> "commit " + share.cid() + " is taken without what did not come in " + WAIT_MAX.toSeconds()
                                + " s: it " + lacks(share));
                door.admit(one.from(), one.voucher(), share);
            }
        }
    }

    private Map.Entry<PeerId, Piece> last(Cid commit) {
        return held.getOrDefault(commit, Map.of()).entrySet().stream()
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    synchronized long bytesHeld() {
        return bytes;
    }

    synchronized int sharesHeld() {
        return held.values().stream().mapToInt(Map::size).sum();
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.run();
    }
}
