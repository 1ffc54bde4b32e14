/**
 * A libp2p stack: hosts that know each other by {@link dev.pando.libp2p.PeerId}, dial each other by
 * {@link dev.pando.libp2p.Multiaddr} and talk over {@link dev.pando.libp2p.Stream}s.
 *
 * <p>May use {@code dev.pando.ipld}; Netty is used below this package and never shows in it. Start reading at
 * {@link dev.pando.libp2p.Host}.
 */
@NullMarked
package dev.pando.libp2p;

import org.jspecify.annotations.NullMarked;
