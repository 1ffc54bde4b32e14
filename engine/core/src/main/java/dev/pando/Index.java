package dev.pando;

import java.util.List;

/**
 * A local ordered index.
 *
 * @param columns ordinals of the table's columns, in index order; NULLs sort last
 */
public record Index(String schema, String name, String tableName, List<Integer> columns, boolean unique) {}
