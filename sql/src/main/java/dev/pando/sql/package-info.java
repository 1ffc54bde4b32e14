/**
 * SQL over the engine: grammar, schema, planning and execution. Uses the engine's public API {@code dev.pando} and
 * Calcite. Start at {@link dev.pando.sql.session.Database}, the seam through which statements come in.
 */
@NullMarked
package dev.pando.sql;

import org.jspecify.annotations.NullMarked;
