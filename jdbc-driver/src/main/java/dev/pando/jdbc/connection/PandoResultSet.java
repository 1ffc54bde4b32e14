package dev.pando.jdbc.connection;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.SqlType;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a {@link Result}, forwards. One thread at a time, as all of JDBC but cancel and close. */
final class PandoResultSet extends ForwardOnlyResultSet {
    /** Rows taken from the session at once when nobody names a fetch size. */
    private static final int FETCH_ROWS_DEFAULT = 100;

    private final @Nullable PandoStatement statement;
    private final Result result;
    private final List<ColumnMeta> columns;
    private @Nullable Map<String, Integer> byLabel;
    private int fetchSize;
    private List<@Nullable Object[]> page = List.of();
    private int nextInPage;
    private @Nullable Object @Nullable [] row;
    private long rowNumber;
    private boolean afterLast;
    private boolean wasNull;
    private boolean closed;
    private volatile boolean cancelled;

    /** @param statement whose result it is; null for rows that the driver made */
    PandoResultSet(@Nullable PandoStatement statement, Result result, int fetchSize) {
        this.statement = statement;
        this.result = result;
        this.columns = result.columns();
        this.fetchSize = fetchSize;
    }

    private void checkOpen() throws SQLException {
        if (closed) {
            throw JdbcErrors.closed("result set");
        }
    }

    /** Lets no more rows be read. From any thread. */
    void cancel() {
        cancelled = true;
    }

    private List<@Nullable Object[]> fetch() throws SQLException {
        if (cancelled) {
            throw PandoSqlState.CANCELLED.exception("the statement was cancelled");
        }
        return result.fetch(fetchSize > 0 ? fetchSize : FETCH_ROWS_DEFAULT);
    }

    @Override
    public boolean next() throws SQLException {
        checkOpen();
        if (afterLast) {
            return false;
        }
        if (nextInPage == page.size()) {
            page = fetch();
            nextInPage = 0;
        }
        if (page.isEmpty()) {
            row = null;
            afterLast = true;
            return false;
        }
        row = page.get(nextInPage++);
        rowNumber++;
        return true;
    }

    @Override
    public void close() throws SQLException {
        if (!closed) {
            closed = true;
            row = null;
            page = List.of();
            result.close();
            if (statement != null) {
                statement.resultClosed(this);
            }
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /* The value of a column of this row, from 1. */
    private @Nullable Object value(int column) throws SQLException {
        checkOpen();
        @Nullable Object[] present = row;
        if (present == null) {
            throw PandoSqlState.NOT_IN_STATE.exception(
                    afterLast ? "the result set is behind its last row" : "call next() before reading the first row");
        }
        if (column < 1 || column > present.length) {
            throw PandoSqlState.NO_COLUMN.exception(
                    "there is no column " + column + "; the result has " + present.length);
        }
        Object value = present[column - 1];
        wasNull = value == null;
        return value;
    }

    private SqlType type(int column) {
        return columns.get(column - 1).type();
    }

    @Override
    public int findColumn(String label) throws SQLException {
        checkOpen();
        Map<String, Integer> positions = byLabel;
        if (positions == null) {
            positions = new HashMap<>();
            for (int i = columns.size(); i > 0; i--) {
                positions.put(columns.get(i - 1).name().toLowerCase(Locale.ROOT), i);
            }
            for (int i = columns.size(); i > 0; i--) {
                positions.put(columns.get(i - 1).label().toLowerCase(Locale.ROOT), i);
            }
            byLabel = positions;
        }
        Integer position = positions.get(label.toLowerCase(Locale.ROOT));
        if (position == null) {
            throw PandoSqlState.NO_COLUMN.exception("the result has no column '" + label + "'; it has "
                    + String.join(", ", columns.stream().map(ColumnMeta::label).toList()));
        }
        return position;
    }

    @Override
    public boolean wasNull() throws SQLException {
        checkOpen();
        return wasNull;
    }

    @Override
    public @Nullable String getString(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toText(value);
    }

    @Override
    public boolean getBoolean(int column) throws SQLException {
        Object value = value(column);
        return value != null && FromSql.toBoolean(value);
    }

    @Override
    public byte getByte(int column) throws SQLException {
        Object value = value(column);
        return value == null ? 0 : (byte) FromSql.toLong(value, Byte.MIN_VALUE, Byte.MAX_VALUE, "a byte");
    }

    @Override
    public short getShort(int column) throws SQLException {
        Object value = value(column);
        return value == null ? 0 : (short) FromSql.toLong(value, Short.MIN_VALUE, Short.MAX_VALUE, "a short");
    }

    @Override
    public int getInt(int column) throws SQLException {
        Object value = value(column);
        return value == null ? 0 : (int) FromSql.toLong(value, Integer.MIN_VALUE, Integer.MAX_VALUE, "an int");
    }

    @Override
    public long getLong(int column) throws SQLException {
        Object value = value(column);
        return value == null ? 0 : FromSql.toLong(value, Long.MIN_VALUE, Long.MAX_VALUE, "a long");
    }

    @Override
    public float getFloat(int column) throws SQLException {
        Object value = value(column);
        return value == null ? 0 : FromSql.toFloat(value);
    }

    @Override
    public double getDouble(int column) throws SQLException {
        Object value = value(column);
        return value == null ? 0 : FromSql.toDouble(value);
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toDecimal(value);
    }

    @Deprecated
    @Override
    public @Nullable BigDecimal getBigDecimal(int column, int scale) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toDecimal(value, scale);
    }

    @Override
    public byte @Nullable [] getBytes(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toBytes(value);
    }

    @Override
    public @Nullable Date getDate(int column) throws SQLException {
        return getDate(column, null);
    }

    @Override
    public @Nullable Date getDate(int column, @Nullable Calendar calendar) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toDate(value, calendar);
    }

