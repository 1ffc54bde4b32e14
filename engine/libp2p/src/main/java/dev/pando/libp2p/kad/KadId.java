package dev.pando.libp2p.kad;

import dev.pando.ipld.Sha256;
import dev.pando.libp2p.PeerId;
import java.util.Arrays;

/** A place in the key space: the SHA-256 of a key or Peer ID. Distance is the exclusive or. Immutable. */
final class KadId {

    static final int BITS = 256;

    private final byte[] hash;

    private KadId(byte[] hash) {
        this.hash = hash;
    }

    static KadId of(byte[] key) {
        return new KadId(Sha256.digest(key));
    }

    static KadId of(PeerId peer) {
        return of(peer.toBytes());
    }

    /** Leading bits that both have in common. */
    int commonPrefix(KadId other) {
        for (int i = 0; i < hash.length; i++) {
            int difference = (hash[i] ^ other.hash[i]) & 0xff;
            if (difference != 0) {
                return i * 8 + Integer.numberOfLeadingZeros(difference) - 24;
            }
        }
        return BITS;
    }

    /** Negative when {@code a} is nearer to this than {@code b} is. */
    int compareDistance(KadId a, KadId b) {
        for (int i = 0; i < hash.length; i++) {
            int nearA = (hash[i] ^ a.hash[i]) & 0xff;
            int nearB = (hash[i] ^ b.hash[i]) & 0xff;
            if (nearA != nearB) {
                return nearA - nearB;
            }
        }
        return 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KadId that && Arrays.equals(hash, that.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }
}
