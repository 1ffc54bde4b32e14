package dev.pando.jdbc.connection;

import dev.pando.sql.session.GeneratedKeys;
import dev.pando.sql.session.Isolation;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SqlType;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.ClientInfoStatus;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.NClob;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.SQLXML;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Struct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Connection} over a {@link Session}, whatever carries it. One thread at a time, but for {@link #close},
 * {@link #abort}, {@link #isValid} and {@link Statement#cancel}.
 */
public final class PandoConnection implements Connection {
    private static final Set<String> CLIENT_INFO = Set.of("ApplicationName", "ClientUser", "ClientHostname");

    private final Session session;
    private final ConnectionInfo info;
    private final AfterClose afterClose;
    private final Set<PandoStatement> statements = Collections.newSetFromMap(new ConcurrentHashMap<>());
    private final AtomicInteger nextSavepoint = new AtomicInteger(1);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Map<String, String> clientInfo = new HashMap<>();
    private @Nullable SQLWarning warning;

    /** What to do once the session is closed. */
    @FunctionalInterface
    public interface AfterClose {
        void run() throws SQLException;
    }

    /** The statement that began to execute last: the session's cancel ends that one's. */
    private volatile @Nullable PandoStatement begunLast;

    /** Takes {@code session} over: it is closed with the connection, and {@code afterClose} is run once then. */
    public PandoConnection(Session session, ConnectionInfo info, AfterClose afterClose) {
        this.session = session;
        this.info = info;
        this.afterClose = afterClose;
    }

    /** The session below. */
    public Session session() throws SQLException {
        checkOpen();
        return session;
    }

    ConnectionInfo info() {
        return info;
    }

    int defaultFetchSize() {
        return info.fetchSize();
    }

    private void checkOpen() throws SQLException {
        if (closed.get()) {
            throw PandoSqlState.CONNECTION_CLOSED.exception("the connection is closed");
        }
    }

    private <T extends PandoStatement> T keep(T statement) {
        statements.add(statement);
        return statement;
    }

    void forget(PandoStatement statement) {
        statements.remove(statement);
    }

    @Override
    public Statement createStatement() throws SQLException {
        checkOpen();
        return keep(new PandoStatement(this));
    }

    @Override
    public Statement createStatement(int type, int concurrency) throws SQLException {
        checkShape(type, concurrency, ResultSet.HOLD_CURSORS_OVER_COMMIT);
        return createStatement();
    }

    @Override
    public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
        checkShape(type, concurrency, holdability);
        return createStatement();
    }

    /* As JDBC has it, what a driver does not offer becomes the nearest that it does, with a warning. */
    private void checkShape(int type, int concurrency, int holdability) throws SQLException {
        checkOpen();
        boolean known =
                Set.of(ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.TYPE_SCROLL_SENSITIVE)
                                .contains(type)
                        && Set.of(ResultSet.CONCUR_READ_ONLY, ResultSet.CONCUR_UPDATABLE)
                                .contains(concurrency)
                        && Set.of(ResultSet.HOLD_CURSORS_OVER_COMMIT, ResultSet.CLOSE_CURSORS_AT_COMMIT)
                                .contains(holdability);
        if (!known) {
            throw JdbcErrors.badArgument("unknown type, concurrency or holdability of a result set");
        }
        if (type != ResultSet.TYPE_FORWARD_ONLY || concurrency != ResultSet.CONCUR_READ_ONLY) {
            warn("result sets go forwards and are only read");
        }
        if (holdability != ResultSet.HOLD_CURSORS_OVER_COMMIT) {
            warn("result sets stay open over a commit");
        }
    }

    private void warn(String message) {
        SQLWarning added = new SQLWarning(message, PandoSqlState.WARNING.code());
        SQLWarning first = warning;
        if (first == null) {
            warning = added;
        } else if (first.getNextWarning() == null) {
            first.setNextWarning(added);
        }
    }

    private PreparedStatement prepare(String sql, GeneratedKeys keys) throws SQLException {
        checkOpen();
        return keep(new PandoPreparedStatement(this, session.prepare(nativeSQL(sql)), keys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql) throws SQLException {
        return prepare(sql, GeneratedKeys.NONE);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
        return prepare(sql, PandoStatement.keys(autoGeneratedKeys));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
        return prepare(sql, PandoStatement.keys(columnIndexes));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
        return prepare(sql, PandoStatement.keys(columnNames));
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
        checkShape(type, concurrency, ResultSet.HOLD_CURSORS_OVER_COMMIT);
        return prepareStatement(sql);
    }

    @Override
    public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
            throws SQLException {
        checkShape(type, concurrency, holdability);
        return prepareStatement(sql);
    }

    @Override
    public CallableStatement prepareCall(String sql) throws SQLException {
        checkOpen();
        CallEscape call = CallEscape.parse(sql);
        return keep(new PandoCallableStatement(this, session.prepare(call.sql()), call.returns()));
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency) throws SQLException {
        checkShape(type, concurrency, ResultSet.HOLD_CURSORS_OVER_COMMIT);
        return prepareCall(sql);
    }

    @Override
    public CallableStatement prepareCall(String sql, int type, int concurrency, int holdability) throws SQLException {
        checkShape(type, concurrency, holdability);
        return prepareCall(sql);
    }

    @Override
    public String nativeSQL(String sql) throws SQLException {
        checkOpen();
        CallEscape call = CallEscape.parse(sql);
        if (call.returns()) {
            throw JdbcErrors.badArgument("use prepareCall for {? = call …}");
        }
        return call.sql();
    }

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        session().setAutoCommit(autoCommit);
    }

    @Override
    public boolean getAutoCommit() throws SQLException {
        return session().autoCommit();
    }

    private void checkNoAutoCommit(String what) throws SQLException {
        if (session().autoCommit()) {
            throw PandoSqlState.TRANSACTION_STATE.exception(what + " in autocommit: call setAutoCommit(false) first");
        }
    }

    @Override
    public void commit() throws SQLException {
        checkNoAutoCommit("there is nothing to commit");
        session.commit();
    }

    @Override
    public void rollback() throws SQLException {
        checkNoAutoCommit("there is nothing to roll back");
        session.rollback();
    }

    @Override
    public Savepoint setSavepoint() throws SQLException {
        checkNoAutoCommit("there are no savepoints");
        int number = nextSavepoint.getAndIncrement();
        PandoSavepoint savepoint = new PandoSavepoint(this, "pando_savepoint_" + number, number);
        session.setSavepoint(savepoint.name());
        return savepoint;
    }

    @Override
    public Savepoint setSavepoint(String name) throws SQLException {
        checkNoAutoCommit("there are no savepoints");
        session.setSavepoint(name);
        return new PandoSavepoint(this, name, 0);
    }

    private String own(Savepoint savepoint) throws SQLException {
        if (savepoint instanceof PandoSavepoint own && own.connection() == this) {
            return own.name();
        }
        throw PandoSqlState.NO_SAVEPOINT.exception("the savepoint is not one of this connection");
    }

    @Override
    public void rollback(Savepoint savepoint) throws SQLException {
        checkNoAutoCommit("there are no savepoints");
        session.rollbackTo(own(savepoint));
    }

    @Override
    public void releaseSavepoint(Savepoint savepoint) throws SQLException {
        checkNoAutoCommit("there are no savepoints");
        session.releaseSavepoint(own(savepoint));
    }

    @Override
    public void close() throws SQLException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        /* The session first: that ends a statement which runs, and closing its result would wait for it. */
        try {
            closeSession();
        } finally {
            for (PandoStatement statement : statements) {
                statement.close();
            }
        }
    }

    private void closeSession() throws SQLException {
        try {
            session.close();
        } finally {
            afterClose.run();
        }
    }

    @Override
    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public void abort(Executor executor) throws SQLException {
        if (closed.compareAndSet(false, true)) {
            executor.execute(() -> {
                try {
                    session.cancel();
                    closeSession();
                } catch (SQLException e) {
                    System.getLogger(PandoConnection.class.getName())
                            .log(System.Logger.Level.WARNING, "an aborted connection did not close cleanly", e);
                }
            });
        }
    }

    @Override
    public boolean isValid(int timeoutSeconds) throws SQLException {
        if (timeoutSeconds < 0) {
            throw JdbcErrors.badArgument("a timeout is not negative");
        }
        Duration timeout = timeoutSeconds == 0 ? info.validTimeout() : Duration.ofSeconds(timeoutSeconds);
        return !closed.get() && session.isValid(timeout);
    }

    @Override
    public DatabaseMetaData getMetaData() throws SQLException {
        checkOpen();
        return new PandoDatabaseMetaData(this);
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        session().setReadOnly(readOnly);
    }

    @Override
    public boolean isReadOnly() throws SQLException {
        return session().readOnly();
    }

    /** Pando has no catalogs: does nothing, as JDBC has it. */
    @Override
    public void setCatalog(@Nullable String catalog) throws SQLException {
        checkOpen();
    }

    @Override
    public @Nullable String getCatalog() throws SQLException {
        checkOpen();
        return null;
    }

    @Override
    public void setSchema(String schema) throws SQLException {
        session().setSchema(schema);
    }

    @Override
    public String getSchema() throws SQLException {
        return session().schema();
    }

    @Override
    public void setTransactionIsolation(int level) throws SQLException {
        session()
                .setIsolation(
                        switch (level) {
                            case TRANSACTION_READ_COMMITTED -> Isolation.READ_COMMITTED;
                            case TRANSACTION_REPEATABLE_READ -> Isolation.REPEATABLE_READ;
                            default ->
                                throw JdbcErrors.refused(
                                        "this isolation level: it has READ COMMITTED and REPEATABLE READ");
                        });
    }

    @Override
    public int getTransactionIsolation() throws SQLException {
        return switch (session().isolation()) {
            case READ_COMMITTED -> TRANSACTION_READ_COMMITTED;
            case REPEATABLE_READ -> TRANSACTION_REPEATABLE_READ;
        };
    }

    @Override
    public @Nullable SQLWarning getWarnings() throws SQLException {
        SQLWarning ofSession = JdbcErrors.chain(session().warnings());
        SQLWarning own = warning;
        if (own == null) {
            return ofSession;
        }
        if (ofSession != null) {
            ofSession.setNextWarning(own);
            return ofSession;
        }
        return own;
    }

    @Override
    public void clearWarnings() throws SQLException {
        session().clearWarnings();
        warning = null;
    }

    @Override
    public void setHoldability(int holdability) throws SQLException {
        checkShape(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, holdability);
    }

    @Override
    public int getHoldability() throws SQLException {
        checkOpen();
        return ResultSet.HOLD_CURSORS_OVER_COMMIT;
    }

    @Override
    public Clob createClob() throws SQLException {
        return createNClob();
    }

    @Override
    public NClob createNClob() throws SQLException {
        checkOpen();
        return new PandoClob("");
    }

    @Override
    public Blob createBlob() throws SQLException {
        checkOpen();
        return new PandoBlob(new byte[0]);
    }

    @Override
    public Array createArrayOf(String typeName, @Nullable Object @Nullable [] elements) throws SQLException {
        checkOpen();
        List<@Nullable Object> values = new ArrayList<>();
        SqlType type = ToSql.typeNamed(typeName);
        for (Object element : elements == null ? List.of() : Arrays.asList(elements)) {
            values.add(ToSql.value(element, type.jdbcType()));
        }
        return new PandoArray(type, values);
    }

    @Override
    public SQLXML createSQLXML() throws SQLException {
        throw JdbcErrors.refused("createSQLXML");
    }

    @Override
    public Struct createStruct(String typeName, Object[] attributes) throws SQLException {
        throw JdbcErrors.refused("createStruct");
    }

    @Override
    public Map<String, Class<?>> getTypeMap() throws SQLException {
        checkOpen();
        return new HashMap<>();
    }

    @Override
    public void setTypeMap(Map<String, Class<?>> map) throws SQLException {
        checkOpen();
        if (!map.isEmpty()) {
            throw JdbcErrors.refused("user-defined types");
        }
    }

    @Override
    public void setClientInfo(String name, @Nullable String value) throws SQLClientInfoException {
        if (closed.get() || !CLIENT_INFO.contains(name)) {
            throw new SQLClientInfoException(
                    closed.get() ? "the connection is closed" : "client information is one of " + CLIENT_INFO,
                    Map.of(
                            name,
                            closed.get() ? ClientInfoStatus.REASON_UNKNOWN : ClientInfoStatus.REASON_UNKNOWN_PROPERTY));
        }
        if (value == null) {
            clientInfo.remove(name);
        } else {
            clientInfo.put(name, value);
        }
    }

    @Override
    public void setClientInfo(Properties properties) throws SQLClientInfoException {
        for (String name : properties.stringPropertyNames()) {
            setClientInfo(name, properties.getProperty(name));
        }
    }

    @Override
    public @Nullable String getClientInfo(String name) throws SQLException {
        checkOpen();
        return clientInfo.get(name);
    }

    @Override
    public Properties getClientInfo() throws SQLException {
        checkOpen();
        Properties properties = new Properties();
        properties.putAll(clientInfo);
        return properties;
    }

    @Override
    public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
        if (milliseconds < 0) {
            throw JdbcErrors.badArgument("a timeout is not negative");
        }
        readTimeout().setReadTimeout(Duration.ofMillis(milliseconds));
    }

    @Override
    public int getNetworkTimeout() throws SQLException {
        return (int) Math.min(Integer.MAX_VALUE, readTimeout().readTimeout().toMillis());
    }

    private ReadTimeout readTimeout() throws SQLException {
        if (session() instanceof ReadTimeout timed) {
            return timed;
        }
        throw JdbcErrors.refused("network timeouts of embedded connections, which have no network");
    }

    @Override
    public <T> T unwrap(Class<T> wanted) throws SQLException {
        return wanted.isInstance(session) ? wanted.cast(session) : JdbcErrors.unwrap(this, wanted);
    }

    @Override
    public boolean isWrapperFor(Class<?> wanted) {
        return wanted.isInstance(session) || wanted.isInstance(this);
    }

    void began(PandoStatement statement) {
        begunLast = statement;
    }

    boolean beganLast(PandoStatement statement) {
        return begunLast == statement;
    }
}
