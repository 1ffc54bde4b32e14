/**
 * The blocks that replicate: what one commit changed in one document ({@link dev.pando.dag.Delta}), the signed commit,
 * the lists between them, and the proof that joins them (docs/rules.md §1, docs/formats/blocks.md).
 *
 * <p>Pure functions over bytes: no I/O, no clock, no randomness. May use {@code dev.pando.ipld} and the types of
 * {@code dev.pando}. Start at {@link dev.pando.dag.Delta}, then {@link dev.pando.dag.CommitBuilder} and
 * {@link dev.pando.dag.ShareVerifier}.
 */
@NullMarked
package dev.pando.dag;

import org.jspecify.annotations.NullMarked;
