package dev.pando.sql.plan;

import dev.pando.sql.catalog.LocalObjects;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.Optional;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** NEXT VALUE FOR, which the planner knows for sequences of its own only. */
public final class Sequences {
    private Sequences() {}

    /** The statement with a call of {@link OwnFunctions#NEXT_VALUE} or its like for each. 42704 when there is no such sequence. */
    public static SqlNode resolved(SqlNode statement, SchemaSnapshot schema, String defaultSchema) throws SQLException {
        if (!isNeeded(statement)) {
            return statement;
        }
        try {
            SqlNode resolved = statement.accept(new SqlShuttle() {
                @Override
                public @Nullable SqlNode visit(SqlCall call) {
                    if (call.getKind() != SqlKind.NEXT_VALUE) {
                        return super.visit(call);
                    }
                    int increment = increment((SqlIdentifier) call.operand(0), schema, defaultSchema);
                    return (increment == 1 ? OwnFunctions.NEXT_VALUE : OwnFunctions.NEXT_BLOCK)
                            .createCall(call.getParserPosition());
                }
            });
            return resolved == null ? statement : resolved;
        } catch (ScanHandle.QueryFailure e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static int increment(SqlIdentifier name, SchemaSnapshot schema, String defaultSchema) {
        int parts = name.names.size();
        String schemaName = parts > 1 ? name.names.get(parts - 2) : defaultSchema;
        Optional<LocalObjects.Sequence> sequence =
                parts > 2 ? Optional.empty() : schema.sequence(schemaName, name.names.get(parts - 1));
        if (sequence.isEmpty()) {
            throw new ScanHandle.QueryFailure(PandoSqlState.NO_OBJECT.exception(
                    "line " + name.getParserPosition().getLineNum() + ", column "
                            + name.getParserPosition().getColumnNum() + ": there is no sequence '" + name + "'"));
        }
        return sequence.get().increment();
    }

    private static boolean isNeeded(SqlNode statement) {
        boolean[] found = {false};
        statement.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                found[0] |= call.getKind() == SqlKind.NEXT_VALUE;
                return super.visit(call);
            }
        });
        return found[0];
    }
}
