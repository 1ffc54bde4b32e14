package dev.pando.sql.exec;

import dev.pando.Alteration;
import dev.pando.Catalog;
import dev.pando.Column;
import dev.pando.MergeKind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.sql.catalog.LocalObjects;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.expr.TypeNames;
import dev.pando.sql.parser.ColumnDefinition;
import dev.pando.sql.parser.PandoParser;
import dev.pando.sql.parser.TableStatement;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** CREATE TABLE and ALTER TABLE. */
record TablePlan(TableStatement statement) implements Plan.OfSession {
    @Override
    public StatementKind kind() {
        return StatementKind.DDL;
    }

    @Override
    public Result run(SessionControl session, @Nullable Object[] parameters) throws SQLException {
        if (statement instanceof TableStatement.CreateTable create) {
            create(session, create);
        } else if (statement instanceof TableStatement.AlterTable alter) {
            alter(session, alter);
        }
        return Results.NONE;
    }

    private static void create(SessionControl session, TableStatement.CreateTable create) throws SQLException {
        SchemaSnapshot snapshot = session.snapshot();
        NameResolver.Qualified name = NameResolver.qualify(create.name(), snapshot, session.schema());
        if (!session.engine().catalog().schemas().contains(name.schema())) {
            throw PandoSqlState.NO_PRIVILEGE.exception("schema " + name.schema() + " cannot be changed");
        }
        if (snapshot.find(name.schema(), name.name()).isPresent()) {
            if (create.ifNotExists()) {
                session.warn("table " + name + " exists already", PandoSqlState.DUPLICATE_TABLE.code());
                return;
            }
            throw PandoSqlState.DUPLICATE_TABLE.exception(
                    NameResolver.place(create.name()) + "there is a table '" + name + "' already");
        }
        if (create.query() != null) {
            createAs(session, create, name);
            return;
        }
        session.engine()
                .catalog()
                .createTable(new TableSpecs(snapshot, session.schema()).of(create, name.schema(), name.name()));
    }

    /* The rows are one transaction of their own; without them the table is not there either. */
    private static void createAs(SessionControl session, TableStatement.CreateTable create, NameResolver.Qualified name)
            throws SQLException {
        PlanningContext planning = session.statements().planning(session.snapshot(), session.schema());
        SqlNode query = planning.resolved(Objects.requireNonNull(create.query()));
        TableSpec spec = new QueryColumns(planning, create, query).spec(name);
        Plan.OfRows rows = planning.query(query);
        if (!rows.parameters().isEmpty()) {
            throw PandoSqlState.NOT_SUPPORTED.exception("CREATE TABLE … AS takes no parameters");
        }
        Table table = session.engine().catalog().createTable(spec);
        boolean filled = false;
        try {
            session.runAlone(new InsertPlan(table, table.columns(), new InsertPlan.Query(rows), false, List.of()));
            filled = true;
        } finally {
            if (!filled) {
                session.engine().catalog().dropTable(table);
            }
        }
    }

    private static void alter(SessionControl session, TableStatement.AlterTable alter) throws SQLException {
        Table table;
        try {
            table = NameResolver.table(alter.name(), session.snapshot(), session.schema());
        } catch (SQLException e) {
            if (alter.ifExists() && PandoSqlState.NO_TABLE.code().equals(e.getSQLState())) {
                session.warn(String.valueOf(e.getMessage()), PandoSqlState.NO_TABLE.code());
                return;
            }
            throw e;
        }
        Catalog catalog = session.engine().catalog();
        if (alter.change() instanceof TableStatement.RenameTable rename) {
            rename(session, table, rename.newName());
            return;
        }
        List<Alteration> changes = new Changes(session, table).of(alter.change());
        boolean adds = !changes.isEmpty() && changes.get(0) instanceof Alteration.AddColumn;
        if (adds) {
            addColumn(session, table, (Alteration.AddColumn) changes.get(0), changes.subList(1, changes.size()));
        } else if (!changes.isEmpty()) {
            catalog.alter(table, changes, session.cancellation());
        }
    }

