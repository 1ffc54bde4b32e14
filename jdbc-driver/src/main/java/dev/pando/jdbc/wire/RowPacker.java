package dev.pando.jdbc.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import dev.pando.jdbc.wire.proto.Rows;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.SqlType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows packed into one byte string: for each row a bitmap of its NULLs (column i is bit i mod 8 of byte i / 8), then
 * the values that are not NULL. Collects on one thread.
 */
public final class RowPacker {
    private final SqlType[] types;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes, 512);
    private int count;

    public RowPacker(List<ColumnMeta> columns) {
        types = typesOf(columns);
    }

    private static SqlType[] typesOf(List<ColumnMeta> columns) {
        return columns.stream().map(ColumnMeta::type).toArray(SqlType[]::new);
    }

    /** Adds a row with one value for each column. */
    public void add(@Nullable Object[] row) throws SQLException {
        try {
            for (int at = 0; at < types.length; at += 8) {
                int nulls = 0;
                for (int i = at; i < Math.min(at + 8, types.length); i++) {
                    if (row[i] == null) {
                        nulls |= 1 << (i - at);
                    }
                }
                out.writeRawByte((byte) nulls);
            }
            for (int i = 0; i < types.length; i++) {
                Object value = row[i];
                if (value == null) {
                    continue;
                }
                if (ValueCodec.tagged(types[i])) {
                    ValueCodec.writeTagged(out, value);
                } else {
                    ValueCodec.write(out, types[i], value);
                }
            }
            count++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int count() {
        return count;
    }

    /** Bytes so far, to within the buffer of a few hundred. */
    public int sizeEstimate() {
        return bytes.size();
    }

    /** The message of these rows. */
    public Rows finish(boolean last) {
        try {
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Rows.newBuilder()
                .setPacked(ByteString.copyFrom(bytes.toByteArray()))
                .setCount(count)
                .setLast(last)
                .build();
    }

    /** The rows of a message. */
    public static List<@Nullable Object[]> unpack(Rows rows, List<ColumnMeta> columns) throws SQLException {
        SqlType[] types = typesOf(columns);
        int bitmapBytes = (types.length + 7) / 8;
        try {
            CodedInputStream in = rows.getPacked().newCodedInput();
            List<@Nullable Object[]> result = new ArrayList<>(Math.min(rows.getCount(), 100_000));
            for (int r = 0; r < rows.getCount(); r++) {
                byte[] nulls = in.readRawBytes(bitmapBytes);
                @Nullable Object[] row = new @Nullable Object[types.length];
                for (int i = 0; i < types.length; i++) {
                    if ((nulls[i / 8] & 1 << i % 8) == 0) {
                        row[i] =
                                ValueCodec.tagged(types[i]) ? ValueCodec.readTagged(in) : ValueCodec.read(in, types[i]);
                    }
                }
                result.add(row);
            }
            if (!in.isAtEnd()) {
                throw PandoSqlState.PROTOCOL_VIOLATION.exception("bytes are left over behind the rows of a message");
            }
            return result;
        } catch (IOException e) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("malformed rows on the wire: " + e.getMessage(), e);
        }
    }

    /** Parameters of one execution, each with the tag of its type. */
    public static ByteString packParameters(@Nullable Object[] parameters) throws SQLException {
        ByteString.Output bytes = ByteString.newOutput(64);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes, 64);
        try {
            for (Object value : parameters) {
                ValueCodec.writeTagged(out, value);
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteString();
    }

    /** What {@link #packParameters} packed. */
    public static @Nullable Object[] unpackParameters(ByteString packed) throws SQLException {
        CodedInputStream in = packed.newCodedInput();
        List<@Nullable Object> values = new ArrayList<>();
        try {
            while (!in.isAtEnd()) {
                values.add(ValueCodec.readTagged(in));
            }
        } catch (IOException e) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("malformed parameters on the wire: " + e.getMessage(), e);
        }
        return values.toArray();
    }
}
