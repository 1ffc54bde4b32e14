package dev.pando.sql.catalog;

import static dev.pando.sql.catalog.SystemTable.SystemColumn.flag;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.instant;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.integer;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.number;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pando.Column;
import dev.pando.Index;
import dev.pando.Inspection;
import dev.pando.KeyRange;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.plan.QueryContext;
import dev.pando.sql.types.SessionJson;
import dev.pando.sql.types.SqlTypes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables of schema {@code sys} about collections: what they are, who changed them, what lost, what is not right. */
final class SysDataTables {
    /** Violations of one table that are shown at most; what is beyond is not looked for. */
    private static final int VIOLATIONS_MAX = 10_000;

    /** Commits read of the log at once. */
    private static final int COMMITS_PAGE = 256;

    private static final ObjectMapper JSON = new ObjectMapper();

    private SysDataTables() {}

    /** All of them; a table more is a method more, named here. */
    static Map<String, SystemTable> all() {
        Map<String, SystemTable> tables = new LinkedHashMap<>();
        tables.put("collections", collections());
        tables.put("columns", columns());
        tables.put("indexes", indexes());
        tables.put("commits", commits());
        tables.put("heads", heads());
        tables.put("conflicts", conflicts());
        tables.put("constraint_violations", violations());
        tables.put("locks", locks());
        return tables;
    }

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    private static Stream<Table> tables(QueryContext context) {
        return context.engine().catalog().tables().stream();
    }

    private static SystemTable collections() {
        return new SystemTable(
                List.of(
                        text("table_schema"),
                        text("table_name"),
                        text("collection_id"),
                        flag("is_local"),
                        number("estimated_rows"),
                        text("state_hash")),
                context -> tables(context).map(table -> collection(context, table)));
    }

    private static @Nullable Object[] collection(QueryContext context, Table table) {
        return row(
                table.schema(),
                table.name(),
                table.collectionId(),
                table.local(),
                context.transaction().estimatedRows(table),
                table.local() ? null : context.engine().stateHash(table).toString());
    }

    private static SystemTable columns() {
        return new SystemTable(
                List.of(
                        text("table_schema"),
                        text("table_name"),
                        text("column_name"),
                        integer("ordinal"),
                        text("column_id"),
                        text("type"),
                        text("merge_rule"),
                        integer("key_position"),
                        flag("is_nullable"),
                        text("default_value"),
                        flag("is_identity"),
                        text("comment")),
                context -> tables(context)
                        .flatMap(table -> table.columns().stream().map(column -> column(table, column))));
    }

    private static @Nullable Object[] column(Table table, Column column) {
        int key = table.primaryKey().indexOf(column.ordinal());
        return row(
                table.schema(),
                table.name(),
                column.name(),
                column.ordinal() + 1,
                column.id(),
                SqlTypes.text(column.type()),
                column.merge().name(),
                key < 0 ? null : key + 1,
                column.nullable(),
                column.defaultSql(),
                column.identity(),
                column.comment());
    }

    private static SystemTable indexes() {
        return new SystemTable(
                List.of(
                        text("index_schema"),
                        text("index_name"),
                        text("table_name"),
                        text("columns"),
                        flag("is_unique"),
                        flag("of_constraint")),
                context -> tables(context)
                        .flatMap(table -> table.indexes().stream().map(index -> index(table, index))));
    }

    private static @Nullable Object[] index(Table table, Index index) {
        String columns = IntStream.range(0, index.columns().size())
                .mapToObj(i -> table.columns().get(index.columns().get(i)).name()
                        + (index.descending().get(i) ? " DESC" : ""))
                .collect(Collectors.joining(", "));
        boolean ofConstraint = Stream.concat(
                        table.uniques().stream().map(Table.Unique::name),
                        table.foreignKeys().stream().map(Table.ForeignKey::name))
                .anyMatch(index.name()::equalsIgnoreCase);
        return row(index.schema(), index.name(), index.tableName(), columns, index.unique(), ofConstraint);
    }

    /* A row for each collection that a commit changed; that of definitions has no name. */
    private static SystemTable commits() {
        return new SystemTable(
                List.of(
                        number("sequence"),
                        text("commit_id"),
                        instant("committed_at"),
                        text("author"),
                        text("table_schema"),
                        text("table_name"),
                        text("collection_id"),
                        number("documents")),
                context -> {
                    Map<Cid, Table> byId =
                            tables(context).collect(Collectors.toMap(Table::collectionId, table -> table));
                    return pages(context.engine().inspection()).flatMap(commit -> parts(commit, byId));
                });
    }

