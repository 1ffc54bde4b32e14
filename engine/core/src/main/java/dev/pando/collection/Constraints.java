package dev.pando.collection;

import dev.pando.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The constraints among a definition's registers; one that names a column that is not shown is left out. */
record Constraints(SortedMap<String, @Nullable Object> registers, Map<String, Integer> ordinals) {

    List<Table.Check> checks() {
        List<Table.Check> checks = new ArrayList<>();
        registers.forEach((register, value) -> {
            if (register.startsWith("check/") && value instanceof String sql) {
                checks.add(new Table.Check(register.substring("check/".length()), sql));
            }
        });
        return List.copyOf(checks);
    }

    List<Table.Unique> uniques() {
        List<Table.Unique> uniques = new ArrayList<>();
        registers.forEach((register, value) -> {
            List<Integer> columns = register.startsWith("unique/") ? ordinals(value) : null;
            if (columns != null) {
                uniques.add(new Table.Unique(register.substring("unique/".length()), columns));
            }
        });
        return List.copyOf(uniques);
    }

    List<Table.ForeignKey> foreignKeys() {
        List<Table.ForeignKey> keys = new ArrayList<>();
        registers.forEach((register, value) -> {
            if (register.startsWith("foreign/")
                    && value instanceof List<?> fields
                    && fields.size() == 4
                    && fields.get(1) instanceof String schema
                    && fields.get(2) instanceof String table) {
                List<Integer> columns = ordinals(fields.get(0));
                List<String> targets = texts(fields.get(3));
                if (columns != null && targets != null) {
                    keys.add(new Table.ForeignKey(
                            register.substring("foreign/".length()), columns, schema, table, targets));
                }
            }
        });
        return List.copyOf(keys);
    }

    private @Nullable List<Integer> ordinals(@Nullable Object ids) {
        if (!(ids instanceof List<?> list) || list.isEmpty()) {
            return null;
        }
        List<Integer> columns = new ArrayList<>();
        for (Object id : list) {
            Integer ordinal = id instanceof String text ? ordinals.get(text) : null;
            if (ordinal == null) {
                return null;
            }
            columns.add(ordinal);
        }
        return List.copyOf(columns);
    }

    private static @Nullable List<String> texts(@Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof String text)) {
                return null;
            }
            texts.add(text);
        }
        return List.copyOf(texts);
    }
}
