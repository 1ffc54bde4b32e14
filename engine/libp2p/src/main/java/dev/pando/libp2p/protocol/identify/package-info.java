/**
 * {@code /ipfs/id/1.0.0} and {@code /ipfs/id/push/1.0.0}: peers tell each other who they are, where they listen and what
 * they serve. Start at {@link dev.pando.libp2p.protocol.identify.IdentifyProtocol}; the messages are in
 * {@link dev.pando.libp2p.protocol.identify.IdentifyCodec}.
 */
@NullMarked
package dev.pando.libp2p.protocol.identify;

import org.jspecify.annotations.NullMarked;
