package dev.pando.sql.exec;

import dev.pando.sql.parser.TransactionStatement;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** COMMIT, ROLLBACK, SAVEPOINT and their like. */
record TransactionPlan(TransactionStatement statement) implements Plan.OfSession {
    @Override
    public StatementKind kind() {
        return StatementKind.TRANSACTION;
    }

    @Override
    public Result run(SessionControl session, @Nullable Object[] parameters) throws SQLException {
        if (statement instanceof TransactionStatement.Commit) {
            session.commit();
        } else if (statement instanceof TransactionStatement.Rollback rollback) {
            if (rollback.savepoint() == null) {
                session.rollback();
            } else {
                session.rollbackTo(rollback.savepoint().getSimple());
            }
        } else if (statement instanceof TransactionStatement.Savepoint savepoint) {
            session.setSavepoint(savepoint.name().getSimple());
        } else if (statement instanceof TransactionStatement.Release release) {
            session.releaseSavepoint(release.name().getSimple());
        } else if (statement instanceof TransactionStatement.Start start) {
            session.start(start.modes());
        } else if (statement instanceof TransactionStatement.SetModes modes) {
            session.setModes(modes.session(), modes.modes());
        }
        return Results.NONE;
    }
}
