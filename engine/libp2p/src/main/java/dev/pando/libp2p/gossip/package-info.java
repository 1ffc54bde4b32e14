/**
 * Publish and subscribe by gossip: gossipsub 1.0, 1.1 and 1.2, and floodsub.
 *
 * <p>{@link dev.pando.libp2p.gossip.GossipRouter} is the protocol as a state machine without I/O: inputs and time in,
 * messages to send and to deliver out; {@link dev.pando.libp2p.gossip.GossipCodec} its wire format; {@link
 * dev.pando.libp2p.gossip.Gossip} binds both to a host, and is where users start. Specification: {@code pubsub/README.md},
 * {@code pubsub/gossipsub/} of libp2p/specs; deviations: docs/formats/libp2p.md.
 */
@NullMarked
package dev.pando.libp2p.gossip;

import org.jspecify.annotations.NullMarked;
