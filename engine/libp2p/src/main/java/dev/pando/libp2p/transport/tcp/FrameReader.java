package dev.pando.libp2p.transport.tcp;

import dev.pando.libp2p.HostException;
import dev.pando.libp2p.noise.NoiseChannel;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Cuts what a socket brings into the frames of a {@link NoiseChannel}, each at the beginning of an array: the ciphers of
 * older JDKs copy what begins elsewhere twice more. A frame that came in whole is copied once; memory for one that did
 * not is taken as its bytes come. Not thread-safe.
 */
final class FrameReader {
    private static final int PARTIAL_BYTES_MIN = 4 << 10;
    private static final byte[] NOTHING = new byte[0];

    /** An encrypted frame, without its length. */
    @FunctionalInterface
    interface Sink {
        /** @param bytes belongs to the reader again when this returns; the frame is its first {@code length} bytes */
        void onFrame(byte[] bytes, int length) throws HostException;
    }

    private final byte[] whole;
    private int length;
    private int lengthBytes;
    private byte[] partial = NOTHING;
    private int partialBytes;

    /** @param whole room for the largest frame; used only within {@link #read} */
    FrameReader(byte[] whole) {
        this.whole = whole;
    }

    /** Takes all of {@code in}. What {@code sink} throws ends it; then this reader is of no more use. */
    void read(ByteBuf in, Sink sink) throws HostException {
        while (in.isReadable()) {
            if (lengthBytes < NoiseChannel.LENGTH_BYTES) {
                length = length << 8 | in.readUnsignedByte();
                lengthBytes++;
            } else if (partialBytes == 0 && in.readableBytes() >= length) {
                in.readBytes(whole, 0, length);
                end(whole, sink);
            } else {
                gather(in);
                if (partialBytes == length) {
                    end(partial, sink);
                }
            }
        }
        if (lengthBytes == NoiseChannel.LENGTH_BYTES && length == 0) {
            end(whole, sink);
        }
    }

    private void gather(ByteBuf in) {
        int n = Math.min(in.readableBytes(), length - partialBytes);
        int needed = partialBytes + n;
        if (partial.length < needed) {
            int room = Math.max(Math.max(2 * partial.length, PARTIAL_BYTES_MIN), needed);
            partial = Arrays.copyOf(partial, Math.min(room, length));
        }
        in.readBytes(partial, partialBytes, n);
        partialBytes = needed;
    }

    private void end(byte[] frame, Sink sink) throws HostException {
        int bytes = length;
        length = 0;
        lengthBytes = 0;
        partial = NOTHING;
        partialBytes = 0;
        sink.onFrame(frame, bytes);
    }
}
