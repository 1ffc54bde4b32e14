package dev.pando.sql.session;

/** What a user may do; each role may do what those after it may. */
public enum Role {
    /** All, also peers, grants, users, settings, backup and import. */
    ADMIN,
    /** Definitions and rows. */
    WRITER,
    /** Reading of rows. */
    READER,
    /** Nothing but what is granted on single tables. */
    GUEST;

    /** Whether this role includes {@code other}. */
    public boolean includes(Role other) {
        return ordinal() <= other.ordinal();
    }
}
