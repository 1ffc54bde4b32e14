package dev.pando;

import java.util.List;

/**
 * A local ordered index.
 *
 * @param columns ordinals of the table's columns, in index order
 * @param descending for each column, whether its values stand in descending order; NULLs are the greatest, so they sort
 *     last in an ascending column and first in a descending one
 */
public record Index(
        String schema,
        String name,
        String tableName,
        List<Integer> columns,
        List<Boolean> descending,
        boolean unique) {}
