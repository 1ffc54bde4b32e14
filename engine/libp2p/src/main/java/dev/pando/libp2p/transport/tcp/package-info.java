/**
 * Connections over TCP, secured by Noise, multiplexed by Yamux. Netty is used here and nowhere else; only its NIO
 * transport, on threads of the host's own. Start at {@link dev.pando.libp2p.transport.tcp.TcpTransport}; what happens to
 * a connection before it is proven is in {@link dev.pando.libp2p.transport.tcp.Upgrade}, without I/O.
 */
@NullMarked
package dev.pando.libp2p.transport.tcp;

import org.jspecify.annotations.NullMarked;
