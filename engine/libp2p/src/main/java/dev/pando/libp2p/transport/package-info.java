/**
 * The seam between the host and what carries its bytes: connections that are proven and multiplexed already. Start at
 * {@link dev.pando.libp2p.transport.Transport}. May use the root package.
 */
@NullMarked
package dev.pando.libp2p.transport;

import org.jspecify.annotations.NullMarked;
