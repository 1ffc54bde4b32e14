/**
 * {@code /ipfs/ping/1.0.0}: 32 bytes there and back. Start at {@link dev.pando.libp2p.protocol.ping.PingProtocol}.
 */
@NullMarked
package dev.pando.libp2p.protocol.ping;

import org.jspecify.annotations.NullMarked;
