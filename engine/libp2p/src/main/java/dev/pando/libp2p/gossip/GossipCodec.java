package dev.pando.libp2p.gossip;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.pando.libp2p.gossip.pb.ControlMessage;
import dev.pando.libp2p.gossip.pb.GraftMessage;
import dev.pando.libp2p.gossip.pb.IDontWantMessage;
import dev.pando.libp2p.gossip.pb.IHaveMessage;
import dev.pando.libp2p.gossip.pb.IWantMessage;
import dev.pando.libp2p.gossip.pb.PeerInfoMessage;
import dev.pando.libp2p.gossip.pb.PruneMessage;
import dev.pando.libp2p.gossip.pb.PublishedMessage;
import dev.pando.libp2p.gossip.pb.RpcMessage;
import dev.pando.libp2p.gossip.pb.SubscriptionMessage;
import java.util.ArrayList;
import java.util.List;

/** {@link Rpc}s as protobuf. What is absent stays absent: an empty field is not the same as none. */
final class GossipCodec {

    private GossipCodec() {}

    static byte[] encode(Rpc rpc) {
        var out = RpcMessage.newBuilder();
        rpc.subscriptions()
                .forEach(s -> out.addSubscriptions(SubscriptionMessage.newBuilder()
                        .setSubscribe(s.subscribe())
                        .setTopicId(s.topic())));
        rpc.messages().forEach(m -> out.addPublish(encode(m)));
        var control = ControlMessage.newBuilder();
        rpc.have()
                .forEach(h -> control.addIhave(
                        IHaveMessage.newBuilder().setTopicId(h.topic()).addAllMessageIds(bytes(h.ids()))));
        if (!rpc.want().isEmpty()) {
            control.addIwant(IWantMessage.newBuilder().addAllMessageIds(bytes(rpc.want())));
        }
        rpc.graft().forEach(topic -> control.addGraft(GraftMessage.newBuilder().setTopicId(topic)));
        rpc.prune().forEach(prune -> control.addPrune(encode(prune)));
        if (!rpc.dontWant().isEmpty()) {
            control.addIdontwant(IDontWantMessage.newBuilder().addAllMessageIds(bytes(rpc.dontWant())));
        }
        ControlMessage built = control.build();
        if (built.getSerializedSize() > 0) {
            out.setControl(built);
        }
        return out.build().toByteArray();
    }

    /* Not copied: the arrays of a message are never written to. */
    private static PublishedMessage encode(GossipMessage message) {
        var out = PublishedMessage.newBuilder()
                .setTopic(message.topic())
                .setData(UnsafeByteOperations.unsafeWrap(message.data()));
        if (message.from() != null) {
            out.setFrom(UnsafeByteOperations.unsafeWrap(message.from()));
        }
        if (message.sequence() != null) {
            out.setSeqno(UnsafeByteOperations.unsafeWrap(message.sequence()));
        }
        if (message.signature() != null) {
            out.setSignature(UnsafeByteOperations.unsafeWrap(message.signature()));
        }
        if (message.key() != null) {
            out.setKey(UnsafeByteOperations.unsafeWrap(message.key()));
        }
        return out.build();
    }

    /** The bytes that StrictSign signs, without their prefix: the message without its signature and key. */
    static byte[] signed(GossipMessage message) {
        return encode(new GossipMessage(
                        message.topic(), message.data(), message.from(), message.sequence(), null, null))
                .toByteArray();
    }

    private static PruneMessage encode(Rpc.Prune prune) {
        var out = PruneMessage.newBuilder().setTopicId(prune.topic());
        if (prune.backoffSeconds() > 0) {
            out.setBackoff(prune.backoffSeconds());
        }
        for (Rpc.PeerHint peer : prune.peers()) {
            var hint = PeerInfoMessage.newBuilder().setPeerId(ByteString.copyFrom(peer.peerId()));
            if (peer.signedRecord().length > 0) {
                hint.setSignedPeerRecord(ByteString.copyFrom(peer.signedRecord()));
            }
            out.addPeers(hint);
        }
        return out.build();
    }

    private static List<ByteString> bytes(List<MessageId> ids) {
        return ids.stream().map(id -> ByteString.copyFrom(id.bytes())).toList();
    }

    /** @throws InvalidProtocolBufferException when the bytes are not an RPC */
    static Rpc decode(byte[] bytes) throws InvalidProtocolBufferException {
        RpcMessage in = RpcMessage.parseFrom(bytes);
        var rpc = new RpcBuilder();
        for (SubscriptionMessage s : in.getSubscriptionsList()) {
            if (acceptable(s.getTopicId())) {
                rpc.subscriptions.add(new Rpc.Subscription(s.getSubscribe(), s.getTopicId()));
            }
        }
        for (PublishedMessage m : in.getPublishList()) {
            rpc.messages.add(new GossipMessage(
                    m.getTopic(),
                    m.getData().toByteArray(),
                    m.hasFrom() ? m.getFrom().toByteArray() : null,
                    m.hasSeqno() ? m.getSeqno().toByteArray() : null,
                    m.hasSignature() ? m.getSignature().toByteArray() : null,
                    m.hasKey() ? m.getKey().toByteArray() : null));
        }
        control(in.getControl(), rpc);
        return rpc.build();
    }

    private static void control(ControlMessage in, RpcBuilder rpc) {
        for (IHaveMessage have : in.getIhaveList()) {
            if (rpc.have.size() < GossipConfig.IHAVE_MESSAGES_MAX && acceptable(have.getTopicId())) {
                rpc.have.add(new Rpc.IHave(have.getTopicId(), ids(have.getMessageIdsList())));
            }
        }
        in.getIwantList().forEach(want -> rpc.want.addAll(ids(want.getMessageIdsList())));
        in.getGraftList().stream().map(GraftMessage::getTopicId).forEach(rpc.graft::add);
        for (PruneMessage prune : in.getPruneList()) {
            rpc.prune.add(new Rpc.Prune(
                    prune.getTopicId(),
                    prune.getPeersList().stream()
                            .limit(GossipConfig.PRUNE_PEERS_MAX)
                            .map(p -> new Rpc.PeerHint(
                                    p.getPeerId().toByteArray(),
                                    p.getSignedPeerRecord().toByteArray()))
                            .toList(),
                    Math.max(0, prune.getBackoff())));
        }
        in.getIdontwantList().forEach(unwanted -> rpc.dontWant.addAll(ids(unwanted.getMessageIdsList())));
    }

    private static boolean acceptable(String topic) {
        return topic.length() <= GossipConfig.TOPIC_BYTES_MAX;
    }

    private static List<MessageId> ids(List<ByteString> list) {
        var ids = new ArrayList<MessageId>(Math.min(list.size(), GossipConfig.IHAVE_IDS_MAX));
        for (ByteString id : list) {
            if (ids.size() == GossipConfig.IHAVE_IDS_MAX) {
                break;
            }
            ids.add(new MessageId(id.toByteArray()));
        }
        return ids;
    }
}
