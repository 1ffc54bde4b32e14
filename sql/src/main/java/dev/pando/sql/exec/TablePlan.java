package dev.pando.sql.exec;

import dev.pando.Catalog;
import dev.pando.Index;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.parser.ColumnDefinition;
import dev.pando.sql.parser.TableConstraint;
import dev.pando.sql.parser.TableStatement;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.sql.SqlIdentifier;
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
            throw PandoSqlState.NOT_SUPPORTED.exception(
                    "CREATE TABLE … AS is not supported: create the table, then INSERT … SELECT");
        }
        session.engine()
                .catalog()
                .createTable(new TableSpecs(snapshot, session.schema()).of(create, name.schema(), name.name()));
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
        TableStatement.Change change = alter.change();
        if (change instanceof TableStatement.AddColumn add) {
            addColumn(session, table, add);
        } else if (change instanceof TableStatement.DropColumn drop) {
            dropColumn(catalog, table, drop);
        } else if (change instanceof TableStatement.RenameColumn rename) {
            String column = NameResolver.column(rename.column(), table).name();
            requireFree(table, rename.newName());
            catalog.renameColumn(table, column, rename.newName().getSimple());
        } else if (change instanceof TableStatement.AddConstraint add) {
            addConstraint(catalog, table, add.constraint());
        } else if (change instanceof TableStatement.DropConstraint drop) {
            dropConstraint(catalog, table, drop);
        } else {
            throw PandoSqlState.NOT_SUPPORTED.exception("not supported: " + alter.toSql());
        }
    }

    private static void addColumn(SessionControl session, Table table, TableStatement.AddColumn add)
            throws SQLException {
        ColumnDefinition column = add.column();
        if (table.column(column.name().getSimple()).isPresent() && add.ifNotExists()) {
            return;
        }
        requireFree(table, column.name());
        for (TableConstraint constraint : add.constraints()) {
            if (!(constraint instanceof TableConstraint.Unique)) {
                throw PandoSqlState.NOT_SUPPORTED.exception(
                        "ADD COLUMN with " + constraint.body() + " is not supported");
            }
        }
        TableSpec.ColumnSpec spec = new TableSpecs(session.snapshot(), session.schema()).column(column, false);
        Catalog catalog = session.engine().catalog();
        Table changed = catalog.addColumn(table, spec);
        for (TableConstraint constraint : add.constraints()) {
            addConstraint(catalog, changed, constraint);
        }
    }

    private static void requireFree(Table table, SqlIdentifier name) throws SQLException {
        if (table.column(name.getSimple()).isPresent()) {
            throw PandoSqlState.DUPLICATE_COLUMN.exception(NameResolver.place(name) + "there is a column '"
                    + name.getSimple() + "' in " + table.qualifiedName() + " already");
        }
    }

    private static void dropColumn(Catalog catalog, Table table, TableStatement.DropColumn drop) throws SQLException {
        if (drop.ifExists() && table.column(drop.column().getSimple()).isEmpty()) {
            return;
        }
        var column = NameResolver.column(drop.column(), table);
        if (table.primaryKey().contains(column.ordinal())) {
            throw PandoSqlState.DEPENDENT_OBJECTS.exception(
                    "column " + column.name() + " is part of the primary key of " + table.qualifiedName());
        }
        catalog.dropColumn(table, column.name());
    }

    private static void addConstraint(Catalog catalog, Table table, TableConstraint constraint) throws SQLException {
        if (!(constraint instanceof TableConstraint.Unique unique)) {
            throw PandoSqlState.NOT_SUPPORTED.exception(
                    "adding " + constraint.body() + " to a table that exists is not supported");
        }
        List<String> columns = TableSpecs.names(unique.columns());
        String name = unique.name() == null
                ? TableSpecs.generatedName(table.name(), columns, "key")
                : unique.name().getSimple();
        catalog.createIndex(table, name, columns, true);
    }

    private static void dropConstraint(Catalog catalog, Table table, TableStatement.DropConstraint drop)
            throws SQLException {
        String name = drop.constraint().getSimple();
        Optional<Index> index = table.indexes().stream()
                .filter(each -> each.unique() && each.name().equalsIgnoreCase(name))
                .findFirst();
        if (index.isPresent()) {
            catalog.dropIndex(index.get());
        } else if (!drop.ifExists()) {
            throw PandoSqlState.NO_OBJECT.exception(NameResolver.place(drop.constraint()) + "there is no constraint '"
                    + name + "' in " + table.qualifiedName() + " that can be dropped");
        }
    }
}
