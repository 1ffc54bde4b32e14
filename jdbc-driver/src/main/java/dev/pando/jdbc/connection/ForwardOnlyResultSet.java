package dev.pando.jdbc.connection;

import static dev.pando.jdbc.connection.JdbcErrors.refused;

import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
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

/** What a result set that goes forwards and is only read refuses: moving about, updates, rare types. */
abstract class ForwardOnlyResultSet implements ResultSet {

    @Override
    public boolean absolute(int column) throws SQLException {
        throw refused("absolute");
    }

    @Override
    public void afterLast() throws SQLException {
        throw refused("afterLast");
    }

    @Override
    public void beforeFirst() throws SQLException {
        throw refused("beforeFirst");
    }

    @Override
    public void cancelRowUpdates() throws SQLException {
        throw refused("cancelRowUpdates");
    }

    @Override
    public void deleteRow() throws SQLException {
        throw refused("deleteRow");
    }

    @Override
    public boolean first() throws SQLException {
        throw refused("first");
    }

    @Override
    public String getCursorName() throws SQLException {
        throw refused("getCursorName");
    }

    @Override
    public Ref getRef(int column) throws SQLException {
        throw refused("getRef");
    }

    @Override
    public Ref getRef(String column) throws SQLException {
        throw refused("getRef");
    }

    @Override
    public RowId getRowId(int column) throws SQLException {
        throw refused("getRowId");
    }

    @Override
    public RowId getRowId(String column) throws SQLException {
        throw refused("getRowId");
    }

    @Override
    public SQLXML getSQLXML(int column) throws SQLException {
        throw refused("getSQLXML");
    }

    @Override
    public SQLXML getSQLXML(String column) throws SQLException {
        throw refused("getSQLXML");
    }

    @Deprecated
    @Override
    public InputStream getUnicodeStream(int column) throws SQLException {
        throw refused("getUnicodeStream");
    }

    @Deprecated
    @Override
    public InputStream getUnicodeStream(String column) throws SQLException {
        throw refused("getUnicodeStream");
    }

    @Override
    public void insertRow() throws SQLException {
        throw refused("insertRow");
    }

    @Override
    public boolean last() throws SQLException {
        throw refused("last");
    }

    @Override
    public void moveToCurrentRow() throws SQLException {
        throw refused("moveToCurrentRow");
    }

    @Override
    public void moveToInsertRow() throws SQLException {
        throw refused("moveToInsertRow");
    }

    @Override
    public boolean previous() throws SQLException {
        throw refused("previous");
    }

    @Override
    public void refreshRow() throws SQLException {
        throw refused("refreshRow");
    }

    @Override
    public boolean relative(int column) throws SQLException {
        throw refused("relative");
    }

    @Override
    public void updateArray(int column, Array value) throws SQLException {
        throw refused("updateArray");
    }

    @Override
    public void updateArray(String column, Array value) throws SQLException {
        throw refused("updateArray");
    }

    @Override
    public void updateAsciiStream(int column, InputStream value) throws SQLException {
        throw refused("updateAsciiStream");
    }

    @Override
    public void updateAsciiStream(int column, InputStream value, int detail) throws SQLException {
        throw refused("updateAsciiStream");
    }

    @Override
    public void updateAsciiStream(int column, InputStream value, long detail) throws SQLException {
        throw refused("updateAsciiStream");
    }

    @Override
    public void updateAsciiStream(String column, InputStream value) throws SQLException {
        throw refused("updateAsciiStream");
    }

    @Override
    public void updateAsciiStream(String column, InputStream value, int detail) throws SQLException {
        throw refused("updateAsciiStream");
    }

    @Override
    public void updateAsciiStream(String column, InputStream value, long detail) throws SQLException {
        throw refused("updateAsciiStream");
    }

    @Override
    public void updateBigDecimal(int column, BigDecimal value) throws SQLException {
        throw refused("updateBigDecimal");
    }

    @Override
    public void updateBigDecimal(String column, BigDecimal value) throws SQLException {
        throw refused("updateBigDecimal");
    }

    @Override
    public void updateBinaryStream(int column, InputStream value) throws SQLException {
        throw refused("updateBinaryStream");
    }

    @Override
    public void updateBinaryStream(int column, InputStream value, int detail) throws SQLException {
        throw refused("updateBinaryStream");
    }

    @Override
    public void updateBinaryStream(int column, InputStream value, long detail) throws SQLException {
        throw refused("updateBinaryStream");
    }

