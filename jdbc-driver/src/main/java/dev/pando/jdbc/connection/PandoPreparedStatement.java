package dev.pando.jdbc.connection;

import dev.pando.sql.session.BatchResult;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.GeneratedKeys;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Prepared;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link PreparedStatement} over a session. */
class PandoPreparedStatement extends PandoStatement implements PreparedStatement {
    /** Parameters of one statement; 54000 beyond. */
    static final int PARAMETERS_MAX = 32_767;

    /** Stands for a parameter that nobody set. */
    private static final Object UNSET = new Object();

    private final Prepared prepared;
    private final GeneratedKeys keys;
    private final List<@Nullable Object[]> batch = new ArrayList<>();
    private @Nullable Object[] parameters = new Object[0];

    PandoPreparedStatement(PandoConnection connection, Prepared prepared, GeneratedKeys keys) {
        super(connection);
        this.prepared = prepared;
        this.keys = keys;
    }

    @Override
    void checkTextAllowed() throws SQLException {
        throw JdbcErrors.badArgument("this statement is prepared: run it without a text");
    }

    /** Sets parameter {@code index}, from 1, to a value in its representation. */
    void set(int index, @Nullable Object value) throws SQLException {
        checkOpen();
        if (index < 1 || index > PARAMETERS_MAX) {
            throw PandoSqlState.PARAMETER_COUNT.exception("there is no parameter " + index);
        }
        if (index > parameters.length) {
            int length = parameters.length;
            parameters = Arrays.copyOf(parameters, index);
            Arrays.fill(parameters, length, index, UNSET);
        }
        parameters[index - 1] = value;
    }

