/**
 * What names mean: the engine's tables, views, {@code sys} and {@code INFORMATION_SCHEMA}, as the planner sees them.
 * Start at {@link dev.pando.sql.catalog.SchemaSnapshot}.
 */
@NullMarked
package dev.pando.sql.catalog;

import org.jspecify.annotations.NullMarked;
