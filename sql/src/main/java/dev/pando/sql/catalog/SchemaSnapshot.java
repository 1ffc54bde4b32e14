package dev.pando.sql.catalog;

import dev.pando.Engine;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import dev.pando.sql.parser.PandoParser;
import dev.pando.sql.plan.QueryPlanner;
import dev.pando.sql.types.PandoTypeFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.jspecify.annotations.Nullable;

/** All names at one version of the definitions. Immutable. */
public final class SchemaSnapshot {
    /** The schema of unqualified names. */
    public static final String PUBLIC = "PUBLIC";

    private static final TransactionOptions READ_ONLY =
            new TransactionOptions(Transaction.Isolation.READ_COMMITTED, true, Duration.ZERO);

    private final Engine engine;
    private final LocalObjects objects;
    private final SqlActivity activity;
    private final CalciteSchema root;
    private final CalciteSchema rootWithIds;
    private final Map<String, Map<String, Table>> tables;
    private final Map<String, Map<String, Table>> tablesWithIds;
    private final PandoTypeFactory types = new PandoTypeFactory();
    private final QueryPlanner planner;

    /** Reads the names as they stand now. */
    public SchemaSnapshot(Engine engine, LocalObjects objects, QueryPlanner planner, SqlActivity activity) {
        this.activity = activity;
        this.engine = engine;
        this.planner = planner;
        this.objects = objects;
        this.tables = tables(false);
        this.root = root(tables);
        this.tablesWithIds = tables(true);
        this.rootWithIds = root(tablesWithIds);
    }

    private Map<String, Map<String, Table>> tables(boolean withIds) {
        Map<String, Map<String, Table>> schemas = new LinkedHashMap<>();
        for (String schema : engine.catalog().schemas()) {
            schemas.put(schema, new LinkedHashMap<>());
        }
        for (dev.pando.Table table : engine.catalog().tables()) {
            schemas.computeIfAbsent(table.schema(), s -> new LinkedHashMap<>())
                    .put(table.name(), new EngineTable(table, () -> estimatedRows(table), withIds));
        }
        for (View view : objects.views()) {
            schemas.computeIfAbsent(view.schema(), s -> new LinkedHashMap<>())
                    .put(view.name(), new ViewTable(view, this::typeOf));
        }
        schemas.put(SysTables.SCHEMA, SysTables.all(objects, activity));
        schemas.put(InformationSchema.SCHEMA, InformationSchema.all(objects, this));
        return schemas;
    }

    /**
     * The schema above all schemas, with one schema more.
     *
     * @param withIds whether tables have their hidden column
     */
    public CalciteSchema rootWith(boolean withIds, String schema, Map<String, Table> more) {
        Map<String, Map<String, Table>> schemas = new LinkedHashMap<>(withIds ? tablesWithIds : tables);
        schemas.put(schema, more);
        return root(schemas);
    }

    private static CalciteSchema root(Map<String, Map<String, Table>> schemas) {
        CalciteSchema root = CalciteSchema.createRootSchema(false, false);
        schemas.forEach((name, named) -> root.add(name, new TableSchema(named)));
        return root;
    }

    /**
     * The schema above all schemas.
     *
     * @param withIds whether tables have their hidden column
     */
    public CalciteSchema root(boolean withIds) {
        return withIds ? rootWithIds : root;
    }

    public PandoTypeFactory types() {
        return types;
    }

    /** What stands under that name, compared without regard to case. */
    public Optional<Table> find(String schema, String name) {
        CalciteSchema found = root.getSubSchema(schema, false);
        CalciteSchema.@Nullable TableEntry entry = found == null ? null : found.getTable(name, false);
        return entry == null ? Optional.empty() : Optional.of(entry.getTable());
    }

    /** The sequence of that name, compared without regard to case. */
    public Optional<LocalObjects.Sequence> sequence(String schema, String name) {
        return objects.sequence(schema, name);
    }

    /** The schema's own spelling of its name; empty when there is none. */
    public Optional<String> schemaName(String name) {
        CalciteSchema found = root.getSubSchema(name, false);
        return found == null ? Optional.empty() : Optional.of(found.getName());
    }

    /** The names of all schemas. */
    List<String> schemaNames() {
        return List.copyOf(tables.keySet());
    }

    /** Something to do for each table of each schema. */
    interface TableVisitor {
        void visit(String schema, String name, Table table);
    }

    void forEachTable(TableVisitor visitor) {
        tables.forEach((schema, named) -> named.forEach((name, table) -> visitor.visit(schema, name, table)));
    }

    private double estimatedRows(dev.pando.Table table) {
        try (Transaction transaction = engine.begin(READ_ONLY)) {
            return transaction.estimatedRows(table);
        }
    }

    private RelDataType typeOf(View view) {
        try {
            return planner.rowType(PandoParser.parse(view.sql()), this, view.schema());
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "view " + view.schema() + "." + view.name() + " no longer holds: " + e.getMessage(), e);
        }
    }

    private static final class TableSchema extends AbstractSchema {
        private final Map<String, Table> tables;

        TableSchema(Map<String, Table> tables) {
            this.tables = tables;
        }

        @Override
        protected Map<String, Table> getTableMap() {
            return tables;
        }
    }
}