    @Override
    public @Nullable Time getTime(int column) throws SQLException {
        return getTime(column, null);
    }

    @Override
    public @Nullable Time getTime(int column, @Nullable Calendar calendar) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toTime(value, calendar);
    }

    @Override
    public @Nullable Timestamp getTimestamp(int column) throws SQLException {
        return getTimestamp(column, null);
    }

    @Override
    public @Nullable Timestamp getTimestamp(int column, @Nullable Calendar calendar) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toTimestamp(value, calendar);
    }

    @Override
    public @Nullable InputStream getAsciiStream(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toStream(FromSql.toText(value).getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public @Nullable InputStream getBinaryStream(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toStream(value);
    }

    @Override
    public @Nullable Reader getCharacterStream(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toReader(value);
    }

    @Override
    public @Nullable Reader getNCharacterStream(int column) throws SQLException {
        return getCharacterStream(column);
    }

    @Override
    public @Nullable String getNString(int column) throws SQLException {
        return getString(column);
    }

    @Override
    public @Nullable Object getObject(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toDefault(value, type(column));
    }

    @Override
    public <T> @Nullable T getObject(int column, Class<T> wanted) throws SQLException {
        Object value = value(column);
        return value == null ? null : FromSql.toClass(value, type(column), wanted);
    }

    @Override
    public @Nullable Object getObject(int column, Map<String, Class<?>> map) throws SQLException {
        if (!map.isEmpty()) {
            throw JdbcErrors.refused("user-defined types");
        }
        return getObject(column);
    }

    @Override
    public @Nullable Blob getBlob(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : new PandoBlob(FromSql.toBytes(value));
    }

    @Override
    public @Nullable Clob getClob(int column) throws SQLException {
        return getNClob(column);
    }

    @Override
    public @Nullable NClob getNClob(int column) throws SQLException {
        Object value = value(column);
        return value == null ? null : new PandoClob(FromSql.toText(value));
    }

    @Override
    public @Nullable Array getArray(int column) throws SQLException {
        Object value = value(column);
        if (value instanceof List<?> list) {
            return new PandoArray(columns.get(column - 1).elementType(), list);
        }
        return value == null ? null : FromSql.toArray(value);
    }

    @Override
    public @Nullable URL getURL(int column) throws SQLException {
        Object value = value(column);
        try {
            return value == null ? null : new URL(FromSql.toText(value));
        } catch (MalformedURLException e) {
            throw PandoSqlState.BAD_CAST.exception("'" + value + "' cannot be read as a URL", e);
        }
    }

    @Override
    public @Nullable String getString(String label) throws SQLException {
        return getString(findColumn(label));
    }

    @Override
    public boolean getBoolean(String label) throws SQLException {
        return getBoolean(findColumn(label));
    }

    @Override
    public byte getByte(String label) throws SQLException {
        return getByte(findColumn(label));
    }

    @Override
    public short getShort(String label) throws SQLException {
        return getShort(findColumn(label));
    }

    @Override
    public int getInt(String label) throws SQLException {
        return getInt(findColumn(label));
    }

    @Override
    public long getLong(String label) throws SQLException {
        return getLong(findColumn(label));
    }

    @Override
    public float getFloat(String label) throws SQLException {
        return getFloat(findColumn(label));
    }

    @Override
    public double getDouble(String label) throws SQLException {
        return getDouble(findColumn(label));
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(String label) throws SQLException {
        return getBigDecimal(findColumn(label));
    }

    @Override
    public byte @Nullable [] getBytes(String label) throws SQLException {
        return getBytes(findColumn(label));
    }

    @Override
    public @Nullable Date getDate(String label) throws SQLException {
        return getDate(findColumn(label));
    }

    @Override
    public @Nullable Time getTime(String label) throws SQLException {
        return getTime(findColumn(label));
    }

    @Override
    public @Nullable Timestamp getTimestamp(String label) throws SQLException {
        return getTimestamp(findColumn(label));
    }

    @Override
    public @Nullable InputStream getAsciiStream(String label) throws SQLException {
        return getAsciiStream(findColumn(label));
    }

    @Override
    public @Nullable InputStream getBinaryStream(String label) throws SQLException {
        return getBinaryStream(findColumn(label));
    }

    @Override
    public @Nullable Reader getCharacterStream(String label) throws SQLException {
        return getCharacterStream(findColumn(label));
    }

    @Override
    public @Nullable Reader getNCharacterStream(String label) throws SQLException {
        return getNCharacterStream(findColumn(label));
    }

    @Override
    public @Nullable String getNString(String label) throws SQLException {
        return getNString(findColumn(label));
    }

    @Override
    public @Nullable Object getObject(String label) throws SQLException {
        return getObject(findColumn(label));
    }

    @Override
    public @Nullable Blob getBlob(String label) throws SQLException {
        return getBlob(findColumn(label));
    }

    @Override
    public @Nullable Clob getClob(String label) throws SQLException {
        return getClob(findColumn(label));
    }

    @Override
    public @Nullable NClob getNClob(String label) throws SQLException {
        return getNClob(findColumn(label));
    }

    @Override
    public @Nullable Array getArray(String label) throws SQLException {
        return getArray(findColumn(label));
    }

    @Override
    public @Nullable URL getURL(String label) throws SQLException {
        return getURL(findColumn(label));
    }

    @Deprecated
    @Override
    public @Nullable BigDecimal getBigDecimal(String label, int scale) throws SQLException {
        return getBigDecimal(findColumn(label), scale);
    }

    @Override
    public @Nullable Date getDate(String label, @Nullable Calendar calendar) throws SQLException {
        return getDate(findColumn(label), calendar);
    }

    @Override
    public @Nullable Time getTime(String label, @Nullable Calendar calendar) throws SQLException {
        return getTime(findColumn(label), calendar);
    }

    @Override
    public @Nullable Timestamp getTimestamp(String label, @Nullable Calendar calendar) throws SQLException {
        return getTimestamp(findColumn(label), calendar);
    }

    @Override
    public <T> @Nullable T getObject(String label, Class<T> wanted) throws SQLException {
        return getObject(findColumn(label), wanted);
    }

    @Override
    public @Nullable Object getObject(String label, Map<String, Class<?>> map) throws SQLException {
        return getObject(findColumn(label), map);
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        checkOpen();
        return new PandoResultSetMetaData(columns);
    }

    @Override
    public @Nullable Statement getStatement() throws SQLException {
        checkOpen();
        return statement;
    }

    @Override
    public @Nullable SQLWarning getWarnings() throws SQLException {
        checkOpen();
        return null;
    }

    @Override
    public void clearWarnings() throws SQLException {
        checkOpen();
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        checkOpen();
        if (rowNumber > 0 || afterLast) {
            return false;
        }
        if (page.isEmpty()) {
            page = fetch();
            nextInPage = 0;
        }
        return !page.isEmpty();
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        checkOpen();
        return afterLast && rowNumber > 0;
    }

    @Override
    public boolean isFirst() throws SQLException {
        checkOpen();
        return row != null && rowNumber == 1;
    }

    @Override
    public boolean isLast() throws SQLException {
        throw JdbcErrors.refused("isLast");
    }

    @Override
    public int getRow() throws SQLException {
        checkOpen();
        return row == null ? 0 : (int) rowNumber;
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        checkOpen();
        if (direction != FETCH_FORWARD) {
            throw JdbcErrors.refused("fetching in another direction than forwards");
        }
    }

    @Override
    public int getFetchDirection() throws SQLException {
        checkOpen();
        return FETCH_FORWARD;
    }

    @Override
    public void setFetchSize(int rows) throws SQLException {
        checkOpen();
        if (rows < 0) {
            throw JdbcErrors.badArgument("a fetch size is not negative");
        }
        fetchSize = rows;
    }

    @Override
    public int getFetchSize() throws SQLException {
        checkOpen();
        return fetchSize;
    }

    @Override
    public int getType() throws SQLException {
        checkOpen();
        return TYPE_FORWARD_ONLY;
    }

    @Override
    public int getConcurrency() throws SQLException {
        checkOpen();
        return CONCUR_READ_ONLY;
    }

    @Override
    public int getHoldability() throws SQLException {
        checkOpen();
        return ResultSet.HOLD_CURSORS_OVER_COMMIT;
    }

    @Override
    public boolean rowUpdated() {
        return false;
    }

    @Override
    public boolean rowInserted() {
        return false;
    }

    @Override
    public boolean rowDeleted() {
        return false;
    }

    @Override
    public <T> T unwrap(Class<T> wanted) throws SQLException {
        return JdbcErrors.unwrap(this, wanted);
    }

    @Override
    public boolean isWrapperFor(Class<?> wanted) {
        return wanted.isInstance(this);
    }
}
