package dev.pando.libp2p.gossip;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.pando.libp2p.gossip.pb.ControlMessage;
import dev.pando.libp2p.gossip.pb.ControlMessageOrBuilder;
import dev.pando.libp2p.gossip.pb.GraftMessage;
import dev.pando.libp2p.gossip.pb.IDontWantMessage;
import dev.pando.libp2p.gossip.pb.IHaveMessage;
import dev.pando.libp2p.gossip.pb.IWantMessage;
import dev.pando.libp2p.gossip.pb.PeerInfoMessage;
import dev.pando.libp2p.gossip.pb.PruneMessage;
import dev.pando.libp2p.gossip.pb.RpcMessage;
import dev.pando.libp2p.gossip.pb.SubscriptionMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link Rpc}s as protobuf; their messages, of which there are many, by {@link PublishedMessages}. What is absent stays absent: an empty field is not the same as none. */
final class GossipCodec {

    private static final int SUBSCRIPTIONS =
            RpcMessage.SUBSCRIPTIONS_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int PUBLISHED = RpcMessage.PUBLISH_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    private static final int CONTROL = RpcMessage.CONTROL_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;

    private GossipCodec() {}

    static byte[] encode(Rpc rpc) {
        RpcMessage subscriptions = subscriptions(rpc);
        RpcMessage control = control(rpc);
        int size = subscriptions.getSerializedSize() + control.getSerializedSize();
        for (GossipMessage message : rpc.messages()) {
            size += PublishedMessages.fieldBytes(message);
        }
        byte[] bytes = new byte[size];
        var out = CodedOutputStream.newInstance(bytes);
        try {
            subscriptions.writeTo(out);
            for (GossipMessage message : rpc.messages()) {
                PublishedMessages.writeField(message, out);
            }
            control.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new IllegalStateException("an array of the right size cannot fail", e);
        }
        return bytes;
    }

    private static RpcMessage subscriptions(Rpc rpc) {
        if (rpc.subscriptions().isEmpty()) {
            return RpcMessage.getDefaultInstance();
        }
        var out = RpcMessage.newBuilder();
        rpc.subscriptions()
                .forEach(s -> out.addSubscriptions(SubscriptionMessage.newBuilder()
                        .setSubscribe(s.subscribe())
                        .setTopicId(s.topic())));
        return out.build();
    }

    private static RpcMessage control(Rpc rpc) {
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
        return built.getSerializedSize() == 0
                ? RpcMessage.getDefaultInstance()
                : RpcMessage.newBuilder().setControl(built).build();
    }

    /** The bytes that StrictSign signs, without their prefix: the message without its signature and key. */
    static byte[] signed(GossipMessage message) {
        return PublishedMessages.encode(
                new GossipMessage(message.topic(), message.data(), message.from(), message.sequence(), null, null));
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
        var rpc = new RpcBuilder();
        var control = ControlMessage.newBuilder();
        var in = CodedInputStream.newInstance(bytes);
        var published = new PublishedMessages.Reader(in);
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (tag) {
                    case SUBSCRIPTIONS -> subscription(in, rpc);
                    case PUBLISHED -> rpc.messages.add(published.read());
                    case CONTROL -> in.readMessage(control, ExtensionRegistryLite.getEmptyRegistry());
                    default -> PublishedMessages.skip(in, tag);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw e;
        } catch (IOException e) {
            throw new InvalidProtocolBufferException(e);
        }
        control(control, rpc);
        return rpc.build();
    }

    private static void subscription(CodedInputStream in, RpcBuilder rpc) throws IOException {
        var s = in.readMessage(SubscriptionMessage.parser(), ExtensionRegistryLite.getEmptyRegistry());
        if (acceptable(s.getTopicId())) {
            rpc.subscriptions.add(new Rpc.Subscription(s.getSubscribe(), s.getTopicId()));
        }
    }

    private static void control(ControlMessageOrBuilder in, RpcBuilder rpc) {
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
