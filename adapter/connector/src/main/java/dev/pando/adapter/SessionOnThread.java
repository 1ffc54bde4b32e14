package dev.pando.adapter;

import dev.pando.sql.session.BatchResult;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.Isolation;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import dev.pando.sql.session.SqlWarningInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A session whose work happens on its {@link SessionThread}, whoever calls. The objects of {@code java.sql} lie above
 * it and work in the caller's thread: they convert values and walk through fetched pages, and never enter the engine.
 * What may be called beside a running statement goes over the control thread.
 */
final class SessionOnThread implements Session {

    private final Session session;
    private final SessionThread thread;
    private final EngineThreads threads;

    SessionOnThread(Session session, SessionThread thread, EngineThreads threads) {
        this.session = session;
        this.thread = thread;
        this.threads = threads;
    }

    @Override
    public Prepared prepare(String sql) throws SQLException {
        return on(() -> new PreparedOnThread(session.prepare(sql), thread));
    }

    @Override
    public Result execute(Prepared statement, @Nullable Object[] parameters, ExecuteOptions options)
            throws SQLException {
        return on(() -> result(session.execute(plain(statement), parameters, options)));
    }

    @Override
    public Result execute(String sql, ExecuteOptions options) throws SQLException {
        return on(() -> result(session.execute(sql, options)));
    }

    @Override
    public BatchResult executeBatch(Prepared statement, List<@Nullable Object[]> parameterRows, ExecuteOptions options)
            throws SQLException {
        return on(() -> {
            BatchResult batch = session.executeBatch(plain(statement), parameterRows, options);
            Result keys = batch.generatedKeys();
            return new BatchResult(batch.updateCounts(), keys == null ? null : result(keys), batch.warnings());
        });
    }

    @Override
    public boolean autoCommit() throws SQLException {
        return on(session::autoCommit);
    }

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        act(() -> session.setAutoCommit(autoCommit));
    }

    @Override
    public void commit() throws SQLException {
        act(session::commit);
    }

    @Override
    public void rollback() throws SQLException {
        act(session::rollback);
    }

    @Override
    public void setSavepoint(String name) throws SQLException {
        act(() -> session.setSavepoint(name));
    }

    @Override
    public void rollbackTo(String name) throws SQLException {
        act(() -> session.rollbackTo(name));
    }

    @Override
    public void releaseSavepoint(String name) throws SQLException {
        act(() -> session.releaseSavepoint(name));
    }

    @Override
    public boolean readOnly() throws SQLException {
        return on(session::readOnly);
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        act(() -> session.setReadOnly(readOnly));
    }

    @Override
    public Isolation isolation() throws SQLException {
        return on(session::isolation);
    }

    @Override
    public void setIsolation(Isolation isolation) throws SQLException {
        act(() -> session.setIsolation(isolation));
    }

    @Override
    public String schema() throws SQLException {
        return on(session::schema);
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        act(() -> session.setSchema(schema));
    }

    @Override
    public boolean inTransaction() throws SQLException {
        return on(session::inTransaction);
    }

    @Override
    public SessionUser user() {
        return session.user();
    }

    @Override
    public List<SqlWarningInfo> warnings() throws SQLException {
        return on(session::warnings);
    }

    @Override
    public void clearWarnings() throws SQLException {
        act(session::clearWarnings);
    }

    @Override
    public void cancel() throws SQLException {
        threads.control(() -> {
            session.cancel();
            return true;
        });
    }

    @Override
    public boolean isValid(Duration timeout) throws SQLException {
        return threads.control(() -> session.isValid(timeout));
    }

    /** Ends a statement that runs, then the session; its thread ends with it. */
    @Override
    public void close() throws SQLException {
        try {
            cancel();
            act(session::close);
        } finally {
            thread.close();
        }
    }

    private <T> T on(Callable<T> work) throws SQLException {
        return EngineThreads.run(thread, work);
    }

    private void act(Action action) throws SQLException {
        EngineThreads.run(thread, () -> {
            action.run();
            return true;
        });
    }

    private Result result(Result result) {
        return new ResultOnThread(result, thread);
    }

    private static Prepared plain(Prepared statement) {
        return statement instanceof PreparedOnThread own ? own.plain() : statement;
    }

    @FunctionalInterface
    interface Action {
        void run() throws SQLException;
    }
}
