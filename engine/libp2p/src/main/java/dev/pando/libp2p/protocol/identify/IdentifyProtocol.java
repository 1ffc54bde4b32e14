package dev.pando.libp2p.protocol.identify;

import static dev.pando.libp2p.HostException.Kind.PROTOCOL_VIOLATION;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.libp2p.Stream;
import dev.pando.libp2p.pb.IdentifyMessage;
import dev.pando.libp2p.record.PeerRecord;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The streams of identify: who asks is told, who pushes is heard. Thread-safe. */
public final class IdentifyProtocol {
    public static final String ID = "/ipfs/id/1.0.0";
    public static final String PUSH = "/ipfs/id/push/1.0.0";

    /** What a peer said, to be kept: a later push says only what has changed. */
    public record Heard(IdentifyMessage message, Identify info) {}

    private IdentifyProtocol() {}

    /**
     * The messages that tell who we are, to a peer that we see at {@code observed}.
     *
     * @param record our signed peer record
     */
    public static List<byte[]> describe(
            PublicKey key,
            String agent,
            List<Multiaddr> addresses,
            Collection<String> protocols,
            Multiaddr observed,
            byte[] record) {
        return IdentifyCodec.encode(key, agent, addresses, protocols, observed, record);
    }

    /** Writes {@code messages} and closes the stream. */
    public static void tell(Stream stream, List<byte[]> messages) {
        var out = new MessageStream(stream, IdentifyCodec.MESSAGE_BYTES_MAX);
        messages.forEach(out::write);
        stream.closeWrite().whenComplete((done, why) -> stream.close());
    }

    /**
     * Reads what the peer tells, to the end of the stream.
     *
     * @param records opens signed peer records, as {@link PeerRecord#open} does
     */
    public static CompletableFuture<Heard> hear(Stream stream, Function<byte[], PeerRecord> records) {
        var result = new CompletableFuture<Heard>();
        var in = new MessageStream(stream, IdentifyCodec.MESSAGE_BYTES_MAX);
        read(stream, in, IdentifyMessage.getDefaultInstance(), 0, records, result);
        return result;
    }

    private static void read(
            Stream stream,
            MessageStream in,
            IdentifyMessage sofar,
            int count,
            Function<byte[], PeerRecord> records,
            CompletableFuture<Heard> result) {
        in.read().whenComplete((bytes, why) -> {
            try {
                if (why != null) {
                    result.completeExceptionally(why);
                } else if (bytes == null && count > 0) {
                    result.complete(new Heard(sofar, IdentifyCodec.decode(sofar, stream.peer(), records)));
                    stream.close();
                } else if (bytes == null || count == IdentifyCodec.MESSAGES_MAX) {
                    throw new IllegalArgumentException("no identify message, or too many");
                } else {
                    var merged = sofar.toBuilder()
                            .mergeFrom(IdentifyCodec.parse(bytes))
                            .build();
                    read(stream, in, merged, count + 1, records, result);
                }
            } catch (IllegalArgumentException e) {
                stream.reset();
                result.completeExceptionally(new HostException(
                        PROTOCOL_VIOLATION, "identify of " + stream.peer() + ": " + e.getMessage(), e));
            }
        });
    }

    /** What is known after a push. */
    public static Heard merge(Heard known, Heard push, PeerId peer, Function<byte[], PeerRecord> records) {
        var merged = IdentifyCodec.merge(known.message(), push.message());
        return new Heard(merged, IdentifyCodec.decode(merged, peer, records));
    }
}