    /*
     * Rows that are there read NULL in a new column. Its default is written into them, and only then do the constraints
     * come: else no table with rows could get a NOT NULL column.
     */
    private static void addColumn(
            SessionControl session, Table table, Alteration.AddColumn add, List<Alteration> constraints)
            throws SQLException {
        TableSpec.ColumnSpec spec = add.column();
        Catalog catalog = session.engine().catalog();
        List<Alteration> all = new ArrayList<>();
        all.add(add);
        all.addAll(constraints);
        boolean fills = spec.defaultSql().isPresent() && spec.merge() != MergeKind.SUM && !session.isEmpty(table);
        if (!fills) {
            catalog.alter(table, all, session.cancellation());
            return;
        }
        TableSpec.ColumnSpec open = new TableSpec.ColumnSpec(
                spec.name(), spec.type(), spec.merge(), true, spec.defaultSql(), spec.identity());
        Table widened = catalog.alter(table, List.of(new Alteration.AddColumn(open)));
        boolean done = false;
        try {
            session.runAlone(DmlBinder.fill(widened, widened.column(spec.name()).orElseThrow()));
            all.remove(0);
            if (!spec.nullable()) {
                all.add(0, new Alteration.SetNullable(spec.name(), false));
            }
            if (!all.isEmpty()) {
                catalog.alter(widened, all, session.cancellation());
            }
            done = true;
        } finally {
            if (!done) {
                catalog.alter(widened, List.of(new Alteration.DropColumn(spec.name())));
            }
        }
    }

    private static void rename(SessionControl session, Table table, SqlIdentifier newName) throws SQLException {
        String name = newName.getSimple();
        boolean taken = session.snapshot().find(table.schema(), name).isPresent();
        if (taken && !name.equalsIgnoreCase(table.name())) {
            throw PandoSqlState.DUPLICATE_TABLE.exception(NameResolver.place(newName) + "there is a table or view '"
                    + table.schema() + "." + name + "' already");
        }
        session.engine().catalog().renameTable(table, name);
        for (LocalObjects.UserRight right : session.objects().rights()) {
            boolean ofTable = right.schema().equalsIgnoreCase(table.schema())
                    && right.name().equalsIgnoreCase(table.name());
            if (ofTable) {
                session.objects().putRights(right.user(), right.schema(), right.name(), Set.of());
                session.objects().putRights(right.user(), table.schema(), name, right.privileges());
            }
        }
    }

    /** What a change of the text is to the catalog. */
    private record Changes(SessionControl session, Table table) {
        List<Alteration> of(TableStatement.Change change) throws SQLException {
            if (change instanceof TableStatement.AddColumn add) {
                return addColumn(add);
            }
            if (change instanceof TableStatement.DropColumn drop) {
                return dropColumn(drop);
            }
            if (change instanceof TableStatement.RenameColumn rename) {
                String column = NameResolver.column(rename.column(), table).name();
                if (!column.equalsIgnoreCase(rename.newName().getSimple())) {
                    requireFree(rename.newName());
                }
                return List.of(
                        new Alteration.RenameColumn(column, rename.newName().getSimple()));
            }
            if (change instanceof TableStatement.ColumnDefault given) {
                return columnDefault(given);
            }
            if (change instanceof TableStatement.ColumnNullable given) {
                return nullable(given);
            }
            if (change instanceof TableStatement.ColumnType given) {
                String column = NameResolver.column(given.column(), table).name();
                return List.of(new Alteration.SetType(column, TypeNames.columnType(given.type())));
            }
            if (change instanceof TableStatement.AddConstraint add) {
                return specs().added(table, List.of(), List.of(add.constraint()));
            }
            return dropConstraint((TableStatement.DropConstraint) change);
        }

        private TableSpecs specs() {
            return new TableSpecs(session.snapshot(), session.schema());
        }

        private List<Alteration> addColumn(TableStatement.AddColumn add) throws SQLException {
            ColumnDefinition column = add.column();
            String name = column.name().getSimple();
            if (table.column(name).isPresent() && add.ifNotExists()) {
                session.warn(
                        "column " + name + " of " + table.qualifiedName() + " exists already",
                        PandoSqlState.DUPLICATE_COLUMN.code());
                return List.of();
            }
            requireFree(column.name());
            List<Alteration> changes = new ArrayList<>();
            changes.add(new Alteration.AddColumn(specs().column(column, false)));
            changes.addAll(specs().added(table, List.of(name), add.constraints()));
            return changes;
        }

