package dev.pando.sql.expr;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** LIKE patterns. */
final class Like {
    private Like() {}

    /** The pattern as a regular expression; {@code escape} is −1 for none. */
    static Pattern compile(String pattern, int escape, boolean ignoreCase) throws SQLException {
        StringBuilder regex = new StringBuilder();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == escape) {
                if (++i == pattern.length()) {
                    throw PandoSqlState.BAD_PARAMETER_VALUE.exception("the pattern ends with its escape character");
                }
                literal.append(pattern.charAt(i));
            } else if (c == '%' || c == '_') {
                regex.append(Pattern.quote(literal.toString())).append(c == '%' ? ".*" : ".");
                literal.setLength(0);
            } else {
                literal.append(c);
            }
        }
        regex.append(Pattern.quote(literal.toString()));
        int flags = ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
        return Pattern.compile(regex.toString(), flags | Pattern.DOTALL);
    }
}
