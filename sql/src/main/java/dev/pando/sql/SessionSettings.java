package dev.pando.sql;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code SET name = value} sets for one session. */
final class SessionSettings {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    private Duration lockTimeout = LOCK_TIMEOUT;
    private Duration statementTimeout = Duration.ZERO;

    /** How long a write waits for another local writer. */
    Duration lockTimeout() {
        return lockTimeout;
    }

    /** After which a statement ends with 57014; zero is no limit. */
    Duration statementTimeout() {
        return statementTimeout;
    }

    void set(String name, @Nullable String value) throws SQLException {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "lock_timeout" -> lockTimeout = value == null ? LOCK_TIMEOUT : millis(name, value);
            case "statement_timeout" -> statementTimeout = value == null ? Duration.ZERO : millis(name, value);
            default ->
                throw PandoSqlState.NO_OBJECT.exception("there is no setting '" + name
                        + "'; there are autocommit, lock_timeout (ms) and statement_timeout (ms)");
        }
    }

    private static Duration millis(String name, String value) throws SQLException {
        try {
            long millis = Long.parseLong(value.strip());
            if (millis >= 0) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException e) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                    name + " is a number of milliseconds, not '" + value + "'", e);
        }
        throw PandoSqlState.BAD_PARAMETER_VALUE.exception(name + " is not negative");
    }

    static boolean flag(String name, String value) throws SQLException {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "on", "true", "1" -> true;
            case "off", "false", "0" -> false;
            default -> throw PandoSqlState.BAD_PARAMETER_VALUE.exception(name + " is on or off, not '" + value + "'");
        };
    }
}
