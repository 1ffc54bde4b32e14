package dev.pando.sql.session;

/** A warning that goes with a statement's success. */
public record SqlWarningInfo(String message, String sqlState) {
    /** Warnings that a session keeps; later ones are dropped until they are cleared. */
    public static final int KEPT_MAX = 100;
}