    private @Nullable Object[] takeParameters() throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            if (parameters[i] == UNSET) {
                throw PandoSqlState.PARAMETER_COUNT.exception("parameter " + (i + 1) + " is not set");
            }
        }
        return parameters.clone();
    }

    @Override
    public boolean execute() throws SQLException {
        reset();
        @Nullable Object[] values = takeParameters();
        boolean rows = false;
        runs(true);
        try {
            rows = take(session().execute(prepared, values, options(keys)));
            return rows;
        } finally {
            runs(rows);
        }
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        return requireRows(execute());
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        return requireCount(execute());
    }

    @Override
    public int executeUpdate() throws SQLException {
        return narrow(executeLargeUpdate());
    }

    @Override
    public void addBatch() throws SQLException {
        checkOpen();
        if (batch.size() >= BATCH_STATEMENTS_MAX) {
            throw PandoSqlState.TOO_LARGE.exception("a batch has " + BATCH_STATEMENTS_MAX + " rows at most");
        }
        batch.add(takeParameters());
    }

    @Override
    public void clearBatch() throws SQLException {
        checkOpen();
        batch.clear();
    }

    @Override
    public long[] executeLargeBatch() throws SQLException {
        reset();
        List<@Nullable Object[]> rows = new ArrayList<>(batch);
        batch.clear();
        if (rows.isEmpty()) {
            return new long[0];
        }
        runs(true);
        try {
            BatchResult result = session().executeBatch(prepared, rows, options(keys));
            takeKeys(result.generatedKeys(), result.warnings());
            return result.updateCounts();
        } finally {
            runs(false);
        }
    }

    @Override
    public void clearParameters() throws SQLException {
        checkOpen();
        parameters = new Object[0];
    }

    @Override
    public @Nullable ResultSetMetaData getMetaData() throws SQLException {
        checkOpen();
        List<ColumnMeta> columns = prepared.columns();
        return columns.isEmpty() ? null : new PandoResultSetMetaData(columns);
    }

    @Override
    public ParameterMetaData getParameterMetaData() throws SQLException {
        checkOpen();
        return new PandoParameterMetaData(prepared.parameters());
    }

    @Override
    public void close() throws SQLException {
        if (!isClosed()) {
            try {
                super.close();
            } finally {
                prepared.close();
            }
        }
    }

    @Override
    public void setNull(int index, int jdbcType) throws SQLException {
        set(index, null);
    }

    @Override
    public void setNull(int index, int jdbcType, @Nullable String typeName) throws SQLException {
        set(index, null);
    }

    @Override
    public void setBoolean(int index, boolean value) throws SQLException {
        set(index, value);
    }

    @Override
    public void setByte(int index, byte value) throws SQLException {
        set(index, value);
    }

    @Override
    public void setShort(int index, short value) throws SQLException {
        set(index, value);
    }

    @Override
    public void setInt(int index, int value) throws SQLException {
        set(index, value);
    }

    @Override
    public void setLong(int index, long value) throws SQLException {
        set(index, value);
    }

    @Override
    public void setFloat(int index, float value) throws SQLException {
        set(index, value);
    }

    @Override
    public void setDouble(int index, double value) throws SQLException {
        set(index, value);
    }

    @Override
    public void setBigDecimal(int index, @Nullable BigDecimal value) throws SQLException {
        set(index, value);
    }

    @Override
    public void setString(int index, @Nullable String value) throws SQLException {
        set(index, value);
    }

    @Override
    public void setNString(int index, @Nullable String value) throws SQLException {
        set(index, value);
    }

    @Override
    public void setBytes(int index, byte @Nullable [] value) throws SQLException {
        set(index, ToSql.value(value));
    }

    @Override
    public void setDate(int index, @Nullable Date value) throws SQLException {
        set(index, ToSql.value(value));
    }

    @Override
    public void setDate(int index, @Nullable Date value, @Nullable Calendar calendar) throws SQLException {
        set(index, value == null ? null : ToSql.date(value, calendar));
    }

    @Override
    public void setTime(int index, @Nullable Time value) throws SQLException {
        set(index, ToSql.value(value));
    }

    @Override
    public void setTime(int index, @Nullable Time value, @Nullable Calendar calendar) throws SQLException {
        set(index, value == null ? null : ToSql.time(value, calendar));
    }

    @Override
    public void setTimestamp(int index, @Nullable Timestamp value) throws SQLException {
        set(index, ToSql.value(value));
    }

    @Override
    public void setTimestamp(int index, @Nullable Timestamp value, @Nullable Calendar calendar) throws SQLException {
        set(index, value == null ? null : ToSql.timestamp(value, calendar));
    }

    @Override
    public void setObject(int index, @Nullable Object value) throws SQLException {
        set(index, ToSql.value(value));
    }

    @Override
    public void setObject(int index, @Nullable Object value, int jdbcType) throws SQLException {
        set(index, ToSql.value(value, jdbcType));
    }

    @Override
    public void setObject(int index, @Nullable Object value, int jdbcType, int scaleOrLength) throws SQLException {
        Object converted = ToSql.value(value, jdbcType);
        set(index, converted instanceof BigDecimal decimal ? FromSql.toDecimal(decimal, scaleOrLength) : converted);
    }

    @Override
    public void setObject(int index, @Nullable Object value, SQLType type) throws SQLException {
        setObject(index, value, ToSql.jdbcType(type));
    }

    @Override
    public void setObject(int index, @Nullable Object value, SQLType type, int scaleOrLength) throws SQLException {
        setObject(index, value, ToSql.jdbcType(type), scaleOrLength);
    }

    @Override
    public void setAsciiStream(int index, @Nullable InputStream value, int length) throws SQLException {
        setAsciiStream(index, value, (long) length);
    }

    @Override
    public void setAsciiStream(int index, @Nullable InputStream value, long length) throws SQLException {
        set(index, value == null ? null : ToSql.ascii(value, length));
    }

    @Override
    public void setAsciiStream(int index, @Nullable InputStream value) throws SQLException {
        setAsciiStream(index, value, Long.MAX_VALUE);
    }

    @Deprecated
    @Override
    public void setUnicodeStream(int index, @Nullable InputStream value, int length) throws SQLException {
        throw JdbcErrors.refused("setUnicodeStream");
    }

    @Override
    public void setBinaryStream(int index, @Nullable InputStream value, int length) throws SQLException {
        setBinaryStream(index, value, (long) length);
    }

    @Override
    public void setBinaryStream(int index, @Nullable InputStream value, long length) throws SQLException {
        set(index, value == null ? null : ToSql.bytes(value, length));
    }

    @Override
    public void setBinaryStream(int index, @Nullable InputStream value) throws SQLException {
        setBinaryStream(index, value, Long.MAX_VALUE);
    }

    @Override
    public void setCharacterStream(int index, @Nullable Reader value, int length) throws SQLException {
        setCharacterStream(index, value, (long) length);
    }

    @Override
    public void setCharacterStream(int index, @Nullable Reader value, long length) throws SQLException {
        set(index, value == null ? null : ToSql.text(value, length));
    }

    @Override
    public void setCharacterStream(int index, @Nullable Reader value) throws SQLException {
        setCharacterStream(index, value, Long.MAX_VALUE);
    }

    @Override
    public void setNCharacterStream(int index, @Nullable Reader value, long length) throws SQLException {
        setCharacterStream(index, value, length);
    }

    @Override
    public void setNCharacterStream(int index, @Nullable Reader value) throws SQLException {
        setCharacterStream(index, value);
    }

    @Override
    public void setBlob(int index, @Nullable Blob value) throws SQLException {
        set(index, ToSql.value(value));
    }

    @Override
    public void setBlob(int index, @Nullable InputStream value, long length) throws SQLException {
        setBinaryStream(index, value, length);
    }

    @Override
    public void setBlob(int index, @Nullable InputStream value) throws SQLException {
        setBinaryStream(index, value);
    }

    @Override
    public void setClob(int index, @Nullable Clob value) throws SQLException {
        set(index, ToSql.value(value));
    }

    @Override
    public void setClob(int index, @Nullable Reader value, long length) throws SQLException {
        setCharacterStream(index, value, length);
    }

    @Override
    public void setClob(int index, @Nullable Reader value) throws SQLException {
        setCharacterStream(index, value);
    }

    @Override
    public void setNClob(int index, @Nullable NClob value) throws SQLException {
        set(index, ToSql.value(value));
    }

    @Override
    public void setNClob(int index, @Nullable Reader value, long length) throws SQLException {
        setCharacterStream(index, value, length);
    }

    @Override
    public void setNClob(int index, @Nullable Reader value) throws SQLException {
        setCharacterStream(index, value);
    }

    @Override
    public void setArray(int index, @Nullable Array value) throws SQLException {
        set(index, ToSql.value(value));
    }

    @Override
    public void setURL(int index, @Nullable URL value) throws SQLException {
        set(index, value == null ? null : value.toString());
    }

    @Override
    public void setRef(int index, @Nullable Ref value) throws SQLException {
        throw JdbcErrors.refused("setRef");
    }

    @Override
    public void setRowId(int index, @Nullable RowId value) throws SQLException {
        throw JdbcErrors.refused("setRowId");
    }

    @Override
    public void setSQLXML(int index, @Nullable SQLXML value) throws SQLException {
        throw JdbcErrors.refused("setSQLXML");
    }
}
