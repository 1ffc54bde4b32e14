/**
 * The engine: wires model, store and network together behind the public API of {@code dev.pando}.
 *
 * <p>Uses every other package of this module and is used by none. Start at {@link dev.pando.engine.Committer}, the one
 * door through which all change enters; {@link dev.pando.engine.EngineImpl} shows how the parts hang together.
 */
@NullMarked
package dev.pando.engine;

import org.jspecify.annotations.NullMarked;
