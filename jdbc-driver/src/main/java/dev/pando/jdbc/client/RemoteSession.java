package dev.pando.jdbc.client;

import com.google.protobuf.ByteString;
import dev.pando.jdbc.connection.ReadTimeout;
import dev.pando.jdbc.wire.Messages;
import dev.pando.jdbc.wire.RowPacker;
import dev.pando.jdbc.wire.WholeText;
import dev.pando.jdbc.wire.proto.BatchExecuted;
import dev.pando.jdbc.wire.proto.Cancel;
import dev.pando.jdbc.wire.proto.Command;
import dev.pando.jdbc.wire.proto.Execute;
import dev.pando.jdbc.wire.proto.ExecuteBatch;
import dev.pando.jdbc.wire.proto.Executed;
import dev.pando.jdbc.wire.proto.LoggedIn;
import dev.pando.jdbc.wire.proto.Request;
import dev.pando.jdbc.wire.proto.Response;
import dev.pando.sql.session.BatchResult;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.Isolation;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import dev.pando.sql.session.SqlWarningInfo;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session on a server. What the server tells of the session's state comes with each answer, so questions about it, and
 * changes that change nothing, need no message.
 */
final class RemoteSession implements Session, ReadTimeout {
    /** Bytes of parameters after which a batch goes on in the next message. */
    private static final int BATCH_MESSAGE_BYTES = 1024 * 1024;

