package dev.pando.libp2p.noise;

import dev.pando.libp2p.PublicKey;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which static keys were shown with a signature that fits, so that a peer that comes again is not checked
 * again: the check costs as much as the key agreement. That it owns the static key is proven by each handshake anew.
 * Thread-safe.
 */
public final class ProvenKeys {
    /** At the limit the one not shown for longest is forgotten, and is checked when it comes again. */
    static final int MAX = 1_024;

    private record Shown(PublicKey identity, ByteBuffer staticKey, ByteBuffer signature) {}

    private final Map<Shown, Boolean> proven = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Shown, Boolean> eldest) {
            return size() > MAX;
        }
    };

    /** Whether {@code signature} of {@code identity} over {@code staticKey} fits. */
    boolean verify(PublicKey identity, byte[] staticKey, byte[] signature) {
        var shown = new Shown(identity, ByteBuffer.wrap(staticKey), ByteBuffer.wrap(signature));
        synchronized (proven) {
            if (proven.get(shown) != null) {
                return true;
            }
        }
        if (!identity.verify(NoiseIdentity.signed(staticKey), signature)) {
            return false;
        }
        synchronized (proven) {
            proven.put(shown, true);
        }
        return true;
    }
}
