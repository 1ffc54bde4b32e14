/**
 * Whole-process measures of Pando beside its rivals, in one run, one JSON line each. Uses JDBC only. Start at {@link
 * dev.pando.benchmarks.Benchmarks}.
 */
@NullMarked
package dev.pando.benchmarks;

import org.jspecify.annotations.NullMarked;
