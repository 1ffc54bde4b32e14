package dev.pando.jdbc.wire;

import dev.pando.jdbc.wire.proto.Column;
import dev.pando.jdbc.wire.proto.Error;
import dev.pando.jdbc.wire.proto.Options;
import dev.pando.jdbc.wire.proto.Parameter;
import dev.pando.jdbc.wire.proto.SessionState;
import dev.pando.jdbc.wire.proto.Warning;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.GeneratedKeys;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SqlType;
import dev.pando.sql.session.SqlWarningInfo;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The seam's values as messages, and back. */
public final class Messages {
    private Messages() {}

    public static Column column(ColumnMeta column) {
        Column.Builder message = Column.newBuilder()
                .setLabel(column.label())
                .setTable(column.table())
                .setSchema(column.schema())
                .setType(ValueCodec.tag(column.type()))
                .setPrecision(column.precision())
                .setScale(column.scale())
                .setNullable(column.nullable())
                .setAutoIncrement(column.autoIncrement());
        if (!column.name().equals(column.label())) {
            message.setName(column.name());
        }
        SqlType element = column.elementType();
        if (element != null) {
            message.setElementType(ValueCodec.tag(element));
        }
        return message.build();
    }

    public static List<Column> columns(List<ColumnMeta> columns) {
        return columns.stream().map(Messages::column).toList();
    }

    public static List<ColumnMeta> columnMetas(List<Column> columns) throws SQLException {
        List<ColumnMeta> result = new ArrayList<>(columns.size());
        for (Column column : columns) {
            result.add(new ColumnMeta(
                    column.getLabel(),
                    column.getName().isEmpty() ? column.getLabel() : column.getName(),
                    column.getTable(),
                    column.getSchema(),
                    ValueCodec.type(column.getType()),
                    column.getPrecision(),
                    column.getScale(),
                    column.getElementType() == 0 ? null : ValueCodec.type(column.getElementType()),
                    column.getNullable(),
                    column.getAutoIncrement()));
        }
        return List.copyOf(result);
    }

    public static Parameter parameter(ParameterMeta parameter) {
        return Parameter.newBuilder()
                .setType(ValueCodec.tag(parameter.type()))
                .setPrecision(parameter.precision())
                .setScale(parameter.scale())
                .build();
    }

    public static List<ParameterMeta> parameterMetas(List<Parameter> parameters) throws SQLException {
        List<ParameterMeta> result = new ArrayList<>(parameters.size());
        for (Parameter p : parameters) {
            result.add(new ParameterMeta(ValueCodec.type(p.getType()), p.getPrecision(), p.getScale()));
        }
        return List.copyOf(result);
    }

    public static Warning warning(SqlWarningInfo warning) {
        return Warning.newBuilder()
                .setSqlState(warning.sqlState())
                .setMessage(warning.message())
                .build();
    }

    public static List<SqlWarningInfo> warningInfos(List<Warning> warnings) {
        return warnings.stream()
                .map(w -> new SqlWarningInfo(w.getMessage(), w.getSqlState()))
                .toList();
    }

    public static Options options(ExecuteOptions options) {
        Options.Builder message = Options.newBuilder()
                .setMaxRows(options.maxRows())
                .setTimeoutMs(options.timeout().toMillis());
        GeneratedKeys keys = options.generatedKeys();
        if (keys instanceof GeneratedKeys.All) {
            message.setGeneratedKeys(Options.Keys.ALL);
        } else if (keys instanceof GeneratedKeys.Named named) {
            message.setGeneratedKeys(Options.Keys.NAMED).addAllKeyNames(named.columns());
        } else if (keys instanceof GeneratedKeys.Positions positions) {
            message.setGeneratedKeys(Options.Keys.POSITIONS).addAllKeyPositions(positions.positions());
        }
        return message.build();
    }

    public static ExecuteOptions executeOptions(Options options, int fetchSize) throws SQLException {
        if (options.getMaxRows() < 0 || options.getTimeoutMs() < 0) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("limits are not negative");
        }
        GeneratedKeys keys = switch (options.getGeneratedKeys()) {
            case NONE -> GeneratedKeys.NONE;
            case ALL -> GeneratedKeys.ALL;
            case NAMED -> new GeneratedKeys.Named(options.getKeyNamesList());
            case POSITIONS -> new GeneratedKeys.Positions(options.getKeyPositionsList());
            case UNRECOGNIZED -> throw PandoSqlState.PROTOCOL_VIOLATION.exception("unknown kind of generated keys");
        };
        return new ExecuteOptions(
                options.getMaxRows(), Math.max(fetchSize, 0), Duration.ofMillis(options.getTimeoutMs()), keys);
    }

    public static SessionState state(Session session) throws SQLException {
        return SessionState.newBuilder()
                .setAutoCommit(session.autoCommit())
                .setInTransaction(session.inTransaction())
                .setReadOnly(session.readOnly())
                .setIsolation(session.isolation().name())
                .setSchema(session.schema())
                .setHasWarnings(!session.warnings().isEmpty())
                .build();
    }

    public static Error error(SQLException e) {
        Error.Builder message = Error.newBuilder();
        SQLException shown = e;
        if (e instanceof BatchUpdateException batch) {
            message.setBatch(true);
            for (long count : batch.getLargeUpdateCounts()) {
                message.addUpdateCounts(count);
            }
            if (e.getCause() instanceof SQLException cause) {
                shown = cause;
            }
        }
        return message.setSqlState(shown.getSQLState() == null ? PandoSqlState.INTERNAL.code() : shown.getSQLState())
                .setMessage(shown.getMessage() == null ? shown.toString() : shown.getMessage())
                .build();
    }

    public static SQLException exception(Error error) {
        String state = error.getSqlState().length() == 5 ? error.getSqlState() : PandoSqlState.INTERNAL.code();
        SQLException e = PandoSqlState.exception(error.getMessage(), state, null);
        return error.getBatch() ? batchException(longs(error.getUpdateCountsList()), e) : e;
    }

    /** The exception of a batch whose row after {@code counts} failed with {@code cause}. */
    public static BatchUpdateException batchException(long[] counts, SQLException cause) {
        return new BatchUpdateException(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), counts, cause);
    }

    public static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    public static Iterable<Long> boxed(long[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    /** The state of the code, for messages that depend on it. */
    public static boolean hasState(@Nullable SQLException e, PandoSqlState state) {
        return e != null && state.code().equals(e.getSQLState());
    }
}
