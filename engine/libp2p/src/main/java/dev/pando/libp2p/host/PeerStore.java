package dev.pando.libp2p.host;

import dev.pando.libp2p.HostLimits;
import dev.pando.libp2p.Identify;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of peers, connected or not. Bounded. Thread-safe. */
public final class PeerStore {
    /** Longer records are used and not kept. */
    private static final int ENVELOPE_BYTES_MAX = 4_096;

    /**
     * What is known of one peer.
     *
     * @param addresses in the order they were heard of; true for those of a signed record
     * @param envelope the newest signed record; empty when there is none
     */
    record Entry(PeerId peer, Map<Multiaddr, Boolean> addresses, byte[] envelope, Optional<Long> seq) {}

    private static final class Known {
        final LinkedHashMap<Multiaddr, Boolean> addresses = new LinkedHashMap<>();
        byte[] envelope = new byte[0];
        Optional<Long> seq = Optional.empty();
    }

    private final int peersMax;
    private final int addressesMax;

    /* In the order in which they were last heard of. */
    private final LinkedHashMap<PeerId, Known> peers = new LinkedHashMap<>(16, 0.75f, true);
    private long changes;

    public PeerStore(HostLimits limits) {
        this.peersMax = limits.knownPeersMax();
        this.addressesMax = limits.addressesPerPeerMax();
    }

    synchronized void addAddress(PeerId peer, Multiaddr address) {
        put(known(peer), address, false);
    }

    /**
     * Takes over the addresses that a peer told of itself; those of a signed record replace those of an older one.
     *
     * @param envelope the signed record; empty when there was none
     */
    synchronized void identified(Identify info, List<Multiaddr> addresses, byte[] envelope) {
        var known = known(info.peer());
        boolean certified = info.recordSeq().isPresent();
        if (certified) {
            long seq = info.recordSeq().orElseThrow();
            if (known.seq.isPresent() && Long.compareUnsigned(seq, known.seq.get()) <= 0) {
                return;
            }
            known.seq = info.recordSeq();
            known.envelope = envelope.length <= ENVELOPE_BYTES_MAX ? envelope : new byte[0];
            known.addresses.values().removeIf(fromRecord -> fromRecord);
        }
        addresses.forEach(address -> put(known, address, certified));
    }

    synchronized void restore(Entry entry) {
        var known = known(entry.peer());
        entry.addresses().forEach((address, certified) -> put(known, address, certified));
        known.envelope = entry.envelope();
        known.seq = entry.seq();
    }

    private Known known(PeerId peer) {
        changes++;
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
    public synchronized List<Multiaddr> addresses(PeerId peer) {
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

    /** Those of which addresses are known: first who signed a record, and of these the one heard of last. */
    public synchronized List<PeerId> peers() {
        var signed = new ArrayList<PeerId>();
        var others = new ArrayList<PeerId>();
        peers.forEach((peer, known) -> {
            if (!known.addresses.isEmpty()) {
                (known.envelope.length > 0 ? signed : others).add(peer);
            }
        });
        Collections.reverse(signed);
        Collections.reverse(others);
        signed.addAll(others);
        return signed;
    }

    /** The newest peer record that {@code peer} signed, as the envelope it came in: proof for others. */
    public synchronized Optional<byte[]> signedRecord(PeerId peer) {
        var known = peers.get(peer);
        return known == null || known.envelope.length == 0 ? Optional.empty() : Optional.of(known.envelope.clone());
    }

    /** All that is known, the peer heard of last at the end. */
    synchronized List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        peers.forEach((peer, known) ->
                entries.add(new Entry(peer, new LinkedHashMap<>(known.addresses), known.envelope, known.seq)));
        return entries;
    }

    /** Grows with each change. */
    synchronized long changes() {
        return changes;
    }
}
