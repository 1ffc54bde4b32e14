package dev.pando.sql.session;

/** Isolation levels that are kept; others are refused with 0A000 rather than weakened in silence. */
public enum Isolation {
    /** Each statement sees what was committed when it began. */
    READ_COMMITTED("READ COMMITTED"),
    /** Each transaction sees what was committed when it began; a row changed since is 40001 when written. */
    REPEATABLE_READ("REPEATABLE READ");

    private final String sql;

    Isolation(String sql) {
        this.sql = sql;
    }

    /** The level as SQL spells it. */
    public String sql() {
        return sql;
    }
}
