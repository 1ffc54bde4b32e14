package dev.pando.replication;

import dev.pando.ipld.Block;
import dev.pando.libp2p.PeerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The door of the node, as replication sees it. Thread-safe. */
public interface ShareSink {

    /**
     * Verifies and admits what {@code from} sent of one commit: the commit block first, then its lists, deltas and raw
     * blocks, each under the CID that was computed from its bytes: they are not hashed again. Shares of one peer enter in
     * the order of the calls: a later one may build on an earlier one whose future has not completed yet.
     *
     * @return completes, normally, with what became of it; {@link AdmissionOutcome.Applied} only after merge and force,
     *     whatever the node's durability
     */
    CompletableFuture<AdmissionOutcome> admit(PeerId from, List<Block> share);

    /**
     * As {@link #admit}, for what came by gossip: {@code from} only passed it on, so nothing but the author's right counts
     * (docs/rules.md §6).
     */
    CompletableFuture<AdmissionOutcome> admitGossiped(PeerId from, List<Block> share);
}