    private static Stream<Inspection.CommitInfo> pages(Inspection inspection) {
        return Stream.iterate(
                        inspection.commits(0, COMMITS_PAGE),
                        page -> !page.isEmpty(),
                        page -> inspection.commits(page.get(page.size() - 1).sequence(), COMMITS_PAGE))
                .flatMap(List::stream);
    }

    private static Stream<@Nullable Object[]> parts(Inspection.CommitInfo commit, Map<Cid, Table> byId) {
        return commit.documents().entrySet().stream().map(part -> {
            Optional<Table> table = Optional.ofNullable(byId.get(part.getKey()));
            return row(
                    commit.sequence(),
                    commit.id(),
                    commit.time(),
                    commit.author(),
                    table.map(Table::schema),
                    table.map(Table::name),
                    part.getKey(),
                    part.getValue().longValue());
        });
    }

    private static SystemTable heads() {
        return new SystemTable(
                List.of(text("table_schema"), text("table_name"), text("document"), text("head")),
                context -> tables(context).flatMap(table -> heads(context, table)));
    }

    private static Stream<@Nullable Object[]> heads(QueryContext context, Table table) {
        RowCursor cursor = context.transaction().scan(table, KeyRange.all(), false);
        return Stream.iterate(cursor.next(), row -> row != null, row -> cursor.next())
                .map(Row::id)
                .flatMap(document -> context.engine().inspection().heads(table, document).stream()
                        .map(head -> row(table.schema(), table.name(), document, head)));
    }

    private static SystemTable conflicts() {
        return new SystemTable(
                List.of(
                        text("table_schema"),
                        text("table_name"),
                        text("document"),
                        text("column_name"),
                        text("winner"),
                        text("winner_author"),
                        text("winner_value"),
                        text("loser"),
                        text("loser_author"),
                        text("loser_value"),
                        instant("conflicted_at")),
                context -> tables(context)
                        .flatMap(table -> context.engine().inspection().conflicts(table).stream()
                                .map(conflict -> conflict(context, table, conflict))));
    }

    private static @Nullable Object[] conflict(QueryContext context, Table table, Inspection.Conflict conflict) {
        Map<Cid, PeerId> authors = context.engine().inspection().history(table, conflict.document()).stream()
                .collect(Collectors.toMap(Inspection.Change::id, Inspection.Change::author));
        return row(
                table.schema(),
                table.name(),
                conflict.document(),
                conflict.column(),
                conflict.winner(),
                Optional.ofNullable(authors.get(conflict.winner())),
                shown(table, conflict.column(), conflict.winnerValue()),
                conflict.loser(),
                Optional.ofNullable(authors.get(conflict.loser())),
                shown(table, conflict.column(), conflict.loserValue()),
                conflict.time());
    }

    /* Texts as they are, all else as JSON. */
    private static @Nullable String shown(Table table, String column, @Nullable Object value) {
        Object plain = SessionJson.of(table.column(column).map(Column::type).orElse(null), value);
        if (plain == null || plain instanceof String) {
            return (String) plain;
        }
        try {
            return JSON.writeValueAsString(plain);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("plain values are always JSON", e);
        }
    }

    private static SystemTable violations() {
        return new SystemTable(
                List.of(
                        text("table_schema"),
                        text("table_name"),
                        text("document"),
                        text("constraint_name"),
                        text("sql_state"),
                        text("message")),
                context -> tables(context)
                        .flatMap(table -> context.engine().inspection().violations(table, VIOLATIONS_MAX).stream()
                                .map(found -> row(
                                        table.schema(),
                                        table.name(),
                                        found.document(),
                                        found.constraint(),
                                        found.kind().sqlState(),
                                        found.message()))));
    }

    private static SystemTable locks() {
        return new SystemTable(
                List.of(text("table_schema"), text("table_name"), text("document"), text("holder"), integer("waiting")),
                context -> context.engine().inspection().locks().stream()
                        .map(lock -> row(
                                lock.table().map(Table::schema),
                                lock.table().map(Table::name),
                                lock.document(),
                                lock.holder(),
                                lock.waiting())));
    }
}
