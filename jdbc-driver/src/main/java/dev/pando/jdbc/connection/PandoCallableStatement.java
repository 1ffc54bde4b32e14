package dev.pando.jdbc.connection;

import dev.pando.sql.session.GeneratedKeys;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Prepared;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSet;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A procedure call. Procedures take values and give rows; of <code>{? = call f(…)}</code> parameter 1 is the first
 * column of the first row that the call gave.
 */
final class PandoCallableStatement extends UnnamedParameters {
    private final boolean returns;
    private @Nullable PandoResultSet returned;

    /** @param returns whether the text began with <code>? =</code> */
    PandoCallableStatement(PandoConnection connection, Prepared prepared, boolean returns) {
        super(connection, prepared, GeneratedKeys.NONE);
        this.returns = returns;
    }

    @Override
    void set(int index, @Nullable Object value) throws SQLException {
        if (returns && index == 1) {
            throw JdbcErrors.badArgument("parameter 1 is what the call returns: register it, do not set it");
        }
        super.set(returns ? index - 1 : index, value);
    }

    @Override
    public boolean execute() throws SQLException {
        returned = null;
        boolean hasRows = super.execute();
        if (!returns) {
            return hasRows;
        }
        ResultSet rows = hasRows ? getResultSet() : null;
        if (!(rows instanceof PandoResultSet set) || !set.next()) {
            throw PandoSqlState.NO_SUBCLASS_DATA.exception("the call returned nothing");
        }
        returned = set;
        return false;
    }

    private PandoResultSet returned(int index) throws SQLException {
        checkOpen();
        if (!returns || index != 1) {
            throw PandoSqlState.PARAMETER_COUNT.exception("parameter " + index + " is no output of this call");
        }
        PandoResultSet row = returned;
        if (row == null) {
            throw PandoSqlState.NOT_IN_STATE.exception("execute the call before reading what it returned");
        }
        return row;
    }

    private void register(int index) throws SQLException {
        checkOpen();
        if (!returns || index != 1) {
            throw PandoSqlState.PARAMETER_COUNT.exception("parameter " + index + " is no output of this call");
        }
    }

    @Override
    public boolean wasNull() throws SQLException {
        return returned(1).wasNull();
    }

    @Override
    public @Nullable Array getArray(int index) throws SQLException {
        return returned(index).getArray(1);
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(int index) throws SQLException {
        return returned(index).getBigDecimal(1);
    }

    @Override
    public @Nullable Blob getBlob(int index) throws SQLException {
        return returned(index).getBlob(1);
    }

    @Override
    public boolean getBoolean(int index) throws SQLException {
        return returned(index).getBoolean(1);
    }

    @Override
    public byte getByte(int index) throws SQLException {
        return returned(index).getByte(1);
    }

    @Override
    public byte @Nullable [] getBytes(int index) throws SQLException {
        return returned(index).getBytes(1);
    }

    @Override
    public @Nullable Reader getCharacterStream(int index) throws SQLException {
        return returned(index).getCharacterStream(1);
    }

    @Override
    public @Nullable Clob getClob(int index) throws SQLException {
        return returned(index).getClob(1);
    }

    @Override
    public @Nullable Date getDate(int index) throws SQLException {
        return returned(index).getDate(1);
    }

    @Override
    public double getDouble(int index) throws SQLException {
        return returned(index).getDouble(1);
    }

    @Override
    public float getFloat(int index) throws SQLException {
        return returned(index).getFloat(1);
    }

    @Override
    public int getInt(int index) throws SQLException {
        return returned(index).getInt(1);
    }

    @Override
    public long getLong(int index) throws SQLException {
        return returned(index).getLong(1);
    }

    @Override
    public @Nullable Reader getNCharacterStream(int index) throws SQLException {
        return returned(index).getNCharacterStream(1);
    }

    @Override
    public @Nullable NClob getNClob(int index) throws SQLException {
        return returned(index).getNClob(1);
    }

    @Override
    public @Nullable String getNString(int index) throws SQLException {
        return returned(index).getNString(1);
    }

    @Override
    public @Nullable Object getObject(int index) throws SQLException {
        return returned(index).getObject(1);
    }

    @Override
    public short getShort(int index) throws SQLException {
        return returned(index).getShort(1);
    }

    @Override
    public @Nullable String getString(int index) throws SQLException {
        return returned(index).getString(1);
    }

    @Override
    public @Nullable Time getTime(int index) throws SQLException {
        return returned(index).getTime(1);
    }

    @Override
    public @Nullable Timestamp getTimestamp(int index) throws SQLException {
        return returned(index).getTimestamp(1);
    }

    @Override
    public @Nullable URL getURL(int index) throws SQLException {
        return returned(index).getURL(1);
    }

    @Override
    public @Nullable Date getDate(int index, @Nullable Calendar calendar) throws SQLException {
        return returned(index).getDate(1, calendar);
    }

    @Override
    public @Nullable Time getTime(int index, @Nullable Calendar calendar) throws SQLException {
        return returned(index).getTime(1, calendar);
    }

    @Override
    public @Nullable Timestamp getTimestamp(int index, @Nullable Calendar calendar) throws SQLException {
        return returned(index).getTimestamp(1, calendar);
    }

    @Deprecated
    @Override
    public @Nullable BigDecimal getBigDecimal(int index, int scale) throws SQLException {
        return returned(index).getBigDecimal(1, scale);
    }

    @Override
    public <T> @Nullable T getObject(int index, Class<T> wanted) throws SQLException {
        return returned(index).getObject(1, wanted);
    }

    @Override
    public @Nullable Object getObject(int index, Map<String, Class<?>> map) throws SQLException {
        return returned(index).getObject(1, map);
    }

    @Override
    public Ref getRef(int index) throws SQLException {
        throw JdbcErrors.refused("getRef");
    }

    @Override
    public RowId getRowId(int index) throws SQLException {
        throw JdbcErrors.refused("getRowId");
    }

    @Override
    public SQLXML getSQLXML(int index) throws SQLException {
        throw JdbcErrors.refused("getSQLXML");
    }

    @Override
    public void registerOutParameter(int index, int jdbcType) throws SQLException {
        register(index);
    }

    @Override
    public void registerOutParameter(int index, int jdbcType, int scale) throws SQLException {
        register(index);
    }

    @Override
    public void registerOutParameter(int index, int jdbcType, String typeName) throws SQLException {
        register(index);
    }

    @Override
    public void registerOutParameter(int index, SQLType type) throws SQLException {
        register(index);
    }

    @Override
    public void registerOutParameter(int index, SQLType type, int scale) throws SQLException {
        register(index);
    }

    @Override
    public void registerOutParameter(int index, SQLType type, String typeName) throws SQLException {
        register(index);
    }
}
