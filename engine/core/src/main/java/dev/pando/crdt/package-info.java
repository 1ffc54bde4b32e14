/**
 * Merging: what the deltas of one document add up to, in whatever causal order they come (docs/rules.md §3).
 *
 * <p>Pure functions. May use {@code dev.pando.dag} and {@code dev.pando.ipld}. Start at
 * {@link dev.pando.crdt.DocumentState}; {@link dev.pando.crdt.SlowFold} says the same once more, naively, for tests.
 */
@NullMarked
package dev.pando.crdt;

import org.jspecify.annotations.NullMarked;
