package dev.pando.libp2p.gossip;

import dev.pando.libp2p.PeerId;
import java.util.concurrent.CompletableFuture;

/** Takes the messages of a topic. Called on the scheduler of its {@link Gossip}; must not block. */
@FunctionalInterface
public interface GossipHandler {

    /** What is to become of a message. */
    enum Verdict {
        /** It is passed on. */
        ACCEPT,
        /** It is dropped without blame: not for now, or not for us to judge. */
        IGNORE,
        /** It is dropped, and those who sent it are blamed: no honest node sends it. */
        REJECT
    }

    /**
     * A message that was not seen before.
     *
     * @param from who passed it on, which need not be its author
     */
    CompletableFuture<Verdict> onMessage(GossipMessage message, PeerId from);
}
