/**
 * multistream-select, without I/O: two sides agree on a protocol by name. Start at
 * {@link dev.pando.libp2p.multistream.Negotiation}.
 */
@NullMarked
package dev.pando.libp2p.multistream;

import org.jspecify.annotations.NullMarked;
