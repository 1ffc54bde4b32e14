package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.List;
import java.util.Optional;

/** The messages of {@code /pando/replicate/1.0.0}: docs/formats/replicate.md. */
sealed interface ReplicateMessage {

    /** Sender: what I push to you, and the state hash it has here. Also sent again when the scope changes. */
    record Hello(byte[] log, List<Offered> collections) implements ReplicateMessage {}

    /** @param stateHash absent when the sender does not hold the collection any more */
    record Offered(Cid collection, Optional<Cid> stateHash) {}

    /** Receiver: what I have of that. */
    record Welcome(byte[] log, List<Standing> collections) implements ReplicateMessage {}

    /** @param instance tells the receiver's table from one that it dropped and made again; 0 where it is unknown */
    record Standing(Cid collection, Status status, long instance) {}

    /** How a collection stands at the receiver. */
    enum Status {
        /** The same state hash: nothing to send. */
        EQUAL,
        /** Another state hash, or the sender may not know which. */
        DIFFERENT,
        /** The table is there and has never had a document. */
        EMPTY,
        /** No such collection here. */
        UNKNOWN
    }

    /** Sender: do you have these commits of mine, up to sequence {@code to}? */
    record Offer(long to, List<Cid> commits) implements ReplicateMessage {}

    /** Receiver: the indexes, into the offer's list, of commits that I lack. */
    record Want(long to, List<Integer> lacking) implements ReplicateMessage {}

    /** Sender: shares in order of admission. All of mine in scope up to {@code to} are sent with this. */
    record Batch(long to, List<Fragment> fragments) implements ReplicateMessage {}

    /**
     * A share, or a piece of one that is too large for a message.
     *
     * @param more whether the next fragment goes on with this share
     */
    record Fragment(long sequence, boolean more, List<Block> blocks) {}

    /** Receiver: everything up to {@code to} is applied and on disk, except what {@code outcomes} tell. */
    record Ack(long to, List<Reported> outcomes) implements ReplicateMessage {}

    /** What became of the share {@code sequence} that was not applied. */
    record Reported(long sequence, Outcome outcome, String reason, long atMillis) {}

    /** Why a share was not applied. */
    enum Outcome {
        LATER,
        REFUSED,
        INVALID,
        MISSING_PARENTS,
        UNKNOWN_COLLECTION
    }

    /** Receiver: tables or grants changed here; tell me again what you push. */
    record Changed() implements ReplicateMessage {}

    /** Sender: compare your documents of these with mine, and tell me what you lack. */
    record Compare(long round, List<Cid> collections) implements ReplicateMessage {}

    /** Receiver: what do you have in these ranges? Prefixes of document ids, a hexadecimal digit a byte. */
    record Ask(long round, Cid collection, List<byte[]> prefixes) implements ReplicateMessage {}

    /** Sender: the answer to {@link Ask}, one for each range in order. */
    record Tell(long round, Cid collection, List<Told> ranges) implements ReplicateMessage {}

    /** What the sender has in a range. */
    sealed interface Told {}

    /** Many documents: the sums of the {@link HeadTree#FANOUT} ranges within. */
    record Inner(List<HeadTree.Range> children) implements Told {}

    /** Few documents: all of them. */
    record Documents(List<HeadTree.Entry> documents) implements Told {}

    /**
     * Receiver: these documents differ here, and these are the heads that I have of them.
     *
     * @param all instead: too much differs, push me everything
     * @param last whether this is all of the collection
     */
    record Lacks(long round, Cid collection, boolean all, boolean last, List<Lacking> documents)
            implements ReplicateMessage {}

    record Lacking(DocumentId document, List<Cid> heads) {}

    /** Puller, first on its stream: push me, once, what you have of these. */
    record Pull(byte[] log, List<Wanted> collections) implements ReplicateMessage {}

    /**
     * @param log the pusher's log when {@code position} was reached; any other id counts as none
     * @param position all up to here is with the puller already
     */
    record Wanted(Cid collection, byte[] log, long position) {}

    /** Pusher, last on a pulled stream: all of these up to their positions is answered. */
    record Done(byte[] log, List<Reached> collections) implements ReplicateMessage {}

    record Reached(Cid collection, long position) {}
}
