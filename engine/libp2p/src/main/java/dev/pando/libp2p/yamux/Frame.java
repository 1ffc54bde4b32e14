package dev.pando.libp2p.yamux;

import java.nio.ByteBuffer;

/**
 * The header of a Yamux frame, big-endian:
 *
 * <pre>
 *   0         1      2       4           8        12
 *   +---------+------+-------+-----------+--------+
 *   | version | type | flags | stream id | length |
 *   +---------+------+-------+-----------+--------+
 * </pre>
 */
final class Frame {
    static final int HEADER_BYTES = 12;
    static final byte VERSION = 0;

    /** {@code length} bytes follow. */
    static final byte DATA = 0;

    /** The receiver may send {@code length} bytes more on the stream. */
    static final byte WINDOW_UPDATE = 1;

    /** {@code length} is to be echoed. */
    static final byte PING = 2;

    /** No new streams; {@code length} says why. */
    static final byte GO_AWAY = 3;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int FIN = 4;
    static final int RST = 8;

    static final int GO_AWAY_NORMAL = 0;
    static final int GO_AWAY_PROTOCOL_ERROR = 1;

    private Frame() {}

    static ByteBuffer header(byte type, int flags, int streamId, int length) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .put(VERSION)
                .put(type)
                .putShort((short) flags)
                .putInt(streamId)
                .putInt(length)
                .flip();
    }
}
