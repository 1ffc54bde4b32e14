/**
 * The host over any transport: connections by peer, dialling, agreeing on protocols for streams, knowing peers. Start at
 * {@link dev.pando.libp2p.host.Swarm}. May use the transport seam, multistream-select and the protocols every host
 * speaks; knows no Netty.
 */
@NullMarked
package dev.pando.libp2p.host;

import org.jspecify.annotations.NullMarked;
