package dev.pando.libp2p.yamux;

import dev.pando.libp2p.HostLimits;
import java.time.Duration;

/** The bounds of a session; see {@link HostLimits} for what happens when they are reached. */
public record YamuxLimits(
        int inboundStreamsMax,
        int outboundStreamsMax,
        int windowMax,
        int sendBufferMax,
        Duration keepaliveInterval,
        Duration answerTimeout) {
    /** The window that each stream begins with, by the specification. */
    static final int WINDOW_INITIAL = 256 << 10;

    /** Long writes are cut into frames of this, so that the streams of a connection take turns. */
    static final int FRAME_BYTES_MAX = 16 << 10;

    /** Writes of this or more are answered at once while there is room; lesser ones one by one, so that chains stay flat. */
    static final int ANSWERED_AT_ONCE_BYTES_MIN = 2 << 10;

    /** Streams opened that the peer has not acknowledged; further ones wait. */
    static final int ACK_BACKLOG_MAX = 256;

    /** A writer that does not wait for its futures gets this many send buffers before its stream is reset. */
    static final int SEND_BUFFERS_UNAWAITED_MAX = 32;

    /** Answers that wait for a peer that does not read; at the limit the connection is closed. */
    static final int ANSWERS_WAITING_MAX = 4_096;

    /** Frames that ask for work and bring nothing; a peer that sends more than this at once is disconnected. */
    static final int IDLE_FRAMES_BURST = 10_000;

    /** Such frames a second that a peer may go on with. */
    static final int IDLE_FRAMES_PER_SECOND = 1_000;

    public static YamuxLimits of(HostLimits limits) {
        return new YamuxLimits(
                limits.inboundStreamsPerConnectionMax(),
                limits.outboundStreamsPerConnectionMax(),
                Math.max(limits.streamWindowMax(), WINDOW_INITIAL),
                limits.sendBufferMax(),
                limits.keepaliveInterval(),
                limits.stageTimeout());
    }
}
