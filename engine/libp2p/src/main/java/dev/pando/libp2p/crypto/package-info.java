/**
 * Signatures of all identity key types, and key agreement, over the BouncyCastle lightweight API, or {@link
 * dev.pando.libp2p.crypto.Conscrypt} where it is: no security provider is registered. May use nothing else of the stack but the key types. Start at {@link dev.pando.libp2p.crypto.Signatures}.
 */
@NullMarked
package dev.pando.libp2p.crypto;

import org.jspecify.annotations.NullMarked;
