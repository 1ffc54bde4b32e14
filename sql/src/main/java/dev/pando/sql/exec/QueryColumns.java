package dev.pando.sql.exec;

import dev.pando.ColumnType;
import dev.pando.TableSpec;
import dev.pando.sql.parser.TableStatement;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlNode;

/** The columns that CREATE TABLE … AS gets of its query. */
record QueryColumns(PlanningContext planning, TableStatement.CreateTable create, SqlNode query) {
    TableSpec spec(NameResolver.Qualified name) throws SQLException {
        RelDataType row = planning.planner().rowType(query, planning.snapshot(), planning.defaultSchema());
        List<String> given = TableSpecs.names(create.columnNames());
        if (!given.isEmpty() && given.size() != row.getFieldCount()) {
            throw PandoSqlState.SYNTAX.exception(NameResolver.place(create.name()) + given.size()
                    + " columns are named, the query has " + row.getFieldCount());
        }
        List<TableSpec.ColumnSpec> columns = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (RelDataTypeField field : row.getFieldList()) {
            String column = given.isEmpty() ? field.getName() : given.get(field.getIndex());
            if (!seen.add(column.toLowerCase(Locale.ROOT))) {
                throw PandoSqlState.DUPLICATE_COLUMN.exception(
                        NameResolver.place(create.name()) + "column " + column + " is there twice");
            }
            columns.add(TableSpec.ColumnSpec.of(column, type(column, field.getType())));
        }
        return new TableSpec(
                name.schema(),
                name.name(),
                columns,
                List.of(),
                create.local(),
                (int) create.generation(),
                List.of(),
                List.of(),
                List.of());
    }

    private ColumnType type(String column, RelDataType type) throws SQLException {
        ColumnType found = Values.columnType(type);
        if (found == null) {
            throw PandoSqlState.WRONG_TYPE.exception(NameResolver.place(create.name()) + "no column holds the type "
                    + type.getSqlTypeName() + " of " + column + ": CAST it");
        }
        return found;
    }
}
