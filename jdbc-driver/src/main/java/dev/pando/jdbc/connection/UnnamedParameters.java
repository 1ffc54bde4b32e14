package dev.pando.jdbc.connection;

import dev.pando.sql.session.GeneratedKeys;
import dev.pando.sql.session.Prepared;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.sql.Array;
import java.sql.Blob;
import java.sql.CallableStatement;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;

/** The methods of a callable statement that name parameters: they have numbers only. */
abstract class UnnamedParameters extends PandoPreparedStatement implements CallableStatement {

    UnnamedParameters(PandoConnection connection, Prepared prepared, GeneratedKeys keys) {
        super(connection, prepared, keys);
    }

    private static SQLException named() {
        return JdbcErrors.refused("parameters by name: use their numbers");
    }

    @Override
    public Array getArray(String name) throws SQLException {
        throw named();
    }

    @Override
    public BigDecimal getBigDecimal(String name) throws SQLException {
        throw named();
    }

    @Override
    public Blob getBlob(String name) throws SQLException {
        throw named();
    }

    @Override
    public boolean getBoolean(String name) throws SQLException {
        throw named();
    }

    @Override
    public byte getByte(String name) throws SQLException {
        throw named();
    }

    @Override
    public byte[] getBytes(String name) throws SQLException {
        throw named();
    }

    @Override
    public Reader getCharacterStream(String name) throws SQLException {
        throw named();
    }

    @Override
    public Clob getClob(String name) throws SQLException {
        throw named();
    }

    @Override
    public Date getDate(String name) throws SQLException {
        throw named();
    }

    @Override
    public Date getDate(String name, Calendar value) throws SQLException {
        throw named();
    }

    @Override
    public double getDouble(String name) throws SQLException {
        throw named();
    }

    @Override
    public float getFloat(String name) throws SQLException {
        throw named();
    }

    @Override
    public int getInt(String name) throws SQLException {
        throw named();
    }

    @Override
    public long getLong(String name) throws SQLException {
        throw named();
    }

    @Override
    public Reader getNCharacterStream(String name) throws SQLException {
        throw named();
    }

    @Override
    public NClob getNClob(String name) throws SQLException {
        throw named();
    }

    @Override
    public String getNString(String name) throws SQLException {
        throw named();
    }

    @Override
    public <T> T getObject(String name, Class<T> value) throws SQLException {
        throw named();
    }

    @Override
    public Object getObject(String name) throws SQLException {
        throw named();
    }

    @Override
    public Object getObject(String name, Map<String, Class<?>> value) throws SQLException {
        throw named();
    }

    @Override
    public Ref getRef(String name) throws SQLException {
        throw named();
    }

    @Override
    public RowId getRowId(String name) throws SQLException {
        throw named();
    }

    @Override
    public SQLXML getSQLXML(String name) throws SQLException {
        throw named();
    }

    @Override
    public short getShort(String name) throws SQLException {
        throw named();
    }

    @Override
    public String getString(String name) throws SQLException {
        throw named();
    }

    @Override
    public Time getTime(String name) throws SQLException {
        throw named();
    }

    @Override
    public Time getTime(String name, Calendar value) throws SQLException {
        throw named();
    }

    @Override
    public Timestamp getTimestamp(String name) throws SQLException {
        throw named();
    }

    @Override
    public Timestamp getTimestamp(String name, Calendar value) throws SQLException {
        throw named();
    }

    @Override
    public URL getURL(String name) throws SQLException {
        throw named();
    }

    @Override
    public void registerOutParameter(String name, int value) throws SQLException {
        throw named();
    }

    @Override
    public void registerOutParameter(String name, int value, int detail) throws SQLException {
        throw named();
    }

    @Override
    public void registerOutParameter(String name, int value, String detail) throws SQLException {
        throw named();
    }

    @Override
    public void registerOutParameter(String name, SQLType value) throws SQLException {
        throw named();
    }

    @Override
    public void registerOutParameter(String name, SQLType value, int detail) throws SQLException {
        throw named();
    }

    @Override
    public void registerOutParameter(String name, SQLType value, String detail) throws SQLException {
        throw named();
    }

    @Override
    public void setAsciiStream(String name, InputStream value) throws SQLException {
        throw named();
    }

    @Override
    public void setAsciiStream(String name, InputStream value, int detail) throws SQLException {
        throw named();
    }

    @Override
    public void setAsciiStream(String name, InputStream value, long detail) throws SQLException {
        throw named();
    }

