/**
 * Signed envelopes, and the peer records in them. Start at {@link dev.pando.libp2p.record.Envelope}. May use the root
 * package.
 */
@NullMarked
package dev.pando.libp2p.record;

import org.jspecify.annotations.NullMarked;
