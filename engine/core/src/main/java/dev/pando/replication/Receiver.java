package dev.pando.replication;

import dev.pando.dag.Commit;
import dev.pando.dag.UnknownVersionException;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.KeyType;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.replication.AdmissionOutcome.Discordant;
import dev.pando.replication.AdmissionOutcome.Incomplete;
import dev.pando.replication.AdmissionOutcome.Invalid;
import dev.pando.replication.AdmissionOutcome.Later;
import dev.pando.replication.AdmissionOutcome.MissingParents;
import dev.pando.replication.AdmissionOutcome.Refused;
import dev.pando.replication.AdmissionOutcome.UnknownCollection;
import dev.pando.replication.ReplicateMessage.Ack;
import dev.pando.replication.ReplicateMessage.Batch;
import dev.pando.replication.ReplicateMessage.Changed;
import dev.pando.replication.ReplicateMessage.Compare;
import dev.pando.replication.ReplicateMessage.Fragment;
import dev.pando.replication.ReplicateMessage.Hello;
import dev.pando.replication.ReplicateMessage.Lacks;
import dev.pando.replication.ReplicateMessage.Offer;
import dev.pando.replication.ReplicateMessage.Offered;
import dev.pando.replication.ReplicateMessage.Outcome;
import dev.pando.replication.ReplicateMessage.Reported;
import dev.pando.replication.ReplicateMessage.Standing;
import dev.pando.replication.ReplicateMessage.Status;
import dev.pando.replication.ReplicateMessage.Tell;
import dev.pando.replication.ReplicateMessage.Want;
import dev.pando.replication.ReplicateMessage.Welcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes what one peer pushes over one stream: the counterpart of {@link Sender}. A state machine without I/O; not
 * thread-safe.
 *
 * <p>Shares go to the door in the order in which they came. A batch is acknowledged when each of its shares has its
 * outcome, and batches are acknowledged in order.
 */
final class Receiver {

    /** Batches under way at the door; the stream is not read while there are as many. */
    static final int BATCHES_MAX = Sender.WINDOW_BATCHES;

    /** Bytes of blocks of one share, in pieces; the stream is closed when there are more. */
    static final long SHARE_BYTES_MAX = 160L << 20;

    sealed interface Input {}

    record Received(ReplicateMessage message) implements Input {}

    /** The answer to {@link Admit}. */
    record Admitted(long ticket, AdmissionOutcome outcome) implements Input {}

    /** The answer to {@link Explore}. */
    record Explored(HeadExchange exchange, List<ReplicateMessage> messages) implements Input {}

    /** Tables or grants have changed. */
    record CollectionsChanged() implements Input {}

    sealed interface Output {}

    record Send(ReplicateMessage message) implements Output {}

    record Admit(long ticket, List<Block> share) implements Output {}

    /** {@link HeadExchange#next}, on a worker. */
    record Explore(HeadExchange exchange, @Nullable Tell tell) implements Output {}

    record CloseStream(String reason) implements Output {}

    private static final class Pending {
        final long to;
        final List<Reported> outcomes = new ArrayList<>();
        int missing;

        Pending(long to) {
            this.to = to;
        }
    }

    private record Ticket(long number, long sequence, Pending batch) {}

    private final PeerId peer;
    private final LogTail tail;
    private final Collections collections;

    private final Deque<Pending> batches = new ArrayDeque<>();
    private final Deque<Ticket> tickets = new ArrayDeque<>();
    private long lastTicket;
    private boolean greeted;

    private final boolean pulls;
    private final Map<Cid, InVain> inVain;
    private final Map<Cid, InVain> different = new HashMap<>();
    private final Set<Cid> passedOver = new HashSet<>();
    private long round;
    private final Deque<Cid> toCompare = new ArrayDeque<>();
    private @Nullable HeadExchange exchange;
    private boolean exploring;

    private @Nullable List<Block> partial;
    private @Nullable Reported partialRefused;
    private long partialSequence;
    private long partialBytes;

    private List<Output> out = new ArrayList<>();

    Receiver(PeerId peer, LogTail tail, Collections collections) {
        this(peer, tail, collections, false, Map.of());
    }

    /**
     * @param pulls whether this node asked for what comes; else it compares only what the peer may write
     * @param inVain for each collection what is not to be asked for
     */
    Receiver(PeerId peer, LogTail tail, Collections collections, boolean pulls, Map<Cid, InVain> inVain) {
        this.pulls = pulls;
        this.inVain = inVain;
        this.peer = peer;
        this.tail = tail;
        this.collections = collections;
    }

