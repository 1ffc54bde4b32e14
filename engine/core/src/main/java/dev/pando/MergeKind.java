package dev.pando;

/** What happens to writes of one column that did not see each other (docs/rules.md §3). */
public enum MergeKind {
    /** The greatest stamp wins. */
    LAST("set"),
    /** Increments add up: {@code COUNTER}. */
    SUM("add"),
    /** The greatest value wins. */
    MAX("max"),
    /** The least value wins. */
    MIN("min");

    private final String op;

    MergeKind(String op) {
        this.op = op;
    }

    /** The name of its op in a delta, and in the column's id. */
    public String op() {
        return op;
    }
}