    @Override
    public void setBigDecimal(String name, BigDecimal value) throws SQLException {
        throw named();
    }

    @Override
    public void setBinaryStream(String name, InputStream value) throws SQLException {
        throw named();
    }

    @Override
    public void setBinaryStream(String name, InputStream value, int detail) throws SQLException {
        throw named();
    }

    @Override
    public void setBinaryStream(String name, InputStream value, long detail) throws SQLException {
        throw named();
    }

    @Override
    public void setBlob(String name, InputStream value) throws SQLException {
        throw named();
    }

    @Override
    public void setBlob(String name, InputStream value, long detail) throws SQLException {
        throw named();
    }

    @Override
    public void setBlob(String name, Blob value) throws SQLException {
        throw named();
    }

    @Override
    public void setBoolean(String name, boolean value) throws SQLException {
        throw named();
    }

    @Override
    public void setByte(String name, byte value) throws SQLException {
        throw named();
    }

    @Override
    public void setBytes(String name, byte[] value) throws SQLException {
        throw named();
    }

    @Override
    public void setCharacterStream(String name, Reader value) throws SQLException {
        throw named();
    }

    @Override
    public void setCharacterStream(String name, Reader value, int detail) throws SQLException {
        throw named();
    }

    @Override
    public void setCharacterStream(String name, Reader value, long detail) throws SQLException {
        throw named();
    }

    @Override
    public void setClob(String name, Reader value) throws SQLException {
        throw named();
    }

    @Override
    public void setClob(String name, Reader value, long detail) throws SQLException {
        throw named();
    }

    @Override
    public void setClob(String name, Clob value) throws SQLException {
        throw named();
    }

    @Override
    public void setDate(String name, Date value) throws SQLException {
        throw named();
    }

    @Override
    public void setDate(String name, Date value, Calendar detail) throws SQLException {
        throw named();
    }

    @Override
    public void setDouble(String name, double value) throws SQLException {
        throw named();
    }

    @Override
    public void setFloat(String name, float value) throws SQLException {
        throw named();
    }

    @Override
    public void setInt(String name, int value) throws SQLException {
        throw named();
    }

    @Override
    public void setLong(String name, long value) throws SQLException {
        throw named();
    }

    @Override
    public void setNCharacterStream(String name, Reader value) throws SQLException {
        throw named();
    }

    @Override
    public void setNCharacterStream(String name, Reader value, long detail) throws SQLException {
        throw named();
    }

    @Override
    public void setNClob(String name, Reader value) throws SQLException {
        throw named();
    }

    @Override
    public void setNClob(String name, Reader value, long detail) throws SQLException {
        throw named();
    }

    @Override
    public void setNClob(String name, NClob value) throws SQLException {
        throw named();
    }

    @Override
    public void setNString(String name, String value) throws SQLException {
        throw named();
    }

    @Override
    public void setNull(String name, int value) throws SQLException {
        throw named();
    }

    @Override
    public void setNull(String name, int value, String detail) throws SQLException {
        throw named();
    }

    @Override
    public void setObject(String name, Object value) throws SQLException {
        throw named();
    }

    @Override
    public void setObject(String name, Object value, int detail) throws SQLException {
        throw named();
    }

    @Override
    public void setObject(String name, Object value, int detail, int length) throws SQLException {
        throw named();
    }

    @Override
    public void setObject(String name, Object value, SQLType detail) throws SQLException {
        throw named();
    }

    @Override
    public void setObject(String name, Object value, SQLType detail, int length) throws SQLException {
        throw named();
    }

    @Override
    public void setRowId(String name, RowId value) throws SQLException {
        throw named();
    }

    @Override
    public void setSQLXML(String name, SQLXML value) throws SQLException {
        throw named();
    }

    @Override
    public void setShort(String name, short value) throws SQLException {
        throw named();
    }

    @Override
    public void setString(String name, String value) throws SQLException {
        throw named();
    }

    @Override
    public void setTime(String name, Time value) throws SQLException {
        throw named();
    }

    @Override
    public void setTime(String name, Time value, Calendar detail) throws SQLException {
        throw named();
    }

    @Override
    public void setTimestamp(String name, Timestamp value) throws SQLException {
        throw named();
    }

    @Override
    public void setTimestamp(String name, Timestamp value, Calendar detail) throws SQLException {
        throw named();
    }

    @Override
    public void setURL(String name, URL value) throws SQLException {
        throw named();
    }
}