    /** Whether the next message may be read from the stream. */
    boolean wantsMore() {
        return batches.size() < BATCHES_MAX;
    }

    List<Output> handle(Input input) {
        out = new ArrayList<>();
        if (input instanceof Received received) {
            received(received.message());
        } else if (input instanceof Admitted admitted) {
            admitted(admitted);
        } else if (input instanceof Explored explored) {
            explored(explored);
        } else if (greeted) {
            out.add(new Send(new Changed()));
        }
        return out;
    }

    private void received(ReplicateMessage message) {
        if (message instanceof Hello hello) {
            greeted = true;
            out.add(new Send(new Welcome(
                    tail.logId(),
                    hello.collections().stream().map(this::standing).toList())));
        } else if (message instanceof Offer offer && greeted) {
            out.add(new Send(new Want(offer.to(), lacking(offer.commits()))));
        } else if (message instanceof Batch batch && greeted) {
            batch(batch);
        } else if (message instanceof Compare compare && greeted) {
            round = compare.round();
            exchange = null;
            toCompare.clear();
            toCompare.addAll(compare.collections());
            compareNext();
        } else if (message instanceof Tell tell && greeted) {
            told(tell);
        } else {
            out.add(new CloseStream(peer + " sent a " + message.getClass().getSimpleName() + " out of turn"));
        }
    }

    private Standing standing(Offered offered) {
        Cid collection = offered.collection();
        if (!collections.holds(collection)) {
            return new Standing(collection, Status.UNKNOWN, 0);
        }
        /* Who may not write is not told whether its guess of the content is right. */
        if (!mayCompare(collection)) {
            return new Standing(collection, Status.DIFFERENT, tail.instance(collection));
        }
        if (offered.stateHash().isPresent() && offered.stateHash().equals(tail.stateHash(collection))) {
            return new Standing(collection, Status.EQUAL, tail.instance(collection));
        }
        /* To an empty one all is sent; where that was in vain, heads are compared, so that it is not sent again. */
        Status status = tail.isEmpty(collection) && !inVain.containsKey(collection) ? Status.EMPTY : Status.DIFFERENT;
        return new Standing(collection, status, tail.instance(collection));
    }

    private boolean mayCompare(Cid collection) {
        return pulls || collections.mayWrite(peer, collection);
    }

    // Comparing heads

    /** What is at the door is waited for: else it would be found lacking. */
    private void compareNext() {
        while (exchange == null && batches.isEmpty() && !toCompare.isEmpty()) {
            Cid collection = toCompare.remove();
            if (collections.holds(collection) && mayCompare(collection)) {
                exchange = new HeadExchange(round, collection, tail, inVain.getOrDefault(collection, InVain.NOTHING));
                explore(exchange, null);
            } else {
                out.add(new Send(HeadExchange.everything(round, collection)));
            }
        }
    }

    private void explore(HeadExchange present, @Nullable Tell tell) {
        exploring = true;
        out.add(new Explore(present, tell));
    }

    private void told(Tell tell) {
        HeadExchange present = exchange;
        if (present == null || tell.round() != round) {
            return; // of an earlier round
        }
        if (exploring || !tell.collection().equals(present.collection())) {
            out.add(new CloseStream(peer + " told what it was not asked"));
            return;
        }
        explore(present, tell);
    }

    private void explored(Explored explored) {
        if (explored.exchange() != exchange) {
            return; // the sender began anew meanwhile
        }
        exploring = false;
        explored.messages().forEach(message -> out.add(new Send(message)));
        if (explored.messages().get(explored.messages().size() - 1) instanceof Lacks) {
            different.put(explored.exchange().collection(), explored.exchange().different());
            if (explored.exchange().passedOver()) {
                passedOver.add(explored.exchange().collection());
            }
            exchange = null;
            compareNext();
        }
    }

    /** What was found to differ of each collection compared. */
    Map<Cid, InVain> different() {
        return different;
    }

    /** Collections of which documents that differ were passed over: {@link HeadExchange}. */
    Set<Cid> passedOver() {
        return passedOver;
    }

    private List<Integer> lacking(List<Cid> commits) {
        var lacking = new ArrayList<Integer>();
        for (int i = 0; i < commits.size(); i++) {
            if (!tail.contains(commits.get(i))) {
                lacking.add(i);
            }
        }
        return lacking;
    }

