/**
 * Queries without code generation: operators that are made straight of Calcite's logical tree and that count the memory
 * they hold. May use {@code expr}, {@code plan} and {@code types}. Start at {@link dev.pando.sql.run.OperatorBuilder};
 * what it refuses goes to Calcite's planner.
 */
@NullMarked
package dev.pando.sql.run;

import org.jspecify.annotations.NullMarked;
