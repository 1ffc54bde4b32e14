package dev.pando;

import org.jspecify.annotations.Nullable;

/**
 * Inserts rows of one table that name the same columns: what they have in common is looked up once. Made by
 * {@link Transaction#inserter}, and used by one thread at a time as its transaction is.
 */
public interface Inserter {

    /**
     * Inserts a row; when it fails nothing of that row is written.
     *
     * @param values one for each column of the table; null where not named or NULL. The caller may use the array again
     * @throws PandoException as {@link Transaction#insert} does
     */
    Row insert(@Nullable Object[] values);
}
