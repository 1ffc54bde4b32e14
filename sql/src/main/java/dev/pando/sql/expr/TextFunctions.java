package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.SqlTypes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.SqlFunctions;

/** Functions of texts. Characters are code points. */
final class TextFunctions {
    /** Characters that a function makes at most; beyond, 54000. */
    private static final int LENGTH_MAX = 16 << 20;

    private TextFunctions() {}

    static void addTo(Library.Sink sink) {
        lengths(sink);
        parts(sink);
        paddings(sink);
        patterns(sink);
        codes(sink);
    }

    private static Library.Maker text(String wanted, Library.Body body) {
        return of(ColumnType.VARCHAR, wanted, body);
    }

    private static Library.Maker of(ColumnType type, String wanted, Library.Body body) {
        return types -> Library.are(types, wanted) ? new Library.Made(type, body) : null;
    }

    private static void lengths(Library.Sink sink) {
        for (String name : List.of("CHAR_LENGTH", "CHARACTER_LENGTH", "LENGTH")) {
            sink.add(name, 1, 1, of(ColumnType.INTEGER, "T", v -> count(t(v[0]))));
        }
        sink.add(
                "STRING_TO_ARRAY",
                2,
                2,
                of(
                        SqlTypes.arrayOf(ColumnType.VARCHAR),
                        "TT",
                        v -> t(v[0]).isEmpty() ? List.of() : List.of(t(v[0]).split(Pattern.quote(t(v[1])), -1))));
        sink.add("SOUNDEX", 1, 1, text("T", v -> SqlFunctions.soundex(t(v[0]))));
        sink.add("DIFFERENCE", 2, 2, of(ColumnType.INTEGER, "TT", v ->
                (long) SqlFunctions.difference(t(v[0]), t(v[1]))));
        sink.add("LENGTH", 1, 1, of(ColumnType.INTEGER, "B", v -> (long) ((byte[]) v[0]).length));
        sink.add("OCTET_LENGTH", 1, 1, of(ColumnType.INTEGER, "B", v -> (long) ((byte[]) v[0]).length));
        sink.add("OCTET_LENGTH", 1, 1, of(ColumnType.INTEGER, "T", v -> (long) utf8(v[0]).length));
        sink.add("BIT_LENGTH", 1, 1, of(ColumnType.INTEGER, "T", v -> 8L * utf8(v[0]).length));
        sink.add("UPPER", 1, 1, text("T", v -> t(v[0]).toUpperCase(Locale.ROOT)));
        sink.add("LOWER", 1, 1, text("T", v -> t(v[0]).toLowerCase(Locale.ROOT)));
        sink.add("INITCAP", 1, 1, text("T", v -> capitals(t(v[0]))));
        sink.add("||", 2, 2, text("TT", v -> bounded(t(v[0]).length() + (long) t(v[1]).length(), t(v[0])) + t(v[1])));
        for (String name : List.of("POSITION", "LOCATE")) {
            sink.add(name, 2, 3, of(ColumnType.INTEGER, "TTI", v -> position(t(v[0]), t(v[1]), v)));
        }
        sink.add("STRPOS", 2, 2, of(ColumnType.INTEGER, "TT", v -> position(t(v[1]), t(v[0]), v)));
    }

    private static void parts(Library.Sink sink) {
        for (String name : List.of("SUBSTRING", "SUBSTR")) {
            sink.add(name, 2, 3, text("TII", v -> substring(t(v[0]), n(v[1]), v)));
        }
        sink.add("LEFT", 2, 2, text("TI", v -> slice(t(v[0]), 0, end(t(v[0]), n(v[1])))));
        sink.add("RIGHT", 2, 2, text("TI", v -> {
            long count = count(t(v[0]));
            long from = n(v[1]) < 0 ? Math.min(count, -n(v[1])) : Math.max(0, count - n(v[1]));
            return slice(t(v[0]), from, count);
        }));
        sink.add("OVERLAY", 3, 4, text("TTII", TextFunctions::overlay));
        sink.add(
                "REVERSE",
                1,
                1,
                text("T", v -> new StringBuilder(t(v[0])).reverse().toString()));
        sink.add("REPLACE", 3, 3, text("TTT", v -> t(v[1]).isEmpty() ? t(v[0]) : t(v[0]).replace(t(v[1]), t(v[2]))));
        sink.add("TRANSLATE", 3, 3, text("TTT", v -> translated(t(v[0]), t(v[1]), t(v[2]))));
        sink.add("TRANSLATE3", 3, 3, text("TTT", v -> translated(t(v[0]), t(v[1]), t(v[2]))));
        sink.add("SPLIT_PART", 3, 3, text("TTI", v -> part(t(v[0]), t(v[1]), n(v[2]))));
        sink.add("STARTS_WITH", 2, 2, of(ColumnType.BOOLEAN, "TT", v -> t(v[0]).startsWith(t(v[1]))));
    }

