package dev.pando.engine;

import dev.pando.dag.ColumnId;
import dev.pando.ipld.Cid;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The tables at one version of the catalog. Immutable; the table states in it are not. */
final class CatalogView {

    static final String PUBLIC = "PUBLIC";

    static final CatalogView EMPTY = new CatalogView(0, Map.of(), new TreeMap<>(Map.of(ColumnId.fold(PUBLIC), PUBLIC)));

    private final long version;
    private final Map<Cid, TableState> byId;
    private final Map<String, TableState> byName = new TreeMap<>();
    private final Map<Integer, TableState> byNumber = new HashMap<>();
    private final TreeMap<String, String> schemas;

    private CatalogView(long version, Map<Cid, TableState> byId, TreeMap<String, String> schemas) {
        this.version = version;
        this.byId = Map.copyOf(byId);
        this.schemas = schemas;
        for (TableState state : byId.values()) {
            byName.put(name(state.table().schema(), state.table().name()), state);
            byNumber.put(state.number(), state);
        }
    }

    private static String name(String schema, String table) {
        return ColumnId.fold(schema) + '\0' + ColumnId.fold(table);
    }

    long version() {
        return version;
    }

    @Nullable
    TableState byId(Cid collection) {
        return byId.get(collection);
    }

    @Nullable
    TableState byNumber(int number) {
        return byNumber.get(number);
    }

    Optional<TableState> byName(String schema, String table) {
        return Optional.ofNullable(byName.get(name(schema, table)));
    }

    /** By schema and name. */
    Collection<TableState> tables() {
        return byName.values();
    }

    /** Folded name to name. */
    TreeMap<String, String> schemas() {
        return new TreeMap<>(schemas);
    }

    /** The same tables, one of which was defined anew. */
    CatalogView next() {
        return new CatalogView(version + 1, byId, schemas);
    }

    CatalogView with(TableState state) {
        var more = new HashMap<>(byId);
        more.put(state.collection(), state);
        return new CatalogView(version + 1, more, schemas);
    }

    CatalogView without(TableState state) {
        var fewer = new HashMap<>(byId);
        fewer.remove(state.collection());
        return new CatalogView(version + 1, fewer, schemas);
    }

    CatalogView withSchema(String schema) {
        var more = schemas();
        more.put(ColumnId.fold(schema), schema);
        return new CatalogView(version + 1, byId, more);
    }

    CatalogView withoutSchema(String schema) {
        var fewer = schemas();
        fewer.remove(ColumnId.fold(schema));
        return new CatalogView(version + 1, byId, fewer);
    }
}
