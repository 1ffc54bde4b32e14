package dev.pando.simulation;

import dev.pando.ColumnType;
import dev.pando.MergeKind;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the scenarios of docs/scenarios.md begin with: three nodes, and tables that they may create. */
abstract class Scenarios {

    static final int A = 0;
    static final int B = 1;
    static final int C = 2;

    static final TableSpec BOOKS = books("id", "title", "likes");
    static final TableSpec AUTHORS =
            TableSpec.of("PUBLIC", "Authors", List.of(id(), ColumnSpec.of("name", ColumnType.VARCHAR)), List.of("id"));

    @SuppressWarnings("NullAway.Init") // by begin
    World world;

    abstract World newWorld() throws Exception;

    @BeforeEach
    void begin() throws Exception {
        world = newWorld();
    }

    @AfterEach
    void end() {
        world.close();
    }

    static ColumnSpec id() {
        return new ColumnSpec("id", ColumnType.BIGINT, MergeKind.LAST, false, Optional.empty(), false);
    }

    static TableSpec books(String... order) {
        var columns = new HashMap<String, ColumnSpec>();
        columns.put("id", id());
        columns.put("title", ColumnSpec.of("title", ColumnType.VARCHAR));
        columns.put("likes", ColumnSpec.counter("likes", ColumnType.BIGINT));
        return TableSpec.of(
                "PUBLIC", "Books", List.of(order).stream().map(columns::get).toList(), List.of("id"));
    }

    NodeWords on(int node) {
        return world.node(node);
    }

    /** A transaction that gives row 1 of both tables the same text. */
    void inBoth(int node, String text) {
        on(node).inTransaction(transaction -> {
            on(node).change(transaction, "Books", 1, (row, values) -> values[1] = text);
            return on(node).change(transaction, "Authors", 1, (row, values) -> values[1] = text);
        });
    }

    /** Inserts row 1 of both tables in one transaction. */
    void insertBoth(int node, String text) {
        on(node).inTransaction(transaction -> {
            on(node).insert(transaction, "Books", "id", 1, "title", text);
            return on(node).insert(transaction, "Authors", "id", 1, "name", text);
        });
    }

    /** What row 1 of each table shows, in one snapshot. */
    List<Object> shown(int node) {
        return on(node).inTransaction(transaction -> {
            transaction.beginStatement();
            var texts = new ArrayList<Object>();
            for (String table : List.of("Books", "Authors")) {
                var row = transaction.get(on(node).table(table), List.of(1L));
                texts.add(row == null ? "none" : String.valueOf(row.get(1)));
            }
            return texts;
        });
    }
}
