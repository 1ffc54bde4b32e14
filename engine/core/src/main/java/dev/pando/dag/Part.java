package dev.pando.dag;

import dev.pando.ipld.Cid;

/**
 * A commit's deltas of one collection.
 *
 * @param count how many
 * @param root the delta itself when {@code count} is 1, else a {@link ListBlock}
 */
public record Part(int count, Cid root) {}
