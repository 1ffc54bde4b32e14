package dev.pando.sql.session;

/** Who a session acts as. */
public record SessionUser(String name, Role role) {
    /** Whom embedded connections act as when they name nobody. */
    public static final SessionUser ADMIN = new SessionUser("admin", Role.ADMIN);
}
