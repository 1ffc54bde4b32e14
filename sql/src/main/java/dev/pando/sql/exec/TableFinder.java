package dev.pando.sql.exec;

import dev.pando.Table;
import dev.pando.sql.catalog.EngineTable;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.expr.Unsupported;
import java.sql.SQLException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** Finds the one table that a simple statement is about. */
record TableFinder(SchemaSnapshot snapshot, String defaultSchema) {
    /** A table and the name it goes by, when the text gives it one. */
    record Named(Table table, @Nullable String alias) {}

    /** The table of a FROM clause of one table of the engine. */
    Named single(@Nullable SqlNode from) throws Unsupported, SQLException {
        if (from instanceof SqlIdentifier identifier) {
            return new Named(engineTable(identifier), null);
        }
        if (from instanceof SqlCall call
                && call.getKind() == SqlKind.AS
                && call.operandCount() == 2
                && call.operand(0) instanceof SqlIdentifier identifier) {
            return new Named(engineTable(identifier), ((SqlIdentifier) call.operand(1)).getSimple());
        }
        throw new Unsupported("FROM");
    }

    private Table engineTable(SqlIdentifier identifier) throws Unsupported, SQLException {
        if (identifier.names.size() > 2) {
            throw new Unsupported(identifier.toString());
        }
        NameResolver.Qualified name = NameResolver.qualify(identifier, snapshot, defaultSchema);
        org.apache.calcite.schema.Table found =
                snapshot.find(name.schema(), name.name()).orElse(null);
        if (found instanceof EngineTable engine) {
            return engine.table();
        }
        throw new Unsupported(identifier.toString());
    }
}
