package dev.pando.jdbc;

/** The version of this driver. */
final class Version {
    private static final String TEXT = "0.1.0";

    private Version() {}

    static String text() {
        return TEXT;
    }

    static int major() {
        return 0;
    }

    static int minor() {
        return 1;
    }
}
