/**
 * What names mean: the engine's tables, views, {@code sys} and {@code INFORMATION_SCHEMA}, as the planner sees them.
 * Start at {@link dev.pando.sql.catalog.SchemaSnapshot}.
 *
 * <p>A table more in {@code sys} is one method in one file: in {@code SysReplicationTables} when it is about other nodes,
 * else in {@code SysTables}. The method returns a {@link dev.pando.sql.catalog.SystemTable} of columns and of a function
 * that makes rows of the engine's API, and {@code all()} there names it; metadata and golden scripts see it at once.
 */
@NullMarked
package dev.pando.sql.catalog;

import org.jspecify.annotations.NullMarked;
