package dev.pando.sql.expr;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** Patterns of LIKE and SIMILAR TO. */
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

    /** The pattern of SIMILAR TO, whose regular expressions have {@code %} and {@code _} too. */
    static Pattern similar(String pattern, int escape) throws SQLException {
        StringBuilder regex = new StringBuilder();
        boolean inSet = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == escape) {
                if (++i == pattern.length()) {
                    throw PandoSqlState.BAD_PARAMETER_VALUE.exception("the pattern ends with its escape character");
                }
                regex.append(quoted(pattern.charAt(i)));
                continue;
            }
            inSet = c == '[' || inSet && c != ']';
            if (inSet || "|*+?{}()],".indexOf(c) >= 0) {
                regex.append(c == '\\' ? "\\\\" : String.valueOf(c));
            } else {
                regex.append(c == '%' ? ".*" : c == '_' ? "." : quoted(c));
            }
        }
        return Regex.compile(regex.toString(), "s");
    }

    private static String quoted(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c) ? String.valueOf(c) : "\\" + c;
    }
}
