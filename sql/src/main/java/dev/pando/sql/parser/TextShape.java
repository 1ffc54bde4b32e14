package dev.pando.sql.parser;

import dev.pando.ColumnType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A statement's text with parameters in the places of its literals, and what the literals were: texts that differ in
 * those alone share a plan. Found by looking at the words only, so whoever plans the shape must refuse what it does not
 * know to mean the same.
 *
 * @param text with a {@code ?} for each literal
 * @param types of the literals, in order
 * @param values of the literals, as a session gives parameters
 */
public record TextShape(
        String text, List<ColumnType> types, @Nullable Object[] values) {
    /** Literals of one text at most; with more, it is planned as it is. */
    private static final int LITERALS_MAX = 1_000;

    private static final Set<String> FIRST_WORDS = Set.of("SELECT", "INSERT", "UPDATE", "DELETE");

    /** After these a literal is no value by itself, or a number is a position. */
    private static final Set<String> REFUSED = Set.of(
            "DATE",
            "TIME",
            "TIMESTAMP",
            "INTERVAL",
            "CAST",
            "ORDER",
            "GROUP",
            "OVER",
            "HAVING",
            "UNION",
            "INTERSECT",
            "EXCEPT",
            "MINUS",
            "JOIN",
            "WITH",
            "X",
            "N",
            "U",
            "SYSTEM_TIME",
            "ESCAPE",
            "CASE",
            "ARRAY",
            "UUID");

    /** The shape of a text; null when it has none that is worth keeping, or has parameters already. */
    public static @Nullable TextShape of(String sql) {
        Reading reading = new Reading(sql);
        return reading.read() && !reading.values.isEmpty()
                ? new TextShape(reading.shape.toString(), reading.types, reading.values.toArray())
                : null;
    }

    private static final class Reading {
        private final String sql;
        private final StringBuilder shape;
        private final List<ColumnType> types = new ArrayList<>();
        private final List<Object> values = new ArrayList<>();
        private int at;
        /* Whether what came before ends a value: then a sign is an operator. */
        private boolean afterValue;
        private boolean first = true;

        Reading(String sql) {
            this.sql = sql;
            this.shape = new StringBuilder(sql.length());
        }

        boolean read() {
            while (at < sql.length()) {
                if (!step(sql.charAt(at))) {
                    return false;
                }
            }
            return values.size() <= LITERALS_MAX;
        }

        private boolean step(char c) {
            if (Character.isWhitespace(c)) {
                shape.append(c);
                at++;
                return true;
            }
            if (Character.isLetter(c) || c == '_') {
                return word();
            }
            if (first) {
                return false;
            }
            if (c >= '0' && c <= '9') {
                return number(false);
            }
            return switch (c) {
                case '\'' -> text();
                case '"' -> name();
                case '-' -> minus();
                case '?', ':', '{', '\\', '[' -> false;
                case '/' -> at + 1 < sql.length() && sql.charAt(at + 1) != '*' && operator(c);
                default -> operator(c);
            };
        }

        private boolean operator(char c) {
            shape.append(c);
            at++;
            afterValue = c == ')' || c == '*';
            return c != '.' || at >= sql.length() || !Character.isDigit(sql.charAt(at));
        }

        private boolean word() {
            int begin = at;
            while (at < sql.length() && (Character.isLetterOrDigit(sql.charAt(at)) || sql.charAt(at) == '_')) {
                at++;
            }
            String word = sql.substring(begin, at).toUpperCase(Locale.ROOT);
            if (first && !FIRST_WORDS.contains(word) || REFUSED.contains(word)) {
                return false;
            }
            first = false;
            shape.append(sql, begin, at);
            afterValue = true;
            if (isOperatorWord(word)) {
                afterValue = false;
            }
            return true;
        }

        private static boolean isOperatorWord(String word) {
            return switch (word) {
                case "AND",
                        "OR",
                        "NOT",
                        "BETWEEN",
                        "IN",
                        "LIKE",
                        "VALUES",
                        "WHERE",
                        "SELECT",
                        "SET",
                        "LIMIT",
                        "OFFSET" -> true;
                default -> false;
            };
        }

        private boolean minus() {
            int next = at + 1;
            while (next < sql.length() && sql.charAt(next) == ' ') {
                next++;
            }
            if (next < sql.length() && sql.charAt(next) == '-') {
                return false;
            }
            boolean sign = !afterValue && next < sql.length() && Character.isDigit(sql.charAt(next));
            if (sign) {
                at = next;
                return number(true);
            }
            return operator('-');
        }

        private boolean number(boolean negative) {
            int begin = at;
            boolean fraction = false;
            while (at < sql.length()) {
                char c = sql.charAt(at);
                if (c == '.' && !fraction) {
                    fraction = true;
                } else if (c < '0' || c > '9') {
                    break;
                }
                at++;
            }
            boolean odd = at - begin > 18
                    || sql.charAt(at - 1) == '.'
                    || at < sql.length() && (Character.isLetter(sql.charAt(at)) || sql.charAt(at) == '_');
            if (odd) {
                return false;
            }
            String digits = sql.substring(begin, at);
            if (fraction) {
                BigDecimal value = new BigDecimal(digits);
                add(ColumnType.decimal(38, value.scale()), negative ? value.negate() : value);
            } else {
                long value = Long.parseLong(digits);
                boolean small = value == (int) value;
                add(small ? ColumnType.INTEGER : ColumnType.BIGINT, negative ? -value : value);
            }
            return true;
        }

        private void add(ColumnType type, Object value) {
            types.add(type);
            values.add(value);
            shape.append('?');
            afterValue = true;
        }

        private boolean text() {
            int end = sql.indexOf('\'', at + 1);
            boolean doubled = false;
            while (end >= 0 && end + 1 < sql.length() && sql.charAt(end + 1) == '\'') {
                doubled = true;
                end = sql.indexOf('\'', end + 2);
            }
            if (end < 0) {
                return false;
            }
            String text = sql.substring(at + 1, end);
            add(ColumnType.VARCHAR, doubled ? text.replace("''", "'") : text);
            at = end + 1;
            return true;
        }

        private boolean name() {
            int end = sql.indexOf('"', at + 1);
            if (end < 0) {
                return false;
            }
            shape.append(sql, at, end + 1);
            at = end + 1;
            afterValue = true;
            return true;
        }
    }
}
