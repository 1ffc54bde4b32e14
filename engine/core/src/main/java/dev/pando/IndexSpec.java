package dev.pando;

import java.util.List;

/** What CREATE INDEX asks for. */
public record IndexSpec(String name, List<Part> parts, boolean unique) {

    /** One column of an index. */
    public record Part(String column, boolean descending) {}

    /** An index over these columns, each ascending. */
    public static IndexSpec ascending(String name, List<String> columns, boolean unique) {
        return new IndexSpec(
                name, columns.stream().map(column -> new Part(column, false)).toList(), unique);
    }
}
