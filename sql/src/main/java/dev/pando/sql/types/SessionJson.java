package dev.pando.sql.types;

import dev.pando.ColumnType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Column values as JSON has them: numbers, texts, truth values, lists; bytes in hexadecimal, times as SQL writes them. */
public final class SessionJson {
    private SessionJson() {}

    /**
     * What a JSON writer takes for an engine's value.
     *
     * @param type of the column; null when the table does not show it, and the value is given as it is
     */
    public static @Nullable Object of(@Nullable ColumnType type, @Nullable Object value) {
        return plain(type == null ? value : Values.toSession(type, value));
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof String) {
            return value;
        }
        if (value instanceof byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> converted = new ArrayList<>();
            list.forEach(element -> converted.add(plain(element)));
            return converted;
        }
        try {
            return Assign.shown(value, "value");
        } catch (SQLException e) {
            return value.toString();
        }
    }
}
