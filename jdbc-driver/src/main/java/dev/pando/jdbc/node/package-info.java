/**
 * The engines of this process: opened when first asked for, shared, closed with their last lease.
 *
 * <p>Start at {@link dev.pando.jdbc.node.Nodes}. Uses the engine's public API, SQL's session seam and the SQL port.
 */
@NullMarked
package dev.pando.jdbc.node;

import org.jspecify.annotations.NullMarked;
