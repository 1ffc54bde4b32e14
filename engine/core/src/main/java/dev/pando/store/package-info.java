/**
 * The durable store: a log of CARv1 segments is the only truth, maps and indexes are derived from it.
 *
 * <p>Knows blocks, transactions, keys and values, nothing of deltas or rows. May use {@link dev.pando.ipld} and
 * {@link dev.pando.PandoException}. Start reading at {@link dev.pando.store.Store}; what the files hold is in
 * {@code docs/formats/log.md}.
 */
@NullMarked
package dev.pando.store;

import org.jspecify.annotations.NullMarked;
