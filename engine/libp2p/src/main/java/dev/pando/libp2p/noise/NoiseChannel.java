package dev.pando.libp2p.noise;

import static dev.pando.libp2p.HostException.Kind.PROTOCOL_VIOLATION;

import dev.pando.libp2p.HostException;
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
