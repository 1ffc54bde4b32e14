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

    SessionSettings(LocalObjects objects) {
        this.objects = objects;
    }

    /** How long a write waits for another local writer. */
    Duration lockTimeout() {
        return Duration.ofMillis(value(SystemSetting.LOCK_TIMEOUT));
    }

    /** After which a statement ends with 57014; zero is no limit. */
    Duration statementTimeout() {
        return Duration.ofMillis(value(SystemSetting.STATEMENT_TIMEOUT));
    }

    /** Bytes that the operators of a statement may hold; beyond, it ends with 53200. */
    long queryMemory() {
        long set = value(SystemSetting.QUERY_MEMORY);
        return set == 0 ? MemoryBudget.DEFAULT_BYTES : set;
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
    }

    static boolean flag(String name, String value) throws SQLException {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "on", "true", "1" -> true;
            case "off", "false", "0" -> false;
            default -> throw PandoSqlState.BAD_PARAMETER_VALUE.exception(name + " is on or off, not '" + value + "'");
        };
    }
}
