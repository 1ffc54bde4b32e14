package dev.pando.sql.exec;

import dev.pando.sql.parser.UtilityStatement;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** SET. */
record SettingPlan(UtilityStatement statement) implements Plan.OfSession {
    @Override
    public StatementKind kind() {
        return StatementKind.SESSION;
    }

    @Override
    public Result run(SessionControl session, @Nullable Object[] parameters) throws SQLException {
        if (statement instanceof UtilityStatement.SetSchema schema) {
            session.setSchema(schema.schema().getSimple());
            return Results.NONE;
        }
        UtilityStatement.SetSetting setting = (UtilityStatement.SetSetting) statement;
        session.set(setting.name().getSimple(), setting.value());
        return Results.NONE;
    }
}
