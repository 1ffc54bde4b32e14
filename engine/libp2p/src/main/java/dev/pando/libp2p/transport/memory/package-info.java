/**
 * Connections within the process, for tests and simulations: no sockets and no encryption, but the multiplexer and the
 * backpressure of the real ones. Start at {@link dev.pando.libp2p.transport.memory.MemoryTransport}.
 */
@NullMarked
package dev.pando.libp2p.transport.memory;

import org.jspecify.annotations.NullMarked;
