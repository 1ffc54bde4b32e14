package dev.pando.libp2p.gossip;

import dev.pando.ipld.Sha256;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.KeyType;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.crypto.Ed25519Strict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Who answers for a message, and what its id is ({@code pubsub/README.md}, "Message Signing"). Thread-safe. */
public abstract sealed class SigningPolicy implements GossipRouter.Identity {

    private SigningPolicy() {}

    /** Messages carry no author; their id is the SHA-256 of topic and data. For content that answers for itself. */
    public static SigningPolicy unsigned() {
        return new Unsigned();
    }

    /**
     * Messages carry their author's signature; their id is author and sequence number.
     *
     * @param firstSequence a number above all that this identity has used: a time in nanoseconds
     * @param verifier checks signatures; may run tasks beside each other. Few wait: a peer has at most 4 RPCs under way
     */
    public static SigningPolicy signed(KeyPair key, long firstSequence, Executor verifier) {
        return new Signed(key, firstSequence, verifier);
    }

    /** A message of this node's own. */
    record Made(MessageId id, GossipMessage message) {}

    abstract Made make(String topic, byte[] data);

    /** Where {@link #authentic} is to be asked, which takes long; empty when it costs nothing. */
    abstract Optional<Executor> verifier();

    private static final class Unsigned extends SigningPolicy {
        @Override
        Made make(String topic, byte[] data) {
            var message = GossipMessage.unsigned(topic, data);
            return new Made(id(message), message);
        }

        @Override
        Optional<Executor> verifier() {
            return Optional.empty();
        }

        @Override
        public @Nullable MessageId of(GossipMessage message) {
            boolean bare = message.from() == null
                    && message.sequence() == null
                    && message.signature() == null
                    && message.key() == null;
            return bare ? id(message) : null;
        }

        private static MessageId id(GossipMessage message) {
            return new MessageId(Sha256.digest(message.topic().getBytes(StandardCharsets.UTF_8), message.data()));
        }
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static final class Signed extends SigningPolicy {
        private static final byte[] PREFIX = "libp2p-pubsub:".getBytes(StandardCharsets.US_ASCII);
        private static final int SEQUENCE_BYTES = 8;

        private final KeyPair key;
        private final byte[] from;
        private final byte @Nullable [] keyAttached;
        private final AtomicLong sequence;
        private final Executor verifier;

        Signed(KeyPair key, long firstSequence, Executor verifier) {
            this.key = key;
            this.from = key.peerId().toBytes();
            this.keyAttached = key.peerId().publicKey().isPresent()
                    ? null
                    : key.publicKey().toBytes();
            this.verifier = verifier;
            this.sequence = new AtomicLong(firstSequence);
        }

        @Override
        Made make(String topic, byte[] data) {
            byte[] number = ByteBuffer.allocate(SEQUENCE_BYTES)
                    .putLong(sequence.incrementAndGet())
                    .array();
            var bare = new GossipMessage(topic, data, from, number, null, null);
            var message = new GossipMessage(topic, data, from, number, key.sign(signed(bare)), keyAttached);
            return new Made(new MessageId(concat(from, number)), message);
        }

        @Override
        Optional<Executor> verifier() {
            return Optional.of(verifier);
        }

        @Override
        public @Nullable MessageId of(GossipMessage message) {
            byte[] from = message.from();
            byte[] number = message.sequence();
            return from != null && number != null && number.length == SEQUENCE_BYTES && message.signature() != null
                    ? new MessageId(concat(from, number))
                    : null;
        }

        @Override
        public boolean authentic(GossipMessage message) {
            byte[] from = message.from();
            byte[] signature = message.signature();
            if (from == null || signature == null) {
                return false;
            }
            try {
                Optional<PublicKey> author = author(from, message.key());
                return author.isPresent() && verify(author.get(), signed(message), signature);
            } catch (IllegalArgumentException e) {
                return false; // not a key: nobody signed this
            }
        }

        /* Authors come again: what is known of them makes up for the stricter rule, and more. */
        private static boolean verify(PublicKey author, byte[] signed, byte[] signature) {
            return author.type() == KeyType.ED25519
                    ? Ed25519Strict.verify(author.raw(), signed, signature)
                    : author.verify(signed, signature);
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
            return concat(PREFIX, GossipCodec.signed(message));
        }
    }
}
