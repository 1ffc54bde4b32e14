package dev.pando.store;

import dev.pando.ipld.Cid;
import org.jspecify.annotations.Nullable;

/**
 * A boundary between two transactions.
 *
 * @param position behind the marker of {@code sequence}
 * @param sequence of the last transaction before; 0 when there is none
 * @param marker of that transaction
 */
record LogEnd(long position, long sequence, @Nullable Cid marker) {}
