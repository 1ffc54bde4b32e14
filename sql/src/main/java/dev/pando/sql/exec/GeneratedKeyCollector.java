package dev.pando.sql.exec;

import dev.pando.Column;
import dev.pando.Row;
import dev.pando.Table;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.GeneratedKeys;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps the keys of written rows that were asked for. */
final class GeneratedKeyCollector {
    private final List<Column> columns = new ArrayList<>();
    private final List<ColumnMeta> metas = new ArrayList<>();
    private final List<@Nullable Object[]> rows = new ArrayList<>();
    private final boolean wanted;

    GeneratedKeyCollector(Table table, GeneratedKeys keys) throws SQLException {
        this.wanted = !(keys instanceof GeneratedKeys.None);
        if (keys instanceof GeneratedKeys.Named named) {
            for (String name : named.columns()) {
                columns.add(table.column(name).orElseThrow(() -> noColumn(table, name)));
            }
        } else if (keys instanceof GeneratedKeys.Positions positions) {
            for (int position : positions.positions()) {
                if (position < 1 || position > table.columns().size()) {
                    throw noColumn(table, "number " + position);
                }
                columns.add(table.columns().get(position - 1));
            }
        } else if (wanted) {
            for (Column column : table.columns()) {
                boolean key = table.primaryKey().contains(column.ordinal());
                if (key || column.identity() || column.defaultSql().isPresent()) {
                    columns.add(column);
                }
            }
        }
        for (Column column : columns) {
            boolean key = table.primaryKey().contains(column.ordinal());
            metas.add(SqlTypes.meta(column.name(), table.schema(), table.name(), column, key));
        }
    }

    private static SQLException noColumn(Table table, String name) {
        return PandoSqlState.NO_COLUMN.exception("there is no column " + name + " in " + table.qualifiedName());
    }

    void add(Row row) {
        if (wanted) {
            @Nullable Object[] values = new Object[columns.size()];
            for (int i = 0; i < values.length; i++) {
                Column column = columns.get(i);
                values[i] = Values.toSession(column.type(), row.get(column.ordinal()));
            }
            rows.add(values);
        }
    }

    /** The keys; null when none were asked for. */
    @Nullable
    Result result() {
        return wanted ? Results.rows(metas, rows) : null;
    }
}
