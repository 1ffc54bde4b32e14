package dev.pando.libp2p;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why the network did not do what it was asked to. The message names the peer or the address. */
public final class HostException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, for code that decides whether to try again. */
    public enum Kind {
        /** Nobody listens at the address. */
        REFUSED,
        /** The peer, or a stage of the handshake, took longer than its deadline. */
        TIMEOUT,
        /** The address cannot be reached from here. */
        UNREACHABLE,
        /** Another peer than the expected one answered. */
        WRONG_IDENTITY,
        /** The peer broke off or spoiled the handshake. */
        HANDSHAKE_FAILED,
        /** The address has no transport here, or is not one to dial. */
        UNSUPPORTED_ADDRESS,
        /** No address of the peer is known. */
        NO_ADDRESS,
        /** The peer serves none of the protocols. */
        UNSUPPORTED_PROTOCOL,
        /** The last attempt failed a short while ago; it is too early for the next. */
        BACKOFF,
        /** A limit of this host or of the peer is reached. */
        LIMIT,
        /** The address to listen on is taken by somebody else. */
        ADDRESS_IN_USE,
        /** The peer broke the rules of the protocol. */
        PROTOCOL_VIOLATION,
        /** A message exceeds the size agreed on. */
        TOO_LARGE,
        /** The stream was reset, by the peer or by us, or died with its connection. */
        RESET,
        /** The host or the connection is closed. */
        CLOSED
    }

    private final Kind kind;

    public HostException(Kind kind, String message) {
        this(kind, message, null);
    }

    public HostException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
