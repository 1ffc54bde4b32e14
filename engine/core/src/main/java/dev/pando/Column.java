package dev.pando;

import java.util.Optional;

/**
 * One shown column of a table.
 *
 * @param ordinal its place, from 0
 * @param id the column id {@code <folded name>:<type family>:<merge kind>} of docs/rules.md §3
 * @param name as the user wrote it
 * @param nullable whether a local write may leave it NULL; a merge may all the same
 * @param defaultSql text of the DEFAULT expression
 * @param identity whether the engine makes its values when none is given
 * @param comment of COMMENT ON COLUMN; replicated
 */
public record Column(
        int ordinal,
        String id,
        String name,
        ColumnType type,
        MergeKind merge,
        boolean nullable,
        Optional<String> defaultSql,
        boolean identity,
        Optional<String> comment) {}
