/**
 * Yamux: many streams over one connection, each with a window of its own, without I/O. Start at
 * {@link dev.pando.libp2p.yamux.YamuxSession}. May use the transport seam.
 */
@NullMarked
package dev.pando.libp2p.yamux;

import org.jspecify.annotations.NullMarked;
