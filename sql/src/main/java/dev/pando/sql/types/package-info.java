/**
 * The SQL types between three worlds: the engine's values, the planner's runtime values, and those of the session's
 * seam. Start at {@link dev.pando.sql.types.SqlTypes}.
 */
@NullMarked
package dev.pando.sql.types;

import org.jspecify.annotations.NullMarked;
