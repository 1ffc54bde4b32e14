package dev.pando.libp2p.gossip;

import dev.pando.ipld.Sha256;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Who answers for a message, and what its id is ({@code pubsub/README.md}, "Message Signing"). Thread-safe. */
public abstract sealed class SigningPolicy {

    private SigningPolicy() {}

    /** Messages carry no author; their id is the SHA-256 of topic and data. For content that answers for itself. */
    public static SigningPolicy unsigned() {
        return new Unsigned();
    }

    /**
     * Messages carry their author's signature; their id is author and sequence number.
     *
     * @param firstSequence a number above all that this identity has used: a time in nanoseconds
     */
    public static SigningPolicy signed(KeyPair key, long firstSequence) {
        return new Signed(key, firstSequence);
    }

    abstract GossipMessage make(String topic, byte[] data);

    /** The id, or null for a message that breaks the policy. */
    abstract @Nullable MessageId identify(GossipMessage message);

    private static final class Unsigned extends SigningPolicy {
        @Override
        GossipMessage make(String topic, byte[] data) {
            return GossipMessage.unsigned(topic, data);
        }

        @Override
        @Nullable
        MessageId identify(GossipMessage message) {
            boolean bare = message.from() == null
                    && message.sequence() == null
                    && message.signature() == null
                    && message.key() == null;
            if (!bare) {
                return null;
            }
            byte[] topic = message.topic().getBytes(StandardCharsets.UTF_8);
            byte[] both = Arrays.copyOf(topic, topic.length + message.data().length);
            System.arraycopy(message.data(), 0, both, topic.length, message.data().length);
            return new MessageId(Sha256.digest(both));
        }
    }

    private static final class Signed extends SigningPolicy {
        private static final byte[] PREFIX = "libp2p-pubsub:".getBytes(StandardCharsets.US_ASCII);

        private final KeyPair key;
        private final AtomicLong sequence;

        Signed(KeyPair key, long firstSequence) {
            this.key = key;
            this.sequence = new AtomicLong(firstSequence);
        }

        @Override
        GossipMessage make(String topic, byte[] data) {
            byte[] number =
                    ByteBuffer.allocate(8).putLong(sequence.incrementAndGet()).array();
            byte[] from = key.peerId().toBytes();
            byte[] contained = key.peerId().publicKey().isPresent()
                    ? null
                    : key.publicKey().toBytes();
            var bare = new GossipMessage(topic, data, from, number, null, null);
            return new GossipMessage(topic, data, from, number, key.sign(signed(bare)), contained);
        }

        @Override
        @Nullable
        MessageId identify(GossipMessage message) {
            byte[] from = message.from();
            byte[] number = message.sequence();
            byte[] signature = message.signature();
            if (from == null || number == null || signature == null || number.length != 8) {
                return null;
            }
            try {
                Optional<PublicKey> author = author(from, message.key());
                if (author.isEmpty() || !author.get().verify(signed(message), signature)) {
                    return null;
                }
            } catch (IllegalArgumentException e) {
                return null;
            }
            byte[] id = Arrays.copyOf(from, from.length + number.length);
            System.arraycopy(number, 0, id, from.length, number.length);
            return new MessageId(id);
        }

        private static Optional<PublicKey> author(byte[] from, byte @Nullable [] attached) {
            PeerId id = PeerId.fromBytes(from);
            if (attached == null) {
                return id.publicKey();
            }
            PublicKey author = PublicKey.fromBytes(attached);
            return PeerId.of(author).equals(id) ? Optional.of(author) : Optional.empty();
        }

        private static byte[] signed(GossipMessage message) {
            byte[] bytes = GossipCodec.signed(message);
            byte[] prefixed = Arrays.copyOf(PREFIX, PREFIX.length + bytes.length);
            System.arraycopy(bytes, 0, prefixed, PREFIX.length, bytes.length);
            return prefixed;
        }
    }
}
