package dev.pando.jdbc.connection;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A pattern of JDBC metadata: {@code %} any characters, {@code _} one, {@code \} takes the next as it is. No case. */
final class NamePattern {
    private final @Nullable Pattern pattern;

    private NamePattern(@Nullable Pattern pattern) {
        this.pattern = pattern;
    }

    /** @param text null matches all */
    static NamePattern of(@Nullable String text) {
        if (text == null || text.equals("%")) {
            return new NamePattern(null);
        }
        StringBuilder regex = new StringBuilder();
        boolean escaped = false;
        for (char c : text.toCharArray()) {
            if (!escaped && c == '\\') {
                escaped = true;
                continue;
            }
            if (!escaped && c == '%') {
                regex.append(".*");
            } else if (!escaped && c == '_') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
            escaped = false;
        }
        return new NamePattern(
                Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL));
    }

    /** Matches one name exactly, without regard to case; null matches all. */
    static NamePattern exactly(@Nullable String name) {
        return name == null
                ? new NamePattern(null)
                : new NamePattern(Pattern.compile(
                        Pattern.quote(name.toLowerCase(Locale.ROOT)), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
    }

    boolean matches(@Nullable String name) {
        return pattern == null || name != null && pattern.matcher(name).matches();
    }
}
