package dev.pando.libp2p;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a peer says about itself.
 *
 * @param listenAddresses where it says it can be dialled; unproven
 * @param protocols what it serves
 * @param observedAddress our address as the peer sees it; one observer is no proof of it
 * @param recordSeq the sequence number of the signed peer record that came with it, when there was a valid one; the
 *     listen addresses are then those of the record
 */
public record Identify(
        PeerId peer,
        String protocolVersion,
        String agentVersion,
        List<Multiaddr> listenAddresses,
        Set<String> protocols,
        Optional<Multiaddr> observedAddress,
        Optional<Long> recordSeq) {
    public Identify {
        listenAddresses = List.copyOf(listenAddresses);
        protocols = Set.copyOf(protocols);
    }
}
