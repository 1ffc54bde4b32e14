package dev.pando.libp2p.transport.tcp;

import dev.pando.libp2p.HostLimits;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts inbound connections by the address they come from, before and after they have proven an identity; says which
 * are too many. An IPv6 address counts as its /64 network, which is what one customer of a provider is given.
 * Thread-safe.
 */
final class InboundGate {
    private static final class Counts {
        int shaking;
        int proven;
    }

    private final HostLimits limits;
    private final boolean loopbackExempt;
    private final Map<ByteBuffer, Counts> byAddress = new HashMap<>();
    private int total;

    /** @param loopbackExempt whether connections from this machine count towards the total only */
    InboundGate(HostLimits limits, boolean loopbackExempt) {
        this.limits = limits;
        this.loopbackExempt = loopbackExempt;
    }

    private boolean isExempt(InetAddress address) {
        return loopbackExempt && address.isLoopbackAddress();
    }

    private static ByteBuffer key(InetAddress address) {
        byte[] bytes = address.getAddress();
        return ByteBuffer.wrap(bytes.length == 16 ? Arrays.copyOf(bytes, 8) : bytes);
    }

    /** Whether a connection from {@code address} may begin its handshake. It is counted from then on. */
    synchronized boolean enter(InetAddress address) {
        var counts = byAddress.computeIfAbsent(key(address), k -> new Counts());
        boolean exempt = isExempt(address);
        if (total >= limits.connectionsMax() || !exempt && counts.shaking >= limits.handshakesPerAddressMax()) {
            dropIfEmpty(address, counts);
            return false;
        }
        total++;
        counts.shaking++;
        return true;
    }

    /** Whether a connection that has proven its identity may stay. */
    synchronized boolean prove(InetAddress address) {
        var counts = byAddress.get(key(address));
        if (counts == null) {
            throw new IllegalStateException("not entered");
        }
        counts.shaking--;
        counts.proven++;
        return isExempt(address) || counts.proven <= limits.connectionsPerAddressMax();
    }

    /** A connection that entered is gone. */
    synchronized void leave(InetAddress address, boolean proven) {
        var counts = byAddress.get(key(address));
        if (counts == null) {
            throw new IllegalStateException("not entered");
        }
        total--;
        if (proven) {
            counts.proven--;
        } else {
            counts.shaking--;
        }
        dropIfEmpty(address, counts);
    }

    private void dropIfEmpty(InetAddress address, Counts counts) {
        if (counts.shaking == 0 && counts.proven == 0) {
            byAddress.remove(key(address));
        }
    }
}