        private void requireFree(SqlIdentifier name) throws SQLException {
            if (table.column(name.getSimple()).isPresent()) {
                throw PandoSqlState.DUPLICATE_COLUMN.exception(NameResolver.place(name) + "there is a column '"
                        + name.getSimple() + "' in " + table.qualifiedName() + " already");
            }
        }

        private List<Alteration> dropColumn(TableStatement.DropColumn drop) throws SQLException {
            if (drop.ifExists() && table.column(drop.column().getSimple()).isEmpty()) {
                session.warn(
                        "there is no column '" + drop.column().getSimple() + "' in " + table.qualifiedName(),
                        PandoSqlState.NO_COLUMN.code());
                return List.of();
            }
            Column column = NameResolver.column(drop.column(), table);
            if (table.primaryKey().contains(column.ordinal())) {
                throw PandoSqlState.DEPENDENT_OBJECTS.exception(NameResolver.place(drop.column()) + "column "
                        + column.name() + " is part of the primary key of " + table.qualifiedName());
            }
            List<Alteration> changes = new ArrayList<>();
            constraintsOf(column).forEach(name -> changes.add(new Alteration.DropConstraint(name)));
            changes.add(new Alteration.DropColumn(column.name()));
            return changes;
        }

        /* They go with it. */
        private List<String> constraintsOf(Column column) throws SQLException {
            List<String> names = new ArrayList<>();
            table.uniques().stream()
                    .filter(each -> each.columns().contains(column.ordinal()))
                    .forEach(each -> names.add(each.name()));
            table.foreignKeys().stream()
                    .filter(each -> each.columns().contains(column.ordinal()))
                    .forEach(each -> names.add(each.name()));
            for (Table.Check check : table.checks()) {
                if (TableSpecs.namesColumn(PandoParser.parseExpression(check.sql()), column.name())) {
                    names.add(check.name());
                }
            }
            return names;
        }

        private List<Alteration> columnDefault(TableStatement.ColumnDefault given) throws SQLException {
            Column column = NameResolver.column(given.column(), table);
            SqlNode value = given.value();
            Optional<String> sql = value == null
                    ? Optional.empty()
                    : Optional.of(TableSpecs.defaultSql(value, column.type(), session.snapshot(), session.schema()));
            return List.of(new Alteration.SetDefault(column.name(), sql));
        }

        private List<Alteration> nullable(TableStatement.ColumnNullable given) throws SQLException {
            Column column = NameResolver.column(given.column(), table);
            boolean key = table.primaryKey().contains(column.ordinal());
            if (given.nullable() && (key || column.merge() == MergeKind.SUM)) {
                throw PandoSqlState.INVALID_DEFINITION.exception(
                        NameResolver.place(given.column()) + "column " + column.name() + " cannot be NULL");
            }
            return List.of(new Alteration.SetNullable(column.name(), given.nullable()));
        }

        private List<Alteration> dropConstraint(TableStatement.DropConstraint drop) throws SQLException {
            String name = drop.constraint().getSimple();
            boolean known = table.checks().stream().anyMatch(each -> each.name().equalsIgnoreCase(name))
                    || table.uniques().stream().anyMatch(each -> each.name().equalsIgnoreCase(name))
                    || table.foreignKeys().stream().anyMatch(each -> each.name().equalsIgnoreCase(name));
            if (known) {
                return List.of(new Alteration.DropConstraint(name));
            }
            if (!drop.ifExists()) {
                throw PandoSqlState.NO_OBJECT.exception(NameResolver.place(drop.constraint())
                        + "there is no constraint '" + name + "' in " + table.qualifiedName()
                        + " that can be dropped");
            }
            session.warn(
                    "there is no constraint '" + name + "' in " + table.qualifiedName(),
                    PandoSqlState.NO_OBJECT.code());
            return List.of();
        }
    }
}