    private static void paddings(Library.Sink sink) {
        sink.add("TRIM", 3, 3, text("TTT", v -> trimmed(t(v[2]), t(v[1]), t(v[0]))));
        sink.add("LTRIM", 1, 2, text("TT", v -> trimmed(t(v[0]), v.length > 1 ? t(v[1]) : " ", "LEADING")));
        sink.add("RTRIM", 1, 2, text("TT", v -> trimmed(t(v[0]), v.length > 1 ? t(v[1]) : " ", "TRAILING")));
        sink.add("BTRIM", 1, 2, text("TT", v -> trimmed(t(v[0]), v.length > 1 ? t(v[1]) : " ", "BOTH")));
        sink.add("LPAD", 2, 3, text("TIT", v -> padded(v, true)));
        sink.add("RPAD", 2, 3, text("TIT", v -> padded(v, false)));
        sink.add("REPEAT", 2, 2, text("TI", v -> {
            long times = Math.max(0, n(v[1]));
            return bounded(
                            Math.multiplyHigh(times, t(v[0]).length()) != 0 ? Long.MAX_VALUE : times * t(v[0]).length(),
                            t(v[0]))
                    .repeat((int) Math.min(times, LENGTH_MAX));
        }));
        sink.add("SPACE", 1, 1, text("I", v -> " ".repeat((int) Math.max(0, Math.min(n(v[0]), LENGTH_MAX)))));
    }

    private static void patterns(Library.Sink sink) {
        sink.add(
                "REGEXP_LIKE",
                2,
                3,
                of(ColumnType.BOOLEAN, "TTT", v -> matcher(v, 2).find()));
        sink.add("REGEXP_REPLACE", 3, 4, text("TTTT", v -> {
            boolean all = v.length > 3 && t(v[3]).contains("g");
            Matcher matcher =
                    Regex.compile(t(v[1]), v.length > 3 ? t(v[3]) : "").matcher(t(v[0]));
            String by = replacement(t(v[2]));
            try {
                return all ? matcher.replaceAll(by) : matcher.replaceFirst(by);
            } catch (IndexOutOfBoundsException e) {
                throw PandoSqlState.BAD_REGEX.exception(
                        "'" + t(v[2]) + "' names a group that '" + t(v[1]) + "' does not have", e);
            }
        }));
    }

    private static void codes(Library.Sink sink) {
        sink.add(
                "ASCII",
                1,
                1,
                of(ColumnType.INTEGER, "T", v -> t(v[0]).isEmpty() ? 0L : (long) t(v[0]).codePointAt(0)));
        sink.add("CHR", 1, 1, text("I", v -> character(n(v[0]))));
        hash(sink, "MD5", "MD5");
        hash(sink, "SHA1", "SHA-1");
        hash(sink, "SHA256", "SHA-256");
        hash(sink, "SHA512", "SHA-512");
        sink.add("TO_HEX", 1, 1, text("B", v -> HexFormat.of().formatHex((byte[]) v[0])));
        sink.add("TO_HEX", 1, 1, text("I", v -> Long.toHexString(n(v[0]))));
    }

    private static void hash(Library.Sink sink, String name, String algorithm) {
        sink.add(name, 1, 1, text("T", v -> hash(algorithm, utf8(v[0]))));
        sink.add(name, 1, 1, text("B", v -> hash(algorithm, (byte[]) v[0])));
    }

