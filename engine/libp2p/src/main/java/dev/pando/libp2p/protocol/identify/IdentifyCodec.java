package dev.pando.libp2p.protocol.identify;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.pb.IdentifyMessage;
import dev.pando.libp2p.record.PeerRecord;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Writes and reads identify messages. Stateless. */
final class IdentifyCodec {
    static final String PROTOCOL_VERSION = "ipfs/0.1.0";

    /** What is sent in one message at most; the signed record goes in one of its own when it does not fit. */
    static final int SENT_BYTES_MAX = 4_096;

    /** What is taken in one message at most. */
    static final int MESSAGE_BYTES_MAX = 8_192;

    /** Messages taken of one stream; their fields add up. */
    static final int MESSAGES_MAX = 8;

    /** Further protocols of a peer are not remembered. */
    private static final int PROTOCOLS_MAX = 512;

    private static final int TEXT_CHARS_MAX = 256;

    private IdentifyCodec() {}

    /** @param record the bytes of our signed peer record */
    static List<byte[]> encode(
            PublicKey key,
            String agent,
            List<Multiaddr> addresses,
            Collection<String> protocols,
            Multiaddr observed,
            byte[] record) {
        var message = IdentifyMessage.newBuilder()
                .setPublicKey(ByteString.copyFrom(key.toBytes()))
                .setProtocolVersion(PROTOCOL_VERSION)
                .setAgentVersion(agent)
                .setObservedAddr(ByteString.copyFrom(observed.toBytes()))
                .addAllProtocols(protocols);
        addresses.forEach(address -> message.addListenAddrs(ByteString.copyFrom(address.toBytes())));
        byte[] plain = message.build().toByteArray();
        var signed = IdentifyMessage.newBuilder().setSignedPeerRecord(ByteString.copyFrom(record));
        if (plain.length + record.length + 8 <= SENT_BYTES_MAX) {
            return List.of(message.mergeFrom(signed.build()).build().toByteArray());
        }
        return List.of(plain, signed.build().toByteArray());
    }

    /**
     * @param peer who sent it, proven by the connection
     * @param records opens signed peer records, as {@link PeerRecord#open} does
     * @throws IllegalArgumentException when it is malformed or claims to be somebody else's
     */
    static Identify decode(IdentifyMessage message, PeerId peer, Function<byte[], PeerRecord> records) {
        if (message.hasPublicKey()) {
            var claimed = PeerId.of(PublicKey.fromBytes(message.getPublicKey().toByteArray()));
            if (!claimed.equals(peer)) {
                throw new IllegalArgumentException(peer + " identifies itself as " + claimed);
            }
        }
        var addresses = PeerRecord.readAddresses(message.getListenAddrsList());
        Optional<Long> seq = Optional.empty();
        if (message.hasSignedPeerRecord()) {
            var record = records.apply(message.getSignedPeerRecord().toByteArray());
            if (!record.peer().equals(peer)) {
                throw new IllegalArgumentException(peer + " sends the peer record of " + record.peer());
            }
            addresses = record.addresses();
            seq = Optional.of(record.seq());
        }
        var protocols = message.getProtocolsList().stream()
                .filter(protocol -> protocol.length() <= TEXT_CHARS_MAX)
                .distinct()
                .limit(PROTOCOLS_MAX)
                .toList();
        return new Identify(
                peer,
                shortened(message.getProtocolVersion()),
                shortened(message.getAgentVersion()),
                addresses,
                java.util.Set.copyOf(protocols),
                PeerRecord.readAddresses(message.hasObservedAddr() ? List.of(message.getObservedAddr()) : List.of())
                        .stream()
                        .findFirst(),
                seq);
    }

    private static String shortened(String text) {
        return text.length() > TEXT_CHARS_MAX ? text.substring(0, TEXT_CHARS_MAX) : text;
    }

    static IdentifyMessage parse(byte[] bytes) {
        try {
            return IdentifyMessage.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a malformed identify message: " + e.getMessage(), e);
        }
    }

    /** {@code known} with what a push changes: a field that the push lacks stays. */
    static IdentifyMessage merge(IdentifyMessage known, IdentifyMessage push) {
        var merged = known.toBuilder();
        if (push.getListenAddrsCount() > 0) {
            merged.clearListenAddrs();
        }
        if (push.getProtocolsCount() > 0) {
            merged.clearProtocols();
        }
        return merged.mergeFrom(push).build();
    }
}