    private void batch(Batch batch) {
        var pending = new Pending(batch.to());
        batches.add(pending);
        for (Fragment fragment : batch.fragments()) {
            List<Block> share = gather(fragment);
            if (share == null) {
                if (!out.isEmpty() && out.get(out.size() - 1) instanceof CloseStream) {
                    return;
                }
                Reported refused = partialRefused;
                if (refused != null && !fragment.more()) {
                    partialRefused = null;
                    pending.outcomes.add(refused);
                }
                continue;
            }
            pending.missing++;
            tickets.add(new Ticket(++lastTicket, fragment.sequence(), pending));
            out.add(new Admit(lastTicket, share));
        }
        acknowledge();
    }

    /** The whole share when {@code fragment} completes one, else null. */
    private @Nullable List<Block> gather(Fragment fragment) {
        List<Block> begun = partial;
        if (begun == null) {
            if (!fragment.more()) {
                return fragment.blocks();
            }
            partialRefused = refusal(fragment);
            partial = new ArrayList<>(partialRefused == null ? fragment.blocks() : List.of());
            partialSequence = fragment.sequence();
            partialBytes = bytes(fragment);
            return null;
        }
        partialBytes += bytes(fragment);
        if (fragment.sequence() != partialSequence || partialBytes > SHARE_BYTES_MAX) {
            out.add(new CloseStream(peer + " sent "
                    + (partialBytes > SHARE_BYTES_MAX
                            ? "a share of more than " + SHARE_BYTES_MAX + " bytes"
                            : "the pieces of a share out of order")));
            return null;
        }
        if (partialRefused == null) {
            begun.addAll(fragment.blocks());
        }
        if (fragment.more()) {
            return null;
        }
        partial = null;
        return partialRefused == null ? begun : null;
    }

    /**
     * Why the share that begins with {@code first} is not worth memory, or null. Small shares go to the door, which asks
     * the same; the pieces of a large one would be held for anybody who connects.
     */
    private @Nullable Reported refusal(Fragment first) {
        Commit commit;
        try {
            commit = Commit.decode(first.blocks().get(0).bytes());
        } catch (DecodeException | UnknownVersionException e) {
            return new Reported(first.sequence(), Outcome.INVALID, String.valueOf(e.getMessage()), 0);
        }
        Set<Cid> parts = commit.parts().keySet();
        if (parts.stream().allMatch(part -> collections.mayWrite(peer, part))) {
            return null;
        }
        PeerId author = PeerId.of(PublicKey.of(KeyType.ED25519, commit.author()));
        boolean byAuthor = parts.stream().allMatch(part -> collections.mayWrite(author, part));
        return byAuthor && commit.verifySignature()
                ? null
                : new Reported(
                        first.sequence(), Outcome.REFUSED, "neither its author nor its sender may write here", 0);
    }

    private static long bytes(Fragment fragment) {
        return fragment.blocks().stream().mapToLong(b -> b.bytes().length).sum();
    }

    private void admitted(Admitted admitted) {
        Ticket ticket = null;
        for (var it = tickets.iterator(); it.hasNext() && ticket == null; ) {
            Ticket next = it.next();
            if (next.number() == admitted.ticket()) {
                ticket = next;
                it.remove();
            }
        }
        if (ticket == null) {
            return;
        }
        Reported reported = report(ticket.sequence(), admitted.outcome());
        if (reported != null) {
            ticket.batch().outcomes.add(reported);
        }
        ticket.batch().missing--;
        acknowledge();
    }

    private void acknowledge() {
        while (!batches.isEmpty() && batches.peek().missing == 0) {
            Pending done = batches.remove();
            out.add(new Send(new Ack(done.to, List.copyOf(done.outcomes))));
        }
        compareNext();
    }

    private static @Nullable Reported report(long sequence, AdmissionOutcome outcome) {
        if (outcome instanceof MissingParents missing) {
            return new Reported(sequence, Outcome.MISSING_PARENTS, "lacks " + missing.parents(), 0);
        } else if (outcome instanceof UnknownCollection unknown) {
            return new Reported(sequence, Outcome.UNKNOWN_COLLECTION, "no collection " + unknown.collection(), 0);
        } else if (outcome instanceof Refused refused) {
            return new Reported(sequence, Outcome.REFUSED, refused.reason(), 0);
        } else if (outcome instanceof Invalid invalid) {
            return new Reported(sequence, Outcome.INVALID, invalid.reason(), 0);
        } else if (outcome instanceof Discordant discordant) {
            return new Reported(sequence, Outcome.INVALID, discordant.reason(), 0);
        } else if (outcome instanceof Later later) {
            return new Reported(sequence, Outcome.LATER, "the clock is ahead of the peer's", later.atMillis());
        } else if (outcome instanceof Incomplete incomplete) {
            return new Reported(sequence, Outcome.LATER, "the peer " + incomplete.lacks(), incomplete.atMillis());
        }
        return null;
    }
}