    private static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm + " is in every JDK", e);
        }
    }

    private static String t(Object value) {
        return (String) value;
    }

    private static long n(Object value) throws SQLException {
        if (value instanceof Long number) {
            return number;
        }
        throw PandoSqlState.OUT_OF_RANGE.exception(value + " is no whole number");
    }

    private static byte[] utf8(Object text) {
        return t(text).getBytes(StandardCharsets.UTF_8);
    }

    private static long count(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String bounded(long length, String text) throws SQLException {
        if (length > LENGTH_MAX) {
            throw PandoSqlState.TOO_LARGE.exception("a text of more than " + LENGTH_MAX + " characters");
        }
        return text;
    }

    /* Code points from one place up to another, both counted from 0. */
    private static String slice(String text, long from, long to) {
        if (from >= to) {
            return "";
        }
        boolean plain = count(text) == text.length();
        return plain
                ? text.substring((int) from, (int) to)
                : text.substring(text.offsetByCodePoints(0, (int) from), text.offsetByCodePoints(0, (int) to));
    }

    private static long end(String text, long length) {
        long count = count(text);
        return length < 0 ? Math.max(0, count + length) : Math.min(count, length);
    }

    private static String substring(String text, long from, Object[] v) throws SQLException {
        long count = count(text);
        long start = from;
        long end = count + 1;
        if (v.length > 2) {
            long length = n(v[2]);
            if (length < 0) {
                throw PandoSqlState.SUBSTRING.exception("a negative length of a part of a text: " + length);
            }
            end = length > count - Math.min(from, 0) + 1 ? end : Math.min(end, from + length);
        }
        start = Math.max(1, Math.min(start, count + 1));
        return slice(text, start - 1, Math.max(start, end) - 1);
    }

    private static long position(String part, String text, Object[] v) throws SQLException {
        long from = v.length > 2 ? n(v[2]) : 1;
        if (from < 1 || from > count(text) + 1) {
            return 0;
        }
        int found = text.indexOf(part, text.offsetByCodePoints(0, (int) from - 1));
        return found < 0 ? 0 : text.codePointCount(0, found) + 1L;
    }

    private static String overlay(Object[] v) throws SQLException {
        String text = t(v[0]);
        long from = n(v[2]);
        long length = v.length > 3 ? n(v[3]) : count(t(v[1]));
        if (from < 1) {
            throw PandoSqlState.SUBSTRING.exception("OVERLAY begins at 1 or later, not at " + from);
        }
        long count = count(text);
        long begin = Math.min(count, from - 1);
        long rest = Math.max(0, Math.min(count, begin + length));
        return slice(text, 0, begin) + t(v[1]) + slice(text, rest, count);
    }

    private static String capitals(String text) {
        StringBuilder made = new StringBuilder();
        boolean inside = false;
        for (int point : text.codePoints().toArray()) {
            made.appendCodePoint(inside ? Character.toLowerCase(point) : Character.toUpperCase(point));
            inside = Character.isLetterOrDigit(point);
        }
        return made.toString();
    }

    private static String translated(String text, String from, String to) {
        int[] source = from.codePoints().toArray();
        int[] target = to.codePoints().toArray();
        StringBuilder made = new StringBuilder();
        for (int point : text.codePoints().toArray()) {
            int at = 0;
            while (at < source.length && source[at] != point) {
                at++;
            }
            if (at == source.length) {
                made.appendCodePoint(point);
            } else if (at < target.length) {
                made.appendCodePoint(target[at]);
            }
        }
        return made.toString();
    }

    private static String part(String text, String delimiter, long number) throws SQLException {
        if (number == 0) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception("SPLIT_PART counts from 1, or from −1 at the end");
        }
        String[] parts = delimiter.isEmpty() ? new String[] {text} : text.split(Pattern.quote(delimiter), -1);
        long at = number < 0 ? parts.length + number : number - 1;
        return at < 0 || at >= parts.length ? "" : parts[(int) at];
    }

    private static String trimmed(String text, String characters, String side) {
        int[] points = text.codePoints().toArray();
        Set set = new Set(characters);
        int from = 0;
        int to = points.length;
        while (!side.equals("TRAILING") && from < to && set.has(points[from])) {
            from++;
        }
        while (!side.equals("LEADING") && to > from && set.has(points[to - 1])) {
            to--;
        }
        return new String(points, from, to - from);
    }

    private record Set(String characters) {
        boolean has(int point) {
            return characters.indexOf(point) >= 0;
        }
    }

    private static String padded(Object[] v, boolean left) throws SQLException {
        int[] text = t(v[0]).codePoints().toArray();
        int[] fill = (v.length > 2 ? t(v[2]) : " ").codePoints().toArray();
        long length = Math.max(0, n(v[1]));
        bounded(length, "");
        int wanted = (int) length;
        if (text.length >= wanted || fill.length == 0) {
            return new String(text, 0, Math.min(text.length, wanted));
        }
        int[] made = new int[wanted];
        int missing = wanted - text.length;
        for (int i = 0; i < missing; i++) {
            made[left ? i : text.length + i] = fill[i % fill.length];
        }
        System.arraycopy(text, 0, made, left ? missing : 0, text.length);
        return new String(made, 0, wanted);
    }

    private static Matcher matcher(Object[] v, int flags) throws SQLException {
        return Regex.compile(t(v[1]), v.length > flags ? t(v[flags]) : "").matcher(t(v[0]));
    }

    /* PostgreSQL writes \1 for what Java writes $1. */
    private static String replacement(String text) {
        return Pattern.compile("\\\\([0-9])|[$\\\\]")
                .matcher(text)
                .replaceAll(found -> found.group(1) == null
                        ? Matcher.quoteReplacement("\\" + found.group())
                        : Matcher.quoteReplacement("$" + found.group(1)));
    }

    private static String character(long code) throws SQLException {
        if (code < 1 || code > Character.MAX_CODE_POINT || code >= 0xd800 && code <= 0xdfff) {
            throw PandoSqlState.OUT_OF_RANGE.exception(code + " is no character");
        }
        return Character.toString((int) code);
    }
}
