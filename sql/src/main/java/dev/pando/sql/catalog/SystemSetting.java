package dev.pando.sql.catalog;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What {@code ALTER SYSTEM SET} sets, durably, for this node. Sessions may have another value of some, by SET. */
public enum SystemSetting {
    LOCK_TIMEOUT("10000", 0, Integer.MAX_VALUE, true, "ms that a write waits for another local writer"),
    STATEMENT_TIMEOUT("0", 0, Integer.MAX_VALUE, true, "ms after which a statement ends with 57014; 0: never"),
    IDLE_TIMEOUT(
            "0",
            0,
            Integer.MAX_VALUE,
            true,
            "ms after which a transaction that nobody uses is rolled back, with 25P03; 0: never"),
    QUERY_MEMORY(
            "0",
            0,
            Long.MAX_VALUE,
            true,
            "bytes that a statement's sorts, joins and groups may hold; 0: 256 MiB, but not over a tenth of the heap"),
    NODE_NUMBER("", 0, 16_383, false, "tells this node's generated keys from others'; by default from the Peer ID"),
    AUTO_CREATE("0", 0, 1, false, "1: tables that peers push and this node lacks are made here; 0: they are not");

    private final String byDefault;
    private final long least;
    private final long greatest;
    private final boolean perSession;
    private final String description;

    SystemSetting(String byDefault, long least, long greatest, boolean perSession, String description) {
        this.byDefault = byDefault;
        this.least = least;
        this.greatest = greatest;
        this.perSession = perSession;
        this.description = description;
    }

    /** The name as SQL says it. */
    public String sqlName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value when none was set. */
    public String byDefault() {
        return byDefault;
    }

    /** Whether SET gives a session a value of its own. */
    public boolean perSession() {
        return perSession;
    }

    public String description() {
        return description;
    }

    /** The setting of that name. 42704 when there is none. */
    public static SystemSetting of(String name, String place) throws SQLException {
        for (SystemSetting setting : values()) {
            if (setting.sqlName().equalsIgnoreCase(name)) {
                return setting;
            }
        }
        throw PandoSqlState.NO_OBJECT.exception(place + "there is no setting '" + name + "'; there are "
                + Arrays.stream(values()).map(SystemSetting::sqlName).collect(Collectors.joining(", ")));
    }

    /** The number that a text says. 22023 when it is none, or outside the setting's range. */
    public long parse(String text) throws SQLException {
        try {
            long value = Long.parseLong(text.strip());
            if (value >= least && value <= greatest) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(expected(text), e);
        }
        throw PandoSqlState.BAD_PARAMETER_VALUE.exception(expected(text));
    }

    private String expected(String text) {
        return sqlName() + " is a number from " + least + " to " + greatest + " (" + description + "), not '" + text
                + "'";
    }
}
