/**
 * Queries through Calcite: validation, planning, code generation, and the scans that read the engine. Start at
 * {@link dev.pando.sql.plan.QueryPlanner}.
 */
@NullMarked
package dev.pando.sql.plan;

import org.jspecify.annotations.NullMarked;
