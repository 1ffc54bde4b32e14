package dev.pando.jdbc.connection;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Text of at most a column's 4 MiB, in memory. Changing it changes no row until it is set as a parameter. */
final class PandoClob implements NClob {
    private @Nullable String text;

    PandoClob(String text) {
        this.text = text;
    }

    private String text() throws SQLException {
        String present = text;
        if (present == null) {
            throw JdbcErrors.closed("clob");
        }
        return present;
    }

    private int offset(long position) throws SQLException {
        int length = text().length();
        if (position < 1 || position > length + 1L) {
            throw JdbcErrors.badArgument("position " + position + " lies outside a text of length " + length);
        }
        return (int) position - 1;
    }

    @Override
    public long length() throws SQLException {
        return text().length();
    }

    @Override
    public String getSubString(long position, int length) throws SQLException {
        int from = offset(position);
        return text().substring(from, Math.min(text().length(), from + length));
    }

    @Override
    public Reader getCharacterStream() throws SQLException {
        return new StringReader(text());
    }

    @Override
    public Reader getCharacterStream(long position, long length) throws SQLException {
        return new StringReader(getSubString(position, (int) Math.min(length, Integer.MAX_VALUE / 2)));
    }

    @Override
    public InputStream getAsciiStream() throws SQLException {
        return new ByteArrayInputStream(text().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public long position(String pattern, long start) throws SQLException {
        int at = text().indexOf(pattern, offset(start));
        return at < 0 ? -1 : at + 1L;
    }

    @Override
    public long position(Clob pattern, long start) throws SQLException {
        return position(pattern.getSubString(1, (int) pattern.length()), start);
    }

    @Override
    public int setString(long position, String added) throws SQLException {
        int at = offset(position);
        String old = text();
        text = old.substring(0, at) + added + old.substring(Math.min(old.length(), at + added.length()));
        return added.length();
    }

    @Override
    public int setString(long position, String added, int offset, int length) throws SQLException {
        return setString(position, added.substring(offset, offset + length));
    }

    @Override
    public OutputStream setAsciiStream(long position) throws SQLException {
        offset(position);
        return new ByteArrayOutputStream() {
            @Override
            public void close() {
                written(position, toString(StandardCharsets.US_ASCII));
            }
        };
    }

    @Override
    public Writer setCharacterStream(long position) throws SQLException {
        offset(position);
        return new StringWriter() {
            @Override
            public void close() {
                written(position, toString());
            }
        };
    }

    private void written(long position, String added) {
        try {
            setString(position, added);
        } catch (SQLException e) {
            throw new IllegalStateException("the clob was freed while it was written", e);
        }
    }

    @Override
    public void truncate(long length) throws SQLException {
        text = text().substring(0, (int) Math.min(length, text().length()));
    }

    @Override
    public void free() {
        text = null;
    }

    @Override
    public String toString() {
        String present = text;
        return present == null ? "(freed)" : present;
    }
}
