package dev.pando.libp2p.gossip;

import java.util.List;

/** One message between two peers: what is new in subscriptions, published messages, and control. */
record Rpc(
        List<Subscription> subscriptions,
        List<GossipMessage> messages,
        List<IHave> have,
        List<MessageId> want,
        List<String> graft,
        List<Prune> prune,
        List<MessageId> dontWant) {

    record Subscription(boolean subscribe, String topic) {}

    record IHave(String topic, List<MessageId> ids) {}

    /** @param backoffSeconds how long not to graft again; 0 when the sender does not tell */
    record Prune(String topic, List<PeerHint> peers, long backoffSeconds) {}

    /** @param signedRecord an envelope, or empty */
    record PeerHint(byte[] peerId, byte[] signedRecord) {}
}