    @Override
    public void updateBinaryStream(String column, InputStream value) throws SQLException {
        throw refused("updateBinaryStream");
    }

    @Override
    public void updateBinaryStream(String column, InputStream value, int detail) throws SQLException {
        throw refused("updateBinaryStream");
    }

    @Override
    public void updateBinaryStream(String column, InputStream value, long detail) throws SQLException {
        throw refused("updateBinaryStream");
    }

    @Override
    public void updateBlob(int column, InputStream value) throws SQLException {
        throw refused("updateBlob");
    }

    @Override
    public void updateBlob(int column, InputStream value, long detail) throws SQLException {
        throw refused("updateBlob");
    }

    @Override
    public void updateBlob(int column, Blob value) throws SQLException {
        throw refused("updateBlob");
    }

    @Override
    public void updateBlob(String column, InputStream value) throws SQLException {
        throw refused("updateBlob");
    }

    @Override
    public void updateBlob(String column, InputStream value, long detail) throws SQLException {
        throw refused("updateBlob");
    }

    @Override
    public void updateBlob(String column, Blob value) throws SQLException {
        throw refused("updateBlob");
    }

    @Override
    public void updateBoolean(int column, boolean value) throws SQLException {
        throw refused("updateBoolean");
    }

    @Override
    public void updateBoolean(String column, boolean value) throws SQLException {
        throw refused("updateBoolean");
    }

    @Override
    public void updateByte(int column, byte value) throws SQLException {
        throw refused("updateByte");
    }

    @Override
    public void updateByte(String column, byte value) throws SQLException {
        throw refused("updateByte");
    }

    @Override
    public void updateBytes(int column, byte[] value) throws SQLException {
        throw refused("updateBytes");
    }

    @Override
    public void updateBytes(String column, byte[] value) throws SQLException {
        throw refused("updateBytes");
    }

    @Override
    public void updateCharacterStream(int column, Reader value) throws SQLException {
        throw refused("updateCharacterStream");
    }

    @Override
    public void updateCharacterStream(int column, Reader value, int detail) throws SQLException {
        throw refused("updateCharacterStream");
    }

    @Override
    public void updateCharacterStream(int column, Reader value, long detail) throws SQLException {
        throw refused("updateCharacterStream");
    }

    @Override
    public void updateCharacterStream(String column, Reader value) throws SQLException {
        throw refused("updateCharacterStream");
    }

    @Override
    public void updateCharacterStream(String column, Reader value, int detail) throws SQLException {
        throw refused("updateCharacterStream");
    }

    @Override
    public void updateCharacterStream(String column, Reader value, long detail) throws SQLException {
        throw refused("updateCharacterStream");
    }

    @Override
    public void updateClob(int column, Reader value) throws SQLException {
        throw refused("updateClob");
    }

    @Override
    public void updateClob(int column, Reader value, long detail) throws SQLException {
        throw refused("updateClob");
    }

    @Override
    public void updateClob(int column, Clob value) throws SQLException {
        throw refused("updateClob");
    }

    @Override
    public void updateClob(String column, Reader value) throws SQLException {
        throw refused("updateClob");
    }

    @Override
    public void updateClob(String column, Reader value, long detail) throws SQLException {
        throw refused("updateClob");
    }

    @Override
    public void updateClob(String column, Clob value) throws SQLException {
        throw refused("updateClob");
    }

    @Override
    public void updateDate(int column, Date value) throws SQLException {
        throw refused("updateDate");
    }

    @Override
    public void updateDate(String column, Date value) throws SQLException {
        throw refused("updateDate");
    }

    @Override
    public void updateDouble(int column, double value) throws SQLException {
        throw refused("updateDouble");
    }

    @Override
    public void updateDouble(String column, double value) throws SQLException {
        throw refused("updateDouble");
    }

    @Override
    public void updateFloat(int column, float value) throws SQLException {
        throw refused("updateFloat");
    }

    @Override
    public void updateFloat(String column, float value) throws SQLException {
        throw refused("updateFloat");
    }

    @Override
    public void updateInt(int column, int value) throws SQLException {
        throw refused("updateInt");
    }

    @Override
    public void updateInt(String column, int value) throws SQLException {
        throw refused("updateInt");
    }

    @Override
    public void updateLong(int column, long value) throws SQLException {
        throw refused("updateLong");
    }

