/**
 * The parts that a multiaddress is made of: their codes, names, and the text and bytes of their values. Start at
 * {@link dev.pando.libp2p.multiaddr.Protocol}.
 */
@NullMarked
package dev.pando.libp2p.multiaddr;

import org.jspecify.annotations.NullMarked;
