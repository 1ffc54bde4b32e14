/**
 * Collections as tables: type conversion, keys and their order, the stored row and its lazy view, definitions that
 * replicate, from changed rows to deltas, clock and fingerprint.
 *
 * <p>Pure functions and small values; no I/O, no clock. May use {@code dev.pando.crdt}, {@code dev.pando.dag},
 * {@code dev.pando.ipld} and the types of {@code dev.pando}. Start at {@link dev.pando.collection.Definition} and
 * {@link dev.pando.collection.RowCodec}.
 */
@NullMarked
package dev.pando.collection;

import org.jspecify.annotations.NullMarked;
