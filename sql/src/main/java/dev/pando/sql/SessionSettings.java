package dev.pando.sql;

import dev.pando.sql.catalog.LocalObjects;
import dev.pando.sql.catalog.SystemSetting;
import dev.pando.sql.plan.MemoryBudget;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code SET name = value} sets for one session. */
final class SessionSettings {
    private final LocalObjects objects;
    private final Map<SystemSetting, Long> own = new EnumMap<>(SystemSetting.class);
    private Effective effective;

    /**
     * What holds now.
     *
     * @param version of the node's settings that it was made of
     * @param lockTimeout how long a write waits for another local writer
     * @param statementTimeout after which a statement ends with 57014; zero is no limit
     * @param idleTimeout after which a transaction that nobody uses is rolled back; zero is no limit
     * @param queryMemory bytes that the operators of a statement may hold; beyond, it ends with 53200
     */
    record Effective(
            long version, Duration lockTimeout, Duration statementTimeout, Duration idleTimeout, long queryMemory) {}

    SessionSettings(LocalObjects objects) {
        this.objects = objects;
        this.effective = read();
    }

    /** What holds for the next statement. */
    Effective now() {
        if (effective.version != objects.settingsVersion()) {
            effective = read();
        }
        return effective;
    }

    Duration lockTimeout() {
        return now().lockTimeout();
    }

    private Effective read() {
        long version = objects.settingsVersion();
        long memory = value(SystemSetting.QUERY_MEMORY);
        return new Effective(
                version,
                Duration.ofMillis(value(SystemSetting.LOCK_TIMEOUT)),
                Duration.ofMillis(value(SystemSetting.STATEMENT_TIMEOUT)),
                Duration.ofMillis(value(SystemSetting.IDLE_TIMEOUT)),
                memory == 0 ? MemoryBudget.DEFAULT_BYTES : memory);
    }

    /* Sessions that set nothing follow the node. */
    private long value(SystemSetting setting) {
        Long set = own.get(setting);
        return set == null ? Long.parseLong(objects.setting(setting)) : set;
    }

    void set(String name, @Nullable String value) throws SQLException {
        SystemSetting setting = SystemSetting.of(name, "");
        if (!setting.perSession()) {
            throw PandoSqlState.NOT_SUPPORTED.exception(
                    name + " is one for the whole node: ALTER SYSTEM SET " + setting.sqlName());
        }
        if (value == null) {
            own.remove(setting);
        } else {
            own.put(setting, setting.parse(value));
        }
        effective = read();
    }

    static boolean flag(String name, String value) throws SQLException {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "on", "true", "1" -> true;
            case "off", "false", "0" -> false;
            default -> throw PandoSqlState.BAD_PARAMETER_VALUE.exception(name + " is on or off, not '" + value + "'");
        };
    }
}
