package dev.pando.replication;

import dev.pando.dag.UnknownVersionException;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.replication.LogTail.OutgoingShare;
import dev.pando.replication.LogTail.Page;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a peer has sent us lately, so that two nodes that push to each other do not send everything back. Holds for the
 * peer's present log: it had forced what it sent.
 */
final class SharesOfPeer {

    /** Commits remembered; the oldest is forgotten, and then sent back to a peer that knows it. */
    static final int COMMITS_MAX = 8_192;

    private final Map<Cid, Set<Cid>> collections = new HashMap<>();
    private final Deque<Cid> order = new ArrayDeque<>();

    void add(List<Block> share) {
        Set<Cid> sent = collectionsOf(share);
        Cid commit = share.get(0).cid();
        if (!sent.isEmpty() && collections.merge(commit, sent, SharesOfPeer::union) == sent) {
            order.add(commit);
            if (order.size() > COMMITS_MAX) {
                collections.remove(order.remove());
            }
        }
    }

    private static Set<Cid> union(Set<Cid> a, Set<Cid> b) {
        var both = new HashSet<>(a);
        both.addAll(b);
        return both;
    }

    /** Collections of which the share holds the part whole: of chosen documents the peer lacks the others. */
    private static Set<Cid> collectionsOf(List<Block> share) {
        try {
            var tree = new ShareTree(share);
            return tree.collections().stream().filter(tree::isWhole).collect(Collectors.toCollection(HashSet::new));
        } catch (DecodeException | UnknownVersionException e) {
            return Set.of(); // the door says what is wrong with it
        }
    }

    /** The page without the shares that came from the peer. */
    Page without(Page page) {
        if (collections.isEmpty()) {
            return page;
        }
        List<OutgoingShare> others =
                page.shares().stream().filter(share -> !isFromPeer(share)).toList();
        return new Page(page.scannedTo(), others, page.bytes(), page.joined());
    }

    private boolean isFromPeer(OutgoingShare share) {
        Set<Cid> sent = collections.get(share.commit());
        return sent != null && sent.containsAll(share.collections());
    }

    void clear() {
        collections.clear();
        order.clear();
    }
}