    @Override
    public void updateLong(String column, long value) throws SQLException {
        throw refused("updateLong");
    }

    @Override
    public void updateNCharacterStream(int column, Reader value) throws SQLException {
        throw refused("updateNCharacterStream");
    }

    @Override
    public void updateNCharacterStream(int column, Reader value, long detail) throws SQLException {
        throw refused("updateNCharacterStream");
    }

    @Override
    public void updateNCharacterStream(String column, Reader value) throws SQLException {
        throw refused("updateNCharacterStream");
    }

    @Override
    public void updateNCharacterStream(String column, Reader value, long detail) throws SQLException {
        throw refused("updateNCharacterStream");
    }

    @Override
    public void updateNClob(int column, Reader value) throws SQLException {
        throw refused("updateNClob");
    }

    @Override
    public void updateNClob(int column, Reader value, long detail) throws SQLException {
        throw refused("updateNClob");
    }

    @Override
    public void updateNClob(int column, NClob value) throws SQLException {
        throw refused("updateNClob");
    }

    @Override
    public void updateNClob(String column, Reader value) throws SQLException {
        throw refused("updateNClob");
    }

    @Override
    public void updateNClob(String column, Reader value, long detail) throws SQLException {
        throw refused("updateNClob");
    }

    @Override
    public void updateNClob(String column, NClob value) throws SQLException {
        throw refused("updateNClob");
    }

    @Override
    public void updateNString(int column, String value) throws SQLException {
        throw refused("updateNString");
    }

    @Override
    public void updateNString(String column, String value) throws SQLException {
        throw refused("updateNString");
    }

    @Override
    public void updateNull(int column) throws SQLException {
        throw refused("updateNull");
    }

    @Override
    public void updateNull(String column) throws SQLException {
        throw refused("updateNull");
    }

    @Override
    public void updateObject(int column, Object value) throws SQLException {
        throw refused("updateObject");
    }

    @Override
    public void updateObject(int column, Object value, int detail) throws SQLException {
        throw refused("updateObject");
    }

    @Override
    public void updateObject(String column, Object value) throws SQLException {
        throw refused("updateObject");
    }

    @Override
    public void updateObject(String column, Object value, int detail) throws SQLException {
        throw refused("updateObject");
    }

    @Override
    public void updateObject(int column, Object value, SQLType detail) throws SQLException {
        throw refused("updateObject");
    }

    @Override
    public void updateObject(int column, Object value, SQLType detail, int length) throws SQLException {
        throw refused("updateObject");
    }

    @Override
    public void updateObject(String column, Object value, SQLType detail) throws SQLException {
        throw refused("updateObject");
    }

    @Override
    public void updateObject(String column, Object value, SQLType detail, int length) throws SQLException {
        throw refused("updateObject");
    }

    @Override
    public void updateRef(int column, Ref value) throws SQLException {
        throw refused("updateRef");
    }

    @Override
    public void updateRef(String column, Ref value) throws SQLException {
        throw refused("updateRef");
    }

    @Override
    public void updateRow() throws SQLException {
        throw refused("updateRow");
    }

    @Override
    public void updateRowId(int column, RowId value) throws SQLException {
        throw refused("updateRowId");
    }

    @Override
    public void updateRowId(String column, RowId value) throws SQLException {
        throw refused("updateRowId");
    }

    @Override
    public void updateSQLXML(int column, SQLXML value) throws SQLException {
        throw refused("updateSQLXML");
    }

    @Override
    public void updateSQLXML(String column, SQLXML value) throws SQLException {
        throw refused("updateSQLXML");
    }

    @Override
    public void updateShort(int column, short value) throws SQLException {
        throw refused("updateShort");
    }

    @Override
    public void updateShort(String column, short value) throws SQLException {
        throw refused("updateShort");
    }

    @Override
    public void updateString(int column, String value) throws SQLException {
        throw refused("updateString");
    }

    @Override
    public void updateString(String column, String value) throws SQLException {
        throw refused("updateString");
    }

    @Override
    public void updateTime(int column, Time value) throws SQLException {
        throw refused("updateTime");
    }

    @Override
    public void updateTime(String column, Time value) throws SQLException {
        throw refused("updateTime");
    }

    @Override
    public void updateTimestamp(int column, Timestamp value) throws SQLException {
        throw refused("updateTimestamp");
    }

    @Override
    public void updateTimestamp(String column, Timestamp value) throws SQLException {
        throw refused("updateTimestamp");
    }
}
