package dev.pando.libp2p.gossip;

import static com.google.protobuf.WireFormat.WIRETYPE_LENGTH_DELIMITED;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pando.libp2p.gossip.pb.PublishedMessage;
import dev.pando.libp2p.gossip.pb.RpcMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link GossipMessage}s as the protobuf {@link PublishedMessage}, written and read field by field: objects of protobuf's
 * own for each cost as much as all else that is done with a message, and copy its bytes twice more.
 */
final class PublishedMessages {
    /** The tag of such a message in an {@link RpcMessage}. */
    static final int FIELD = tag(RpcMessage.PUBLISH_FIELD_NUMBER);

    private static final int FROM = tag(PublishedMessage.FROM_FIELD_NUMBER);
    private static final int DATA = tag(PublishedMessage.DATA_FIELD_NUMBER);
    private static final int SEQUENCE = tag(PublishedMessage.SEQNO_FIELD_NUMBER);
    private static final int TOPIC = tag(PublishedMessage.TOPIC_FIELD_NUMBER);
    private static final int SIGNATURE = tag(PublishedMessage.SIGNATURE_FIELD_NUMBER);
    private static final int KEY = tag(PublishedMessage.KEY_FIELD_NUMBER);

    private PublishedMessages() {}

    private static int tag(int field) {
        return field << 3 | WIRETYPE_LENGTH_DELIMITED;
    }

    // ---- writing

    /** Bytes of {@code message} with its tag and its length before it. */
    static int fieldBytes(GossipMessage message) {
        int bytes = bytes(message);
        return 1 + CodedOutputStream.computeUInt32SizeNoTag(bytes) + bytes;
    }

    static void writeField(GossipMessage message, CodedOutputStream out) throws IOException {
        out.writeUInt32NoTag(FIELD);
        out.writeUInt32NoTag(bytes(message));
        write(message, out);
    }

    /** The message by itself. */
    static byte[] encode(GossipMessage message) {
        byte[] bytes = new byte[bytes(message)];
        try {
            write(message, CodedOutputStream.newInstance(bytes));
        } catch (IOException e) {
            throw new IllegalStateException("an array of the right size cannot fail", e);
        }
        return bytes;
    }

    private static int bytes(GossipMessage message) {
        return bytes(message.from())
                + bytes(message.data())
                + bytes(message.sequence())
                + CodedOutputStream.computeStringSize(PublishedMessage.TOPIC_FIELD_NUMBER, message.topic())
                + bytes(message.signature())
                + bytes(message.key());
    }

    private static int bytes(byte @Nullable [] field) {
        return field == null ? 0 : 1 + CodedOutputStream.computeByteArraySizeNoTag(field);
    }

    private static void write(GossipMessage message, CodedOutputStream out) throws IOException {
        write(FROM, message.from(), out);
        write(DATA, message.data(), out);
        write(SEQUENCE, message.sequence(), out);
        out.writeString(PublishedMessage.TOPIC_FIELD_NUMBER, message.topic());
        write(SIGNATURE, message.signature(), out);
        write(KEY, message.key(), out);
    }

    private static void write(int tag, byte @Nullable [] field, CodedOutputStream out) throws IOException {
        if (field != null) {
            out.writeUInt32NoTag(tag);
            out.writeByteArrayNoTag(field);
        }
    }

    // ---- reading

    /** Passes over a field that is not known here. */
    static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("the end of a group that did not begin");
        }
    }

    /** Reads the messages of one RPC. Not thread-safe. */
    static final class Reader {
        private final CodedInputStream in;
        private byte[] topicBytes = {};
        private String topic = "";

        Reader(CodedInputStream in) {
            this.in = in;
        }

        /** The message whose tag was read. */
        GossipMessage read() throws IOException {
            int before = in.pushLimit(in.readRawVarint32());
            String on = "";
            byte[] data = {};
            byte[] from = null;
            byte[] sequence = null;
            byte[] signature = null;
            byte[] key = null;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == FROM) {
                    from = in.readByteArray();
                } else if (tag == DATA) {
                    data = in.readByteArray();
                } else if (tag == SEQUENCE) {
                    sequence = in.readByteArray();
                } else if (tag == TOPIC) {
                    on = topic(in.readByteArray());
                } else if (tag == SIGNATURE) {
                    signature = in.readByteArray();
                } else if (tag == KEY) {
                    key = in.readByteArray();
                } else {
                    skip(in, tag);
                }
            }
            in.checkLastTagWas(0);
            in.popLimit(before);
            return new GossipMessage(on, data, from, sequence, signature, key);
        }

        /* Mostly that of the message before: the same object knows its hash already. */
        private String topic(byte[] bytes) {
            if (!Arrays.equals(bytes, topicBytes)) {
                topicBytes = bytes;
                topic = new String(bytes, StandardCharsets.UTF_8);
            }
            return topic;
        }
    }
}
