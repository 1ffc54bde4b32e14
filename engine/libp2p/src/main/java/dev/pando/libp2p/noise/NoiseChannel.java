package dev.pando.libp2p.noise;

import static dev.pando.libp2p.HostException.Kind.PROTOCOL_VIOLATION;

import dev.pando.libp2p.HostException;
import java.nio.ByteBuffer;
import java.util.Deque;
import javax.crypto.AEADBadTagException;

/**
 * The encrypted channel. Not thread-safe. A frame on the wire:
 *
 * <pre>
 *   0        2                            2 + n
 *   +--------+-----------------------------+
 *   | n (BE) | ciphertext and 16-byte tag  |     n ≤ 65,535
 *   +--------+-----------------------------+
 * </pre>
 */
public final class NoiseChannel {
    public static final int LENGTH_BYTES = 2;
    public static final int PLAIN_BYTES_MAX = 65_535 - CipherState.TAG_BYTES;
    public static final int FRAME_OVERHEAD = LENGTH_BYTES + CipherState.TAG_BYTES;

    /** For fewer it is cheaper to copy them than to call the cipher once more. */
    private static final int IN_PLACE_BYTES_MIN = 4 << 10;

    private final CipherState sending;
    private final CipherState receiving;

    NoiseChannel(CipherState sending, CipherState receiving) {
        this.sending = sending;
        this.receiving = receiving;
    }

    /** Writes a whole frame of {@code length + FRAME_OVERHEAD} bytes to the start of {@code frame}. */
    public void seal(byte[] plain, int length, byte[] frame) {
        int sealed = length + CipherState.TAG_BYTES;
        frame[0] = (byte) (sealed >>> 8);
        frame[1] = (byte) sealed;
        sending.seal(null, plain, 0, length, frame, LENGTH_BYTES);
    }

    /**
     * Writes a frame of as much as it can hold of what waits, which is taken away from there; its bytes. Large buffers are
     * encrypted where they are, small ones are gathered before.
     *
     * @param gather room for {@link #PLAIN_BYTES_MAX} bytes
     * @param frame room for {@link #FRAME_OVERHEAD} more
     */
    public int seal(Deque<ByteBuffer> waiting, byte[] gather, byte[] frame) {
        sending.beginSealing();
        int length = 0;
        int gathered = 0;
        int end = LENGTH_BYTES;
        while (length < PLAIN_BYTES_MAX && !waiting.isEmpty()) {
            ByteBuffer head = waiting.element();
            int n = Math.min(PLAIN_BYTES_MAX - length, head.remaining());
            if (n >= IN_PLACE_BYTES_MIN && head.hasArray()) {
                if (gathered > 0) {
                    end += sending.sealPart(gather, 0, gathered, frame, end);
                    gathered = 0;
                }
                end += sending.sealPart(head.array(), head.arrayOffset() + head.position(), n, frame, end);
                head.position(head.position() + n);
            } else {
                head.get(gather, gathered, n);
                gathered += n;
            }
            length += n;
            if (!head.hasRemaining()) {
                waiting.remove();
            }
        }
        end += sending.sealLast(gather, 0, gathered, frame, end);
        frame[0] = (byte) ((end - LENGTH_BYTES) >>> 8);
        frame[1] = (byte) (end - LENGTH_BYTES);
        return end;
    }

    /** The plaintext of a frame's ciphertext, in an array of its own. */
    public byte[] open(byte[] bytes, int offset, int length) throws HostException {
        try {
            byte[] plain = new byte[Math.max(0, length - CipherState.TAG_BYTES)];
            receiving.open(null, bytes, offset, length, plain, 0);
            return plain;
        } catch (AEADBadTagException e) {
            throw new HostException(PROTOCOL_VIOLATION, "an encrypted frame was spoiled: " + e.getMessage(), e);
        }
    }
}
