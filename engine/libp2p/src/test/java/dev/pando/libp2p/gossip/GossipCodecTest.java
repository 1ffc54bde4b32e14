package dev.pando.libp2p.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.pando.libp2p.Waiting;
import dev.pando.libp2p.gossip.pb.ControlMessage;
import dev.pando.libp2p.gossip.pb.GraftMessage;
import dev.pando.libp2p.gossip.pb.PublishedMessage;
import dev.pando.libp2p.gossip.pb.RpcMessage;
import dev.pando.libp2p.gossip.pb.SubscriptionMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written and read field by field is what protobuf itself writes and reads. */
class GossipCodecTest {

    private static Rpc rpc(GossipMessage... messages) {
        return new Rpc(
                List.of(new Rpc.Subscription(true, "books")),
                List.of(messages),
                List.of(),
                List.of(),
                List.of("books"),
                List.of(),
                List.of());
    }

    private static RpcMessage protobuf(GossipMessage... messages) {
        var out = RpcMessage.newBuilder()
                .addSubscriptions(
                        SubscriptionMessage.newBuilder().setSubscribe(true).setTopicId("books"))
                .setControl(ControlMessage.newBuilder()
                        .addGraft(GraftMessage.newBuilder().setTopicId("books")));
        for (GossipMessage message : messages) {
            var one = out.addPublishBuilder().setTopic(message.topic()).setData(ByteString.copyFrom(message.data()));
            if (message.from() != null) {
                one.setFrom(ByteString.copyFrom(message.from()));
            }
            if (message.sequence() != null) {
                one.setSeqno(ByteString.copyFrom(message.sequence()));
            }
            if (message.signature() != null) {
                one.setSignature(ByteString.copyFrom(message.signature()));
            }
            if (message.key() != null) {
                one.setKey(ByteString.copyFrom(message.key()));
            }
        }
        return out.build();
    }

    private static GossipMessage[] messages() {
        byte[] some = Waiting.pattern(300);
        byte[] none = {};
        return new GossipMessage[] {
            GossipMessage.unsigned("books", some),
            GossipMessage.unsigned("books", none),
            GossipMessage.unsigned("Bücher", Waiting.pattern(70_000)),
            GossipMessage.unsigned("", some),
            new GossipMessage("books", some, none, none, none, none),
            new GossipMessage("books", some, Waiting.pattern(38), Waiting.pattern(8), Waiting.pattern(64), null)
        };
    }

    @Test
    void writesWhatProtobufWrites() {
        assertThat(GossipCodec.encode(rpc(messages())))
                .isEqualTo(protobuf(messages()).toByteArray());
        assertThat(GossipCodec.encode(rpc())).isEqualTo(protobuf().toByteArray());
    }

    @Test
    void readsWhatProtobufWrites() throws Exception {
        Rpc read = GossipCodec.decode(protobuf(messages()).toByteArray());
        assertThat(read).usingRecursiveComparison().isEqualTo(rpc(messages()));
    }

    @Test
    void passesOverFieldsItDoesNotKnow() throws Exception {
        var unknown = UnknownFieldSet.newBuilder()
                .addField(
                        99,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(5)
                                .addLengthDelimited(ByteString.copyFromUtf8("new"))
                                .addGroup(UnknownFieldSet.getDefaultInstance())
                                .build())
                .build();
        byte[] bytes = RpcMessage.newBuilder()
                .addPublish(PublishedMessage.newBuilder()
                        .setTopic("books")
                        .setData(ByteString.copyFromUtf8("x"))
                        .setUnknownFields(unknown))
                .setUnknownFields(unknown)
                .build()
                .toByteArray();
        assertThat(GossipCodec.decode(bytes).messages())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(GossipMessage.unsigned("books", new byte[] {'x'}));
    }

    @Test
    void readsAMessageThatSaysNothing() throws Exception {
        assertThat(GossipCodec.decode(new byte[] {0x12, 0}).messages())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(GossipMessage.unsigned("", new byte[0]));
    }

    @Test
    void refusesWhatIsCutOff() {
        byte[] bytes = GossipCodec.encode(rpc(messages()[0]));
        /* Between two fields it is a whole RPC. */
        for (int length = 1; length < bytes.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, length);
            boolean whole;
            try {
                RpcMessage.parseFrom(cut);
                whole = true;
            } catch (InvalidProtocolBufferException e) {
                whole = false;
            }
            if (!whole) {
                assertThatThrownBy(() -> GossipCodec.decode(cut))
                        .as("%d bytes", length)
                        .isInstanceOf(InvalidProtocolBufferException.class);
            }
        }
        for (byte[] bad : new byte[][] {{0}, {0x0c}, {0x12, 1}, {0x12, -1, -1, -1, -1, 15}, {0x12, 2, 0x12, 5}}) {
            assertThatThrownBy(() -> GossipCodec.decode(bad)).isInstanceOf(InvalidProtocolBufferException.class);
        }
    }
}
