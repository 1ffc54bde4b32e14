package dev.pando.jdbc.connection;

import java.util.Locale;

/**
 * A statement's text without the JDBC escape around a call.
 *
 * @param returns whether the escape was <code>{? = call …}</code>
 */
record CallEscape(String sql, boolean returns) {

    static CallEscape parse(String text) {
        String sql = text.strip();
        if (!sql.startsWith("{") || !sql.endsWith("}")) {
            return new CallEscape(text, false);
        }
        String inner = sql.substring(1, sql.length() - 1).strip();
        boolean returns = inner.startsWith("?");
        if (returns) {
            String rest = inner.substring(1).strip();
            if (!rest.startsWith("=")) {
                return new CallEscape(text, false);
            }
            inner = rest.substring(1).strip();
        }
        if (!inner.toLowerCase(Locale.ROOT).matches("call\\s(?s:.*)")) {
            return new CallEscape(text, false);
        }
        /* Parentheses are optional in the escape, and needed in SQL. */
        return new CallEscape(inner.endsWith(")") ? inner : inner + "()", returns);
    }
}
