package dev.pando.sql.exec;

import dev.pando.Column;
import dev.pando.Table;
import dev.pando.sql.catalog.EngineTable;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.catalog.ViewTable;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;

/** Finds what names mean, or says what is wrong with them. */
final class NameResolver {
    private NameResolver() {}

    /** A name with its schema. */
    record Qualified(String schema, String name) {
        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    /** The schema's own spelling and the last name. 3F000 when there is no such schema. */
    static Qualified qualify(SqlIdentifier identifier, SchemaSnapshot snapshot, String defaultSchema)
            throws SQLException {
        List<String> names = identifier.names;
        if (names.size() > 2) {
            throw PandoSqlState.NO_TABLE.exception(place(identifier) + "a name has at most a schema before it");
        }
        String schema = names.size() == 2 ? names.get(0) : defaultSchema;
        String known = snapshot.schemaName(schema)
                .orElseThrow(() ->
                        PandoSqlState.NO_SCHEMA.exception(place(identifier) + "there is no schema '" + schema + "'"));
        return new Qualified(known, names.get(names.size() - 1));
    }

    /** The table of that name. */
    static Table table(SqlIdentifier identifier, SchemaSnapshot snapshot, String defaultSchema) throws SQLException {
        Qualified name = qualify(identifier, snapshot, defaultSchema);
        org.apache.calcite.schema.Table found =
                snapshot.find(name.schema(), name.name()).orElse(null);
        if (found instanceof EngineTable engine) {
            return engine.table();
        }
        if (found instanceof ViewTable) {
            throw PandoSqlState.NOT_SUPPORTED.exception(place(identifier) + name + " is a view, not a table");
        }
        if (found != null) {
            throw PandoSqlState.NO_PRIVILEGE.exception(place(identifier) + name + " cannot be changed");
        }
        throw PandoSqlState.NO_TABLE.exception(place(identifier) + "there is no table '" + name + "'");
    }

    /** The column of that name; a qualifier before it is not looked at. */
    static Column column(SqlIdentifier identifier, Table table) throws SQLException {
        String name = identifier.names.get(identifier.names.size() - 1);
        return table.column(name)
                .orElseThrow(() -> PandoSqlState.NO_COLUMN.exception(
                        place(identifier) + "there is no column '" + name + "' in " + table.qualifiedName()));
    }

    static String place(SqlIdentifier identifier) {
        int line = identifier.getParserPosition().getLineNum();
        return line <= 0
                ? ""
                : "line " + line + ", column " + identifier.getParserPosition().getColumnNum() + ": ";
    }
}
