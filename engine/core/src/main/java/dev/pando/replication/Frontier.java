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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shares received and not yet admissible: of a collection that this node holds in full some documents of the commit have
 * not come, or of one that it subscribes to none (docs/rules.md §2). What several peers bring of one commit is put
 * together; every peer is asked for the rest; what is still lacking after {@link #WAIT_MAX} is done without, so that a
 * sibling that is lost or withheld freezes nothing. A cache: nothing in it was acknowledged, and whoever sent it offers
 * it again.
 *
 * <p>Shares that lack ancestors are not kept here: a pull brings these, in the order in which they can be admitted.
 *
 * <p>Only what is verified and permitted comes here. Thread-safe; nothing is verified or asked with the lock held.
 */
public final class Frontier implements AutoCloseable {

    /** How long a share waits for its rest after every connected peer was asked; then it is admitted as it is. */
    static final Duration WAIT_MAX = Duration.ofSeconds(60);

    /**
     * Parts of a commit come by gossip one by one: peers are asked for those that are not here after so long. Documents
     * that are missing within a part are asked for at once.
     */
    static final Duration ASK_AFTER = Duration.ofMillis(100);

    /**
     * How long a share waits for whole parts when all connected peers have answered that they have nothing more that this
     * node may read: for what is still under way from others.
     */
    static final Duration AFTER_ANSWERS = Duration.ofSeconds(2);

    /** Commits whose time is known, held or not; the one longest known is forgotten, and would wait anew. */
    static final int WAITS_MAX = 16_384;

    /** A sender offers again when this node has done without the rest, not at the same moment. */
    private static final Duration OFFER_AGAIN_AFTER = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger(Frontier.class.getName());

    private final Environment.Threads threads;
    private final LongSupplier nowMillis;
    private final FrontierPieces held = new FrontierPieces();
    private final Map<Cid, Waiting> waits = new LinkedHashMap<>();
    private Runnable timer = () -> {};
    private long timerAt = Long.MAX_VALUE;
    private boolean closed;

    private volatile Door door = (from, brought) -> {};
    private volatile Surroundings surroundings = new Surroundings(
            collection -> false,
            collection -> false,
            commit -> false,
            (commit, collection) -> false,
            lacking -> CompletableFuture.completedFuture(null),
            (peer, outcome) -> {});

    /** Takes what has waited long enough. */
    public interface Door {
        void admit(PeerId from, BroughtShare brought);
    }

    /**
     * @param inFull whether this node holds a collection in full
     * @param follows whether it subscribes to it
     * @param isWhole whether all that this node holds of a commit is in its log
     * @param hasPart whether the log has all documents of a commit's part in a collection
     * @param ask asks all connected peers for what they have of these collections, and completes when all have answered;
     *     must not block
     * @param blame takes note of what became of what a peer vouched for
     */
    record Surroundings(
            Predicate<Cid> inFull,
            Predicate<Cid> follows,
            Predicate<Cid> isWhole,
            BiPredicate<Cid, Cid> hasPart,
            Function<Set<Cid>, CompletableFuture<?>> ask,
            BiConsumer<PeerId, AdmissionOutcome> blame) {}

    /** Until when a commit waits, and when peers are asked for the rest of it. */
    private static final class Waiting {
        final long askAt;
        long until;
        boolean asked;
        boolean forPartsOnly;

        Waiting(long now, boolean forPartsOnly) {
            this.askAt = forPartsOnly ? now + ASK_AFTER.toMillis() : now;
            this.until = now + WAIT_MAX.toMillis();
            this.forPartsOnly = forPartsOnly;
        }

        long nextAt() {
            return asked ? until : Math.min(askAt, until);
        }
    }

    /** What is to become of a share. */
    public sealed interface Verdict {}

    /** It is to be admitted: whole, or after it has waited long enough. */
    public record Admit(BroughtShare brought) implements Verdict {}

    /**
     * It waits here; its sender may offer it again at {@code againMillis}.
     *
     * @param soon whether it lacks whole parts only, which others bring in a moment or not at all
     */
    public record Wait(long againMillis, String lacks, boolean soon) implements Verdict {}

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

    /** What a share lacks that this node should have, for people; null when nothing. */
    public @Nullable String lacks(VerifiedShare share) {
        String documents = lacksDocuments(share);
        return documents == null ? lacksParts(share) : documents;
    }

    private @Nullable String lacksDocuments(VerifiedShare share) {
        for (SharePart part : share.parts()) {
            if (!part.complete() && surroundings.inFull().test(part.collection())) {
                return "has " + part.deltas().size() + " of " + part.part().count() + " documents of collection "
                        + part.collection();
            }
        }
        return null;
    }

    private @Nullable String lacksParts(VerifiedShare share) {
        if (share.commit().parts().size() == share.parts().size()) {
            return null;
        }
        Set<Cid> here = share.parts().stream().map(SharePart::collection).collect(Collectors.toSet());
        for (Cid collection : share.commit().parts().keySet()) {
            if (!here.contains(collection)
                    && surroundings.follows().test(collection)
                    && !surroundings.hasPart().test(share.cid(), collection)) {
                return "has no document of collection " + collection;
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
            return new Admit(BroughtShare.by(from, voucher, share));
        }
        Verdict verdict = null;
        while (verdict == null) {
            verdict = offered(new FrontierPiece(from, voucher, share), lacks);
        }
        return verdict;
    }

    /** As above, of what lacks something by itself; null when another piece of the commit came meanwhile. */
    private @Nullable Verdict offered(FrontierPiece piece, String lacks) {
        Cid commit = piece.share().cid();
        List<FrontierPiece> before = piecesOf(commit);
        FrontierPiece ofSource = withEarlier(before, piece);
        var all = new ArrayList<>(before);
        all.add(piece);
        Optional<BroughtShare> joined = together(all);
        BroughtShare best = joined.orElse(BroughtShare.of(piece));
        boolean whole = lacks(best.share()) == null;
        boolean forPartsOnly = lacksDocuments(best.share()) == null;
        Waiting waiting;
        synchronized (this) {
            if (!held.of(commit).equals(before)) {
                return null;
            }
            long now = nowMillis.getAsLong();
            Waiting known = waits.get(commit);
            if (whole || known != null && now >= known.until) {
                held.remove(commit);
                if (whole) {
                    waits.remove(commit);
                }
                return new Admit(best);
            }
            waiting = known == null ? new Waiting(now, forPartsOnly) : known;
            waiting.forPartsOnly = forPartsOnly;
            waits.put(commit, waiting);
            held.put(ofSource);
            forgetOldestWaits();
            wakeAt(waiting.nextAt());
        }
        askIfDue(commit, waiting, piece.share());
        return new Wait(againAt(waiting), lacks, forPartsOnly);
    }

    /** Parts come soon, or not at all; for documents of a part there is time. */
    private synchronized long againAt(Waiting waiting) {
        long soon = nowMillis.getAsLong() + AFTER_ANSWERS.toMillis();
        return (waiting.forPartsOnly ? Math.min(soon, waiting.until) : waiting.until) + OFFER_AGAIN_AFTER.toMillis();
    }

    private synchronized List<FrontierPiece> piecesOf(Cid commit) {
        return held.of(commit);
    }

    private static FrontierPiece withEarlier(List<FrontierPiece> pieces, FrontierPiece piece) {
        return pieces.stream()
                .filter(piece::isOfSameSource)
                .findFirst()
                .flatMap(earlier -> together(List.of(earlier, piece)))
                .map(both -> new FrontierPiece(piece.from(), piece.voucher(), both.share()))
                .orElse(piece);
    }

    /**
     * One share of several of a commit; empty when they do not fit together. An author can sign what is at fault as a whole
     * only: then whoever brings a part of it must not pay for that, and each waits for itself.
     */
    private static Optional<BroughtShare> together(List<FrontierPiece> pieces) {
        VerifiedShare first = pieces.get(0).share();
        if (pieces.size() == 1) {
            return Optional.of(BroughtShare.of(pieces.get(0)));
        }
        var blocks = new LinkedHashMap<Cid, Block>();
        pieces.forEach(piece -> piece.share().blocks().forEach(block -> blocks.put(block.cid(), block)));
        blocks.remove(first.cid());
        return ShareVerifier.verify(first.commitBlock(), blocks.values()) instanceof VerifiedShare whole
                ? Optional.of(new BroughtShare(whole, pieces))
                : Optional.empty();
    }

    /**
     * What {@code from} is told of a share that is invalid. Of pieces of several peers only those pay that brought the
     * delta at fault; what the others brought waits for itself.
     */
    public AdmissionOutcome answerTo(PeerId from, BroughtShare brought, AdmissionOutcome.Invalid invalid) {
        if (brought.pieces().size() == 1 || invalid.delta().isEmpty()) {
            return invalid;
        }
        Cid delta = invalid.delta().get();
        boolean guilty = false;
        AdmissionOutcome waits = invalid;
        for (FrontierPiece piece : brought.pieces()) {
            boolean own = piece.from().equals(from);
            PeerId voucher = piece.voucher();
            if (!piece.has(delta)) {
                AdmissionOutcome again = waitsForItself(piece);
                waits = own ? again : waits;
            } else if (own) {
                guilty = true;
            } else if (voucher != null) {
                surroundings.blame().accept(voucher, invalid);
            }
        }
        return guilty ? invalid : waits;
    }

    private synchronized AdmissionOutcome waitsForItself(FrontierPiece piece) {
        long now = nowMillis.getAsLong();
        Waiting waiting = waits.computeIfAbsent(piece.share().cid(), c -> new Waiting(now, false));
        waiting.asked = true; // what would come is at fault
        waiting.until = Math.max(waiting.until, now + 1);
        held.put(piece);
        wakeAt(waiting.nextAt());
        return new AdmissionOutcome.Incomplete(
                waiting.until + OFFER_AGAIN_AFTER.toMillis(), "lacks what was at fault", false);
    }

    private synchronized void forget(Cid commit) {
        if (!waits.isEmpty()) {
            held.remove(commit);
            waits.remove(commit);
        }
    }

    private void forgetOldestWaits() {
        Iterator<Cid> oldest = waits.keySet().iterator();
        while (waits.size() > WAITS_MAX) {
            Cid commit = oldest.next();
            oldest.remove();
            held.remove(commit);
        }
    }

    // Asking

    private void askIfDue(Cid commit, Waiting waiting, VerifiedShare share) {
        synchronized (this) {
            if (waiting.asked || closed || nowMillis.getAsLong() < waiting.askAt) {
                return;
            }
            waiting.asked = true;
        }
        /* Of all its parts together: then it comes as one, even if nothing is held of it any more. */
        surroundings
                .ask()
                .apply(share.commit().parts().keySet().stream()
                        .filter(surroundings.inFull())
                        .collect(Collectors.toUnmodifiableSet()))
                .whenComplete((nothing, failure) -> answered(waiting));
    }

    private synchronized void answered(Waiting waiting) {
        if (waiting.forPartsOnly) {
            waiting.until = Math.min(waiting.until, nowMillis.getAsLong() + AFTER_ANSWERS.toMillis());
            wakeAt(waiting.nextAt());
        }
    }

    // Time

    /** With the lock held. */
    private void wakeAt(long at) {
        if (at < timerAt && !closed) {
            timer.run();
            timerAt = at;
            timer = threads.schedule(
                    Duration.ofMillis(Math.max(1, at - nowMillis.getAsLong())),
                    () -> threads.workers().execute(() -> due(at)));
        }
    }

    private long nextAt(Cid commit) {
        Waiting waiting = waits.get(commit);
        return waiting == null ? 0 : waiting.nextAt();
    }

    private record Due(Optional<Waiting> asks, List<FrontierPiece> pieces) {}

    /** Asks for what is late, and does without what has not come. */
    private void due(long at) {
        var due = new ArrayList<Due>();
        synchronized (this) {
            if (timerAt != at || closed) {
                return; // another timer has taken its place
            }
            timerAt = Long.MAX_VALUE;
            long now = nowMillis.getAsLong();
            for (Cid commit : List.copyOf(held.commits())) {
                Waiting waiting = waits.get(commit);
                if (waiting == null || waiting.until <= now) {
                    due.add(new Due(Optional.empty(), held.of(commit)));
                    held.remove(commit);
                } else if (waiting.nextAt() <= now) {
                    due.add(new Due(Optional.of(waiting), held.of(commit)));
                }
            }
        }
        for (Due one : due) {
            VerifiedShare share = one.pieces().get(0).share();
            one.asks().ifPresentOrElse(waiting -> askIfDue(share.cid(), waiting, share), () -> doWithout(one.pieces()));
        }
        synchronized (this) {
            held.commits().stream().mapToLong(this::nextAt).min().ifPresent(this::wakeAt);
        }
    }

    private void doWithout(List<FrontierPiece> pieces) {
        List<BroughtShare> shares = together(pieces)
                .map(List::of)
                .orElseGet(() -> pieces.stream().map(BroughtShare::of).toList());
        for (BroughtShare brought : shares) {
            VerifiedShare share = brought.share();
            LOG.log(
                    System.Logger.Level.DEBUG,
                    () -> "commit " + share.cid() + " is taken without what did not come: it " + lacks(share));
            door.admit(brought.lastFrom(), brought);
        }
    }

    synchronized long bytesHeld() {
        return held.bytes();
    }

    synchronized int piecesHeld() {
        return held.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
        timer.run();
    }
}
