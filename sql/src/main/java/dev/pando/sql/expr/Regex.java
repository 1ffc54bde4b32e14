package dev.pando.sql.expr;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions, as Java has them. */
final class Regex {
    /** Characters of a pattern at most: a longer one can take very long to match; beyond, 2201B. */
    private static final int LENGTH_MAX = 10_000;

    private Regex() {}

    /**
     * @param flags {@code i} for any case, {@code s} for a point that matches line ends too, {@code m} for lines; {@code
     *     c} and {@code g} mean something to the caller
     */
    static Pattern compile(String pattern, String flags) throws SQLException {
        if (pattern.length() > LENGTH_MAX) {
            throw PandoSqlState.BAD_REGEX.exception("a regular expression has at most " + LENGTH_MAX + " characters");
        }
        int bits = 0;
        for (char flag : flags.toCharArray()) {
            bits |= switch (flag) {
                case 'i' -> Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                case 's' -> Pattern.DOTALL;
                case 'm', 'n' -> Pattern.MULTILINE;
                case 'c', 'g' -> 0;
                default ->
                    throw PandoSqlState.BAD_REGEX.exception(
                            "'" + flag + "' is no flag of regular expressions: expected i, c, s, m or g");
            };
        }
        try {
            return Pattern.compile(pattern, bits);
        } catch (PatternSyntaxException e) {
            throw PandoSqlState.BAD_REGEX.exception(
                    "'" + pattern + "' is no regular expression: " + e.getDescription(), e);
        }
    }
}
