package dev.pando.sql;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Environment;
import dev.pando.sql.expr.SqlExpressionCompiler;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import java.sql.SQLException;

/** A database in memory for one test. */
public final class TestDatabase implements AutoCloseable {
    private final Engine engine;
    private final SqlDatabase database;

    public TestDatabase() throws SQLException {
        this(EngineOptions.inMemory());
    }

    TestDatabase(EngineOptions options) throws SQLException {
        Environment environment = Environment.system();
        engine = Engine.open(options.withExpressions(new SqlExpressionCompiler(environment)));
        database = SqlDatabase.over(engine, environment);
    }

    public Engine engine() {
        return engine;
    }

    public SqlDatabase database() {
        return database;
    }

    public Session session() throws SQLException {
        return database.openSession(SessionUser.ADMIN);
    }

    @Override
    public void close() throws SQLException {
        database.close();
        engine.close();
    }
}
