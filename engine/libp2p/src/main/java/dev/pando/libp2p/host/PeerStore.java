package dev.pando.libp2p.host;

import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is known of peers, connected or not. Bounded. Thread-safe. */
final class PeerStore {
    private static final class Known {
        /** In the order they were heard of; true for those of a signed record. */
        final LinkedHashMap<Multiaddr, Boolean> addresses = new LinkedHashMap<>();

        long recordSeq = -1;
    }

    private final int peersMax;
    private final int addressesMax;

    /* In the order in which they were last heard of. */
    private final LinkedHashMap<PeerId, Known> peers = new LinkedHashMap<>(16, 0.75f, true);

    PeerStore(HostLimits limits) {
        this.peersMax = limits.knownPeersMax();
        this.addressesMax = limits.addressesPerPeerMax();
    }

    synchronized void addAddress(PeerId peer, Multiaddr address) {
        put(known(peer), address, false);
    }

    /** Takes over the addresses that a peer told of itself; those of a signed record replace those of an older one. */
    synchronized void identified(Identify info, List<Multiaddr> addresses) {
        var known = known(info.peer());
        boolean certified = info.recordSeq().isPresent();
        if (certified) {
            long seq = info.recordSeq().orElseThrow();
            if (known.recordSeq != -1 && Long.compareUnsigned(seq, known.recordSeq) <= 0) {
                return;
            }
            known.recordSeq = seq;
            known.addresses.values().removeIf(fromRecord -> fromRecord);
        }
        addresses.forEach(address -> put(known, address, certified));
    }

    private Known known(PeerId peer) {
        var known = peers.computeIfAbsent(peer, p -> new Known());
        if (peers.size() > peersMax) {
            var eldest = peers.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return known;
    }

    private void put(Known known, Multiaddr address, boolean certified) {
        var plain = address.withoutPeerId();
        boolean was = Boolean.TRUE.equals(known.addresses.remove(plain));
        known.addresses.put(plain, certified || was);
        if (known.addresses.size() > addressesMax) {
            var eldest = known.addresses.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** The addresses of {@code peer}, those that it signed first, then the ones heard of last. */
    synchronized List<Multiaddr> addresses(PeerId peer) {
        var known = peers.get(peer);
        if (known == null) {
            return List.of();
        }
        var signed = new ArrayList<Multiaddr>();
        var others = new ArrayList<Multiaddr>();
        for (Map.Entry<Multiaddr, Boolean> entry : known.addresses.entrySet()) {
            (entry.getValue() ? signed : others).add(0, entry.getKey());
        }
        signed.addAll(others);
        return signed;
    }
}
