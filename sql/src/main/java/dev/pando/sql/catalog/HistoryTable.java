package dev.pando.sql.catalog;

import static dev.pando.sql.catalog.SystemTable.SystemColumn.instant;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.number;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pando.DocumentId;
import dev.pando.Inspection;
import dev.pando.Table;
import dev.pando.ipld.Cid;
import dev.pando.sql.plan.QueryContext;
import dev.pando.sql.plan.RuntimeValue;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.SessionJson;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code history(collection, document)}: a row for each change of a document, none before what it builds upon. */
public final class HistoryTable extends SystemTable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Finds tables by name. */
    @FunctionalInterface
    public interface Finder {
        Table find(String name) throws SQLException;
    }

    public HistoryTable(RuntimeValue collection, RuntimeValue document, Finder finder) {
        super(
                List.of(
                        text("change_id"),
                        instant("changed_at"),
                        number("hlc"),
                        text("author"),
                        text("operation"),
                        text("changes"),
                        text("parents")),
                context -> rows(context, required(collection, context), required(document, context), finder));
    }

    private static String required(RuntimeValue value, QueryContext context) throws SQLException {
        Object given = value.in(context);
        if (given == null) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception("history: an argument is NULL");
        }
        return given.toString();
    }

    private static Stream<@Nullable Object[]> rows(
            QueryContext context, String collection, String document, Finder finder) throws SQLException {
        Table table = finder.find(collection);
        return context.engine().inspection().history(table, DocumentId.parse(document.strip())).stream()
                .map(change -> row(table, change));
    }

    private static @Nullable Object[] row(Table table, Inspection.Change change) {
        return new Object[] {
            change.id().toString(),
            change.time(),
            change.hlc(),
            change.author().toString(),
            change.kind(),
            changes(table, change),
            change.parents().stream().map(Cid::toString).collect(Collectors.joining(","))
        };
    }

    private static String changes(Table table, Inspection.Change change) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        change.values()
                .forEach((name, value) -> values.put(
                        name,
                        SessionJson.of(table.column(name).map(c -> c.type()).orElse(null), value.orElse(null))));
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values are always JSON", e);
        }
    }
}
