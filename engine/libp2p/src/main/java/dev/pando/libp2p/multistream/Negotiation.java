package dev.pando.libp2p.multistream;

import static dev.pando.libp2p.HostException.Kind.PROTOCOL_VIOLATION;
import static dev.pando.libp2p.HostException.Kind.UNSUPPORTED_PROTOCOL;

import dev.pando.libp2p.HostException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One side of a negotiation. A message is the unsigned varint of its length, its text, and a line feed that counts as
 * part of the length. Each side opens with {@code /multistream/1.0.0}; the dialer proposes one protocol after the other,
 * the listener echoes the one it takes and answers {@code na} to the rest. Not thread-safe.
 */
public final class Negotiation {
    static final String HEADER = "/multistream/1.0.0";
    static final String NOT_AVAILABLE = "na";

    /** Longer messages end the negotiation; a protocol's name has far less. */
    static final int MESSAGE_BYTES_MAX = 1_024;

    /** A dialer that proposes more than this without success is sent away. */
    static final int PROPOSALS_MAX = 64;

    private final @Nullable Predicate<String> serves;
    private final Deque<String> proposals;
    private final String wanted;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] message = new byte[MESSAGE_BYTES_MAX];
    private int messageBytes;
    private int expected = -1;
    private int prefix;
    private boolean prefixContinues;
    private boolean greeted;
    private int refused;
    private @Nullable String agreed;

    private Negotiation(@Nullable Predicate<String> serves, List<String> proposals) {
        this.serves = serves;
        this.proposals = new ArrayDeque<>(proposals);
        this.wanted = String.join(", ", proposals);
        say(HEADER);
        if (serves == null) {
            /* At once, without waiting for the other's header: saves a round trip, and either may speak first. */
            say(this.proposals.element());
        }
    }

    /** @param proposals at least one, the best first */
    public static Negotiation dialer(List<String> proposals) {
        return new Negotiation(null, proposals);
    }

    public static Negotiation listener(Predicate<String> serves) {
        return new Negotiation(serves, List.of());
    }

    /** What is to be sent now; empty when there is nothing. Call after creation and after each {@link #receive}. */
    public ByteBuffer output() {
        var bytes = ByteBuffer.wrap(out.toByteArray());
        out.reset();
        return bytes;
    }

    /** The protocol agreed on, once there is one. */
    public Optional<String> agreed() {
        return Optional.ofNullable(agreed);
    }

    /**
     * Takes what came in, up to the end of the negotiation: what remains in {@code bytes} then belongs to the protocol
     * agreed on.
     *
     * @throws HostException UNSUPPORTED_PROTOCOL when there is nothing left to agree on, PROTOCOL_VIOLATION when the
     *     other side does not speak multistream-select
     */
    public void receive(ByteBuffer bytes) throws HostException {
        while (agreed == null && bytes.hasRemaining()) {
            if (expected < 0) {
                takePrefix(bytes.get());
                continue;
            }
            int n = Math.min(bytes.remaining(), expected - messageBytes);
            bytes.get(message, messageBytes, n);
            messageBytes += n;
            if (messageBytes == expected) {
                if (message[expected - 1] != '\n') {
                    throw new HostException(PROTOCOL_VIOLATION, "a negotiation message without a line feed");
                }
                var text = new String(message, 0, expected - 1, StandardCharsets.UTF_8);
                messageBytes = 0;
                expected = -1;
                onMessage(text);
            }
        }
    }

    private void takePrefix(byte b) throws HostException {
        prefix |= (b & 0x7f) << (prefixContinues ? 7 : 0);
        boolean more = b < 0;
        if (more && prefixContinues || !more && (prefix == 0 || prefix > MESSAGE_BYTES_MAX)) {
            throw new HostException(
                    PROTOCOL_VIOLATION,
                    "a negotiation message of no length or of more than " + MESSAGE_BYTES_MAX + " bytes");
        }
        prefixContinues = more;
        if (!more) {
            expected = prefix;
            prefix = 0;
        }
    }

    private void onMessage(String text) throws HostException {
        if (!greeted) {
            if (!text.equals(HEADER)) {
                throw new HostException(PROTOCOL_VIOLATION, "expected " + HEADER + " from the other side");
            }
            greeted = true;
        } else if (serves != null) {
            onProposal(serves, text);
        } else {
            onAnswer(text);
        }
    }

    private void onProposal(Predicate<String> serves, String proposal) throws HostException {
        if (serves.test(proposal)) {
            say(proposal);
            agreed = proposal;
        } else if (++refused == PROPOSALS_MAX) {
            throw new HostException(UNSUPPORTED_PROTOCOL, "none of " + PROPOSALS_MAX + " proposals is served here");
        } else {
            say(NOT_AVAILABLE);
        }
    }

    private void onAnswer(String answer) throws HostException {
        if (answer.equals(proposals.peek())) {
            agreed = answer;
        } else if (answer.equals(NOT_AVAILABLE)) {
            proposals.remove();
            if (proposals.isEmpty()) {
                throw new HostException(UNSUPPORTED_PROTOCOL, "the peer serves none of: " + wanted);
            }
            say(proposals.element());
        } else {
            throw new HostException(PROTOCOL_VIOLATION, "an answer that is neither the proposal nor na");
        }
    }

    private void say(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length + 1;
        if (length > MESSAGE_BYTES_MAX) {
            throw new IllegalArgumentException("a protocol name of " + bytes.length + " bytes");
        }
        if (length > 0x7f) {
            out.write(length | 0x80);
            out.write(length >>> 7);
        } else {
            out.write(length);
        }
        out.writeBytes(bytes);
        out.write('\n');
    }
}
