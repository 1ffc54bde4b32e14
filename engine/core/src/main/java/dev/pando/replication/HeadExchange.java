package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.replication.ReplicateMessage.Ask;
import dev.pando.replication.ReplicateMessage.Documents;
import dev.pando.replication.ReplicateMessage.Inner;
import dev.pando.replication.ReplicateMessage.Lacking;
import dev.pando.replication.ReplicateMessage.Lacks;
import dev.pando.replication.ReplicateMessage.Tell;
import dev.pando.replication.ReplicateMessage.Told;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the documents of one collection that differ between a sender and this node, and lie with the sender: ranges of
 * document ids are compared by their sums, and only those that differ are looked into. Costs about a kilobyte for each
 * difference and one round trip for each digit in which 64 documents of a range differ.
 *
 * <p>Driven by the node that lacks something, so that only what the sender shows anyway is told. Reads rows: for a
 * worker, one call at a time.
 */
final class HeadExchange {

    /** Documents found to differ; with more the exchange ends, and everything is asked for. */
    static final int DIFFERENT_MAX = 16_384;

    /** Ranges asked about in one exchange; with more it ends, and everything is asked for. */
    static final int RANGES_MAX = 65_536;

    /** Heads told of one document; the others are told nothing of, and what they stand for may be offered in vain. */
    static final int HEADS_MAX = 64;

    /** Heads after which a message of what is lacking ends. */
    private static final int MESSAGE_HEADS = 32_768;

    /** Ranges with as many documents are told document by document. */
    static final int LISTED_MAX = 32;

    private final long round;
    private final Cid collection;
    private final Heads mine;
    private final InVain inVain;

    private final Deque<byte[]> open = new ArrayDeque<>();
    private List<byte[]> asked = List.of();
    private int ranges;
    private final InVain different = new InVain();
    private boolean everything;
    private boolean passedOver;

    /** @param inVain what was asked for before: it is not asked for again */
    HeadExchange(long round, Cid collection, Heads mine, InVain inVain) {
        this.round = round;
        this.collection = collection;
        this.mine = mine;
        this.inVain = inVain;
        open.add(new byte[0]);
    }

    /** What asks the sender to push everything. */
    static Lacks everything(long round, Cid collection) {
        return new Lacks(round, collection, true, true, List.of());
    }

    Cid collection() {
        return collection;
    }

    /** What was found to differ, as it stands at the sender: documents, or ranges where everything was asked for. */
    InVain different() {
        return everything ? different : new InVain(different.documents(), Map.of());
    }

    /** Whether documents differ that were not asked for, because they were asked for in vain before. */
    boolean passedOver() {
        return passedOver;
    }

    /**
     * Goes on.
     *
     * @param tell the answer to the last question; null at the beginning
     * @return the next question, or all that is lacking
     * @throws DecodeException when the answer does not fit the question
     */
    List<ReplicateMessage> next(@Nullable Tell tell) {
        Optional<HeadTree> tree = mine.heads(collection);
        if (tree.isEmpty()) {
            return List.of(everything(round, collection));
        }
        if (tell != null) {
            if (tell.ranges().size() != asked.size()) {
                throw new DecodeException("told of " + tell.ranges().size() + " ranges, asked for " + asked.size());
            }
            for (int i = 0; i < asked.size(); i++) {
                compare(asked.get(i), tell.ranges().get(i), tree.get());
            }
        }
        if (different.documents().size() > DIFFERENT_MAX || ranges + open.size() > RANGES_MAX) {
            everything = true;
            return List.of(everything(round, collection));
        }
        if (open.isEmpty()) {
            return lacks();
        }
        asked = new ArrayList<>();
        while (!open.isEmpty() && asked.size() < HeadsCodec.RANGES_MAX) {
            asked.add(open.remove());
        }
        ranges += asked.size();
        return List.of(new Ask(round, collection, asked));
    }

    private void compare(byte[] prefix, Told told, HeadTree tree) {
        if (told instanceof Inner inner) {
            if (prefix.length >= 2 * DocumentId.BYTES) {
                throw new DecodeException("ranges within a single document");
            }
            List<HeadTree.Range> own = tree.children(prefix);
            for (int digit = 0; digit < HeadTree.FANOUT; digit++) {
                HeadTree.Range theirs = inner.children().get(digit);
                if (theirs.count() > 0 && !theirs.sameAs(own.get(digit))) {
                    byte[] child = Arrays.copyOf(prefix, prefix.length + 1);
                    child[prefix.length] = (byte) digit;
                    if (inVain.contains(child, theirs)) {
                        passedOver = true;
                    } else {
                        different.add(child, theirs);
                        open.add(child);
                    }
                }
            }
        } else if (told instanceof Documents documents) {
            for (HeadTree.Entry theirs : documents.documents()) {
                byte[] digest = theirs.digest();
                if (Arrays.equals(digest, tree.digest(theirs.document()))) {
                    continue;
                }
                if (inVain.contains(theirs.document(), digest)) {
                    passedOver = true;
                } else {
                    different.documents().put(theirs.document(), digest);
                }
            }
        }
    }

    private List<ReplicateMessage> lacks() {
        var messages = new ArrayList<ReplicateMessage>();
        var documents = new ArrayList<Lacking>();
        int heads = 0;
        for (DocumentId document : different.documents().keySet()) {
            List<Cid> own = mine.headsOf(collection, document);
            documents.add(new Lacking(document, own.subList(0, Math.min(own.size(), HEADS_MAX))));
            heads += own.size();
            if (documents.size() == HeadsCodec.LACKING_MAX || heads > MESSAGE_HEADS) {
                messages.add(new Lacks(round, collection, false, false, List.copyOf(documents)));
                documents.clear();
                heads = 0;
            }
        }
        messages.add(new Lacks(round, collection, false, true, List.copyOf(documents)));
        return messages;
    }

    /** The sender's part: what this node has in the ranges. Reads rows the first time: for a worker. */
    static Tell answer(Ask ask, Heads heads) {
        HeadTree tree = heads.heads(ask.collection()).orElseGet(HeadTree::new);
        return answer(ask, tree);
    }

    static Tell answer(Ask ask, HeadTree tree) {
        var told = new ArrayList<Told>();
        for (byte[] prefix : ask.prefixes()) {
            boolean few = tree.range(prefix).count() <= LISTED_MAX;
            /* It may have grown between the two looks; then it is still below what a message may hold. */
            List<HeadTree.Entry> documents = few ? tree.documents(prefix) : List.of();
            told.add(
                    few && documents.size() <= HeadsCodec.DOCUMENTS_MAX
                            ? new Documents(documents)
                            : new Inner(tree.children(prefix)));
        }
        return new Tell(ask.round(), ask.collection(), told);
    }
}
