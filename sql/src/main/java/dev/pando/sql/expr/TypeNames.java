package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.sql.parser.NamedTypeSpec;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.SqlTypes;
import java.sql.SQLException;
import java.util.Locale;
import org.apache.calcite.sql.SqlAlienSystemTypeNameSpec;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCollectionTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlTypeNameSpec;

/** Which type a text names. */
public final class TypeNames {
    /** Digits of a DECIMAL at most. */
    private static final int DIGITS_MAX = 38;

    private TypeNames() {}

    /**
     * The column type that is named.
     *
     * @throws SQLException 42000 for one that there is not
     */
    public static ColumnType columnType(SqlDataTypeSpec spec) throws SQLException {
        return columnType(spec.getTypeNameSpec());
    }

    private static ColumnType columnType(SqlTypeNameSpec spec) throws SQLException {
        if (spec instanceof NamedTypeSpec named) {
            return SqlTypes.named(named.name().name(), -1, 0);
        }
        if (spec instanceof SqlCollectionTypeNameSpec collection) {
            return SqlTypes.arrayOf(columnType(collection.getElementTypeName()));
        }
        if (spec instanceof SqlBasicTypeNameSpec basic && !(spec instanceof SqlAlienSystemTypeNameSpec)) {
            return basic(basic);
        }
        throw unknown(spec);
    }

    private static ColumnType basic(SqlBasicTypeNameSpec spec) throws SQLException {
        int precision = spec.getPrecision();
        String name = spec.getTypeName().getSimple().toUpperCase(Locale.ROOT);
        return switch (name) {
            case "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "REAL", "DATE", "UUID" ->
                SqlTypes.named(name, -1, 0);
            case "FLOAT", "DOUBLE" -> ColumnType.DOUBLE;
            case "DECIMAL" -> decimal(precision, spec.getScale());
            case "CHAR" -> SqlTypes.named(name, length(name, precision < 0 ? 1 : precision), 0);
            case "BINARY" -> SqlTypes.named(name, length(name, precision < 0 ? 1 : precision), 0);
            case "VARCHAR", "VARBINARY" -> SqlTypes.named(name, precision < 0 ? -1 : length(name, precision), 0);
            case "TIME", "TIMESTAMP" -> SqlTypes.named(name, fraction(precision), 0);
            case "TIMESTAMP_WITH_LOCAL_TIME_ZONE", "TIMESTAMP_TZ" ->
                SqlTypes.named("TIMESTAMP WITH TIME ZONE", fraction(precision), 0);
            default -> throw unknown(spec);
        };
    }

    private static ColumnType decimal(int precision, int scale) throws SQLException {
        int digits = precision < 0 ? DIGITS_MAX : precision;
        int after = scale == Integer.MIN_VALUE ? 0 : scale;
        if (digits < 1 || digits > DIGITS_MAX || after < 0 || after > digits) {
            throw PandoSqlState.INVALID_DEFINITION.exception(
                    "DECIMAL has 1 to " + DIGITS_MAX + " digits, none to all of them after the point");
        }
        return ColumnType.decimal(digits, after);
    }

    private static int length(String name, int length) throws SQLException {
        if (length < 1) {
            throw PandoSqlState.INVALID_DEFINITION.exception(name + " has a length of at least 1");
        }
        return length;
    }

    private static int fraction(int precision) throws SQLException {
        if (precision > 6) {
            throw PandoSqlState.INVALID_DEFINITION.exception("times have at most 6 digits of a second");
        }
        return precision < 0 ? -1 : precision;
    }

    private static SQLException unknown(SqlTypeNameSpec spec) {
        return PandoSqlState.NO_OBJECT.exception("line " + spec.getParserPos().getLineNum() + ", column "
                + spec.getParserPos().getColumnNum() + ": there is no type " + spec.getTypeName());
    }
}
