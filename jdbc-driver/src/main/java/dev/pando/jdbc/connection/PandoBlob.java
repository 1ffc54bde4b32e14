package dev.pando.jdbc.connection;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Blob;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes of at most a column's 4 MiB, in memory. Changing them changes no row until they are set as a parameter. */
final class PandoBlob implements Blob {
    private byte @Nullable [] bytes;

    PandoBlob(byte[] bytes) {
        this.bytes = bytes;
    }

    private byte[] bytes() throws SQLException {
        byte[] present = bytes;
        if (present == null) {
            throw JdbcErrors.closed("blob");
        }
        return present;
    }

    @Override
    public long length() throws SQLException {
        return bytes().length;
    }

    @Override
    public byte[] getBytes(long position, int length) throws SQLException {
        byte[] all = bytes();
        int from = offset(position, all.length);
        return Arrays.copyOfRange(all, from, from + Math.min(length, all.length - from));
    }

    private static int offset(long position, int length) throws SQLException {
        if (position < 1 || position > length + 1L) {
            throw JdbcErrors.badArgument("position " + position + " lies outside a value of length " + length);
        }
        return (int) position - 1;
    }

    @Override
    public InputStream getBinaryStream() throws SQLException {
        return new ByteArrayInputStream(bytes());
    }

    @Override
    public InputStream getBinaryStream(long position, long length) throws SQLException {
        return new ByteArrayInputStream(getBytes(position, (int) Math.min(length, Integer.MAX_VALUE)));
    }

    @Override
    public long position(byte[] pattern, long start) throws SQLException {
        byte[] all = bytes();
        for (int at = offset(start, all.length); at + pattern.length <= all.length; at++) {
            if (Arrays.equals(all, at, at + pattern.length, pattern, 0, pattern.length)) {
                return at + 1L;
            }
        }
        return -1;
    }

    @Override
    public long position(Blob pattern, long start) throws SQLException {
        return position(pattern.getBytes(1, (int) pattern.length()), start);
    }

    @Override
    public int setBytes(long position, byte[] added) throws SQLException {
        return setBytes(position, added, 0, added.length);
    }

    @Override
    public int setBytes(long position, byte[] added, int offset, int length) throws SQLException {
        byte[] all = bytes();
        int at = offset(position, all.length);
        byte[] changed = Arrays.copyOf(all, Math.max(all.length, at + length));
        System.arraycopy(added, offset, changed, at, length);
        bytes = changed;
        return length;
    }

    @Override
    public OutputStream setBinaryStream(long position) throws SQLException {
        offset(position, bytes().length);
        return new ByteArrayOutputStream() {
            @Override
            public void close() {
                try {
                    setBytes(position, toByteArray());
                } catch (SQLException e) {
                    throw new IllegalStateException("the blob was freed while it was written", e);
                }
            }
        };
    }

    @Override
    public void truncate(long length) throws SQLException {
        bytes = Arrays.copyOf(bytes(), (int) Math.min(length, bytes().length));
    }

    @Override
    public void free() {
        bytes = null;
    }
}
