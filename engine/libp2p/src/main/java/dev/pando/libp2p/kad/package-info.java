/**
 * The Kademlia distributed hash table: finding peers, and the peers that provide something, without asking everybody.
 *
 * <p>{@link dev.pando.libp2p.kad.RoutingTable} and {@link dev.pando.libp2p.kad.Lookup} are the algorithm without I/O,
 * {@link dev.pando.libp2p.kad.KadServer} what a node answers, {@link dev.pando.libp2p.kad.KadCodec} the wire format;
 * {@link dev.pando.libp2p.kad.Kademlia} binds them to a host and is where users start. Specification: {@code
 * kad-dht/README.md} of libp2p/specs, after Maymounkov and Mazières, 2002; deviations: docs/formats/libp2p.md.
 */
@NullMarked
package dev.pando.libp2p.kad;

import org.jspecify.annotations.NullMarked;
