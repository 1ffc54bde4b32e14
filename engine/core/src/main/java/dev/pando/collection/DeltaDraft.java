package dev.pando.collection;

import dev.pando.DocumentId;
import dev.pando.crdt.DocumentState;
import dev.pando.crdt.Head;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Live;
import dev.pando.dag.Stamp;
import dev.pando.dag.Value;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A delta that lacks what is made at commit: clock, author and nonce.
 *
 * @param greatestPrevHlc the greatest hlc among {@code prev}, −1 when there are none
 * @param large raw blocks of values that its ops link
 */
public record DeltaDraft(
        Cid collection,
        DocumentId document,
        @Nullable SortedMap<String, Value> key,
        List<Cid> prev,
        @Nullable Cid incarnation,
        long greatestPrevHlc,
        @Nullable Live live,
        SortedMap<String, FieldOp> ops,
        List<Block> large) {

    private static final Cid PREVIEW = Cid.ofDigest(Cid.DAG_CBOR, new byte[32]);

    /**
     * A draft on top of what a statement saw.
     *
     * @param key of the document; kept only when nothing was seen
     * @param seen its state; empty for a document never heard of
     */
    static DeltaDraft on(
            Cid collection,
            DocumentId document,
            SortedMap<String, Value> key,
            DocumentState seen,
            @Nullable Live live,
            SortedMap<String, FieldOp> ops,
            List<Block> large) {
        List<Head> parents = parents(seen);
        List<Cid> prev = new ArrayList<>();
        long greatest = -1;
        for (Head head : parents) {
            prev.add(head.cid());
            greatest = Math.max(greatest, head.stamp().hlc());
        }
        Collections.sort(prev);
        return new DeltaDraft(
                collection,
                document,
                prev.isEmpty() ? key : null,
                prev,
                live == Live.INSERT ? null : greatestIncarnation(parents, seen),
                greatest,
                live,
                ops,
                large);
    }

    /** The greatest heads, as many as one delta may name; one of an incarnation that counts is always among them. */
    private static List<Head> parents(DocumentState seen) {
        List<Head> heads = new ArrayList<>(seen.heads());
        if (heads.size() <= Delta.PREV_MAX) {
            return heads;
        }
        heads.sort(Comparator.comparing(Head::stamp).reversed());
        List<Head> chosen = new ArrayList<>(heads.subList(0, Delta.PREV_MAX));
        if (seen.live() && chosen.stream().noneMatch(head -> seen.incarnation(head.incarnation()) != null)) {
            heads.stream()
                    .filter(head -> seen.incarnation(head.incarnation()) != null)
                    .findFirst()
                    .ifPresent(head -> chosen.set(Delta.PREV_MAX - 1, head));
        }
        return chosen;
    }

    private static Cid greatestIncarnation(List<Head> parents, DocumentState seen) {
        Stamp greatest = null;
        for (Head head : parents) {
            Stamp stamp = seen.incarnation(head.incarnation());
            if (stamp != null && (greatest == null || greatest.compareTo(stamp) < 0)) {
                greatest = stamp;
            }
        }
        if (greatest == null) {
            throw new IllegalStateException("only an insert can follow a document that is not live");
        }
        return greatest.cid();
    }

    /** The delta, complete. */
    public Delta finish(long hlc, byte[] author, byte[] nonce) {
        return new Delta(collection, document, key, prev, incarnation, hlc, author, nonce, live, ops);
    }

    /** The state that a transaction sees after its own write: its ops win over all that was seen. */
    public DocumentState preview(DocumentState seen) {
        return seen.apply(PREVIEW, finish(Long.MAX_VALUE, new byte[Delta.AUTHOR_BYTES], new byte[Delta.NONCE_BYTES]));
    }
}
