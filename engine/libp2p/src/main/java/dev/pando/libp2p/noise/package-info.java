/**
 * The Noise handshake and the encrypted channel after it, without I/O: bytes in, bytes out.
 * {@link dev.pando.libp2p.noise.XxHandshake} is Noise itself, {@link dev.pando.libp2p.noise.NoiseHandshake} what libp2p
 * makes of it; start there. May use the keys of the root package.
 */
@NullMarked
package dev.pando.libp2p.noise;

import org.jspecify.annotations.NullMarked;