    /** How long {@link #close} waits for the server's goodbye. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger(RemoteSession.class.getName());

    private final ServerLink link;
    private final SessionUser user;

    RemoteSession(ServerLink link, SessionUser user, LoggedIn loggedIn) {
        this.link = link;
        this.user = user;
        link.cancelledBy(Cancel.newBuilder()
                .setSessionId(loggedIn.getSessionId())
                .setCancelKey(loggedIn.getCancelKey())
                .build());
    }

    @Override
    public Prepared prepare(String sql) {
        return new RemotePrepared(link, sql);
    }

    @Override
    public Result execute(Prepared statement, @Nullable Object[] parameters, ExecuteOptions options)
            throws SQLException {
        RemotePrepared prepared = (RemotePrepared) statement;
        Execute.Builder execute = Execute.newBuilder().setParameters(RowPacker.packParameters(parameters));
        if (prepared.id() == 0) {
            execute.setSqlToKeep(WholeText.checked(prepared.sql()));
        } else {
            execute.setStatementId(prepared.id());
        }
        return run(execute, prepared, options);
    }

    @Override
    public Result execute(String sql, ExecuteOptions options) throws SQLException {
        return run(Execute.newBuilder().setSql(WholeText.checked(sql)), null, options);
    }

    private Result run(Execute.Builder execute, @Nullable RemotePrepared prepared, ExecuteOptions options)
            throws SQLException {
        execute.setOptions(Messages.options(options)).setFirstRows(options.fetchSize());
        Response response = link.call(Request.newBuilder().setExecute(execute));
        if (!response.hasExecuted()) {
            throw ServerLink.unexpected(response);
        }
        Executed executed = response.getExecuted();
        if (prepared != null && executed.hasPrepared()) {
            prepared.learn(executed.getPrepared());
        }
        Result keys = executed.hasGeneratedKeys() ? RemoteResult.keys(link, executed.getGeneratedKeys()) : null;
        List<SqlWarningInfo> warnings = Messages.warningInfos(executed.getWarningsList());
        if (!executed.hasResultSet()) {
            return RemoteResult.updateCount(link, executed.getUpdateCount(), keys, warnings);
        }
        List<ColumnMeta> columns = columns(executed, prepared);
        return RemoteResult.rows(link, columns, executed.getResultSet(), options.fetchSize(), keys, warnings);
    }

    private static List<ColumnMeta> columns(Executed executed, @Nullable RemotePrepared prepared) throws SQLException {
        if (executed.getResultSet().getColumnsKnown() && prepared != null) {
            return prepared.columns();
        }
        List<ColumnMeta> columns = Messages.columnMetas(executed.getResultSet().getColumnsList());
        if (prepared != null) {
            prepared.learnColumns(columns);
        }
        return columns;
    }

    @Override
    public BatchResult executeBatch(Prepared statement, List<@Nullable Object[]> parameterRows, ExecuteOptions options)
            throws SQLException {
        RemotePrepared prepared = (RemotePrepared) statement;
        List<ByteString> message = new ArrayList<>();
        long bytes = 0;
        boolean continued = false;
        for (@Nullable Object[] row : parameterRows) {
            ByteString packed = RowPacker.packParameters(row);
            if (!message.isEmpty() && bytes + packed.size() > BATCH_MESSAGE_BYTES) {
                link.call(Request.newBuilder()
                        .setExecuteBatch(ExecuteBatch.newBuilder()
                                .addAllParameterRows(message)
                                .setMore(true)
                                .setContinued(continued)));
                continued = true;
                message.clear();
                bytes = 0;
            }
            message.add(packed);
            bytes += packed.size();
        }
        ExecuteBatch.Builder last = ExecuteBatch.newBuilder()
                .addAllParameterRows(message)
                .setContinued(continued)
                .setOptions(Messages.options(options));
        if (prepared.id() == 0) {
            last.setSqlToKeep(WholeText.checked(prepared.sql()));
        } else {
            last.setStatementId(prepared.id());
        }
        Response response = link.call(Request.newBuilder().setExecuteBatch(last));
        if (!response.hasBatchExecuted()) {
            throw ServerLink.unexpected(response);
        }
        BatchExecuted executed = response.getBatchExecuted();
        if (executed.hasPrepared()) {
            prepared.learn(executed.getPrepared());
        }
        return new BatchResult(
                Messages.longs(executed.getUpdateCountsList()),
                executed.hasGeneratedKeys() ? RemoteResult.keys(link, executed.getGeneratedKeys()) : null,
                Messages.warningInfos(executed.getWarningsList()));
    }

    private Response command(Command.Kind kind, boolean flag, String name) throws SQLException {
        return link.call(Request.newBuilder()
                .setCommand(Command.newBuilder().setKind(kind).setFlag(flag).setName(name)));
    }

    private void checkOpen() throws SQLException {
        if (link.broken()) {
            throw PandoSqlState.CONNECTION_CLOSED.exception("the connection is closed");
        }
    }

    @Override
    public boolean autoCommit() throws SQLException {
        checkOpen();
        return link.state().getAutoCommit();
    }

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        if (autoCommit() != autoCommit) {
            command(Command.Kind.SET_AUTO_COMMIT, autoCommit, "");
        }
    }

    @Override
    public void commit() throws SQLException {
        if (inTransaction()) {
            command(Command.Kind.COMMIT, false, "");
        }
    }

    @Override
    public void rollback() throws SQLException {
        if (inTransaction()) {
            command(Command.Kind.ROLLBACK, false, "");
        }
    }

    @Override
    public void setSavepoint(String name) throws SQLException {
        command(Command.Kind.SET_SAVEPOINT, false, name);
    }

    @Override
    public void rollbackTo(String name) throws SQLException {
        command(Command.Kind.ROLLBACK_TO, false, name);
    }

    @Override
    public void releaseSavepoint(String name) throws SQLException {
        command(Command.Kind.RELEASE_SAVEPOINT, false, name);
    }

    @Override
    public boolean readOnly() throws SQLException {
        checkOpen();
        return link.state().getReadOnly();
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        if (readOnly() != readOnly) {
            command(Command.Kind.SET_READ_ONLY, readOnly, "");
        }
    }

    @Override
    public Isolation isolation() throws SQLException {
        checkOpen();
        for (Isolation isolation : Isolation.values()) {
            if (isolation.name().equals(link.state().getIsolation())) {
                return isolation;
            }
        }
        throw PandoSqlState.PROTOCOL_VIOLATION.exception(
                "an unknown isolation level on the wire: " + link.state().getIsolation());
    }

    @Override
    public void setIsolation(Isolation isolation) throws SQLException {
        if (isolation() != isolation) {
            command(Command.Kind.SET_ISOLATION, false, isolation.name());
        }
    }

    @Override
    public String schema() throws SQLException {
        checkOpen();
        return link.state().getSchema();
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        if (!schema().equals(schema)) {
            command(Command.Kind.SET_SCHEMA, false, schema);
        }
    }

    @Override
    public boolean inTransaction() throws SQLException {
        checkOpen();
        return link.state().getInTransaction();
    }

    @Override
    public SessionUser user() {
        return user;
    }

    @Override
    public List<SqlWarningInfo> warnings() throws SQLException {
        checkOpen();
        if (!link.state().getHasWarnings()) {
            return List.of();
        }
        Response response = command(Command.Kind.GET_WARNINGS, false, "");
        return Messages.warningInfos(response.getWarnings().getWarningsList());
    }

    @Override
    public void clearWarnings() throws SQLException {
        checkOpen();
        if (link.state().getHasWarnings()) {
            command(Command.Kind.CLEAR_WARNINGS, false, "");
        }
    }

    @Override
    public Duration readTimeout() {
        return link.readTimeout();
    }

    @Override
    public void setReadTimeout(Duration timeout) throws SQLException {
        link.setReadTimeout(timeout);
    }

    @Override
    public void cancel() throws SQLException {
        if (!link.broken() && link.busy()) {
            link.cancel();
        }
    }

    @Override
    public boolean isValid(Duration timeout) throws SQLException {
        return !link.broken()
                && link.tryCall(
                        Request.newBuilder().setCommand(Command.newBuilder().setKind(Command.Kind.PING)), timeout);
    }

    @Override
    public void close() {
        if (link.broken()) {
            return;
        }
        try {
            if (link.busy()) {
                link.cancel();
            } else {
                link.tryCall(
                        Request.newBuilder().setCommand(Command.newBuilder().setKind(Command.Kind.CLOSE)),
                        CLOSE_TIMEOUT);
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "the server did not say goodbye", e);
        } finally {
            link.cut();
        }
    }
}
