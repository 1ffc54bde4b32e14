package dev.pando.sql.types;

import java.math.RoundingMode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Limits and result types of arithmetic. */
final class PandoTypeSystem extends RelDataTypeSystemImpl {
    /** Digits of a DECIMAL at most. */
    static final int DECIMAL_DIGITS_MAX = 38;

    /** Digits after the point of an average of decimals at least. */
    private static final int AVERAGE_SCALE_MIN = 6;

    @Override
    public int getMaxPrecision(SqlTypeName typeName) {
        return switch (typeName) {
            case DECIMAL -> DECIMAL_DIGITS_MAX;
            case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> 6;
            case VARCHAR, CHAR, VARBINARY, BINARY -> Integer.MAX_VALUE;
            default -> super.getMaxPrecision(typeName);
        };
    }

    @Override
    public int getMaxScale(SqlTypeName typeName) {
        return typeName == SqlTypeName.DECIMAL ? DECIMAL_DIGITS_MAX : super.getMaxScale(typeName);
    }

    @Override
    public int getDefaultPrecision(SqlTypeName typeName) {
        return switch (typeName) {
            case DECIMAL -> DECIMAL_DIGITS_MAX;
            case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> 6;
            default -> super.getDefaultPrecision(typeName);
        };
    }

    /* As assignment does it. */
    @Override
    public RoundingMode roundingMode() {
        return RoundingMode.HALF_UP;
    }

    @Override
    public boolean shouldConvertRaggedUnionTypesToVarying() {
        return true;
    }

    @Override
    public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
        SqlTypeName name = argument.getSqlTypeName();
        if (name == SqlTypeName.BIGINT) {
            return withNullabilityOf(
                    argument, factory, factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, 0));
        }
        if (SqlTypeName.INT_TYPES.contains(name)) {
            return withNullabilityOf(argument, factory, factory.createSqlType(SqlTypeName.BIGINT));
        }
        if (name == SqlTypeName.DECIMAL) {
            return withNullabilityOf(
                    argument,
                    factory,
                    factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, argument.getScale()));
        }
        return SqlTypeUtil.isApproximateNumeric(argument)
                ? withNullabilityOf(argument, factory, factory.createSqlType(SqlTypeName.DOUBLE))
                : argument;
    }

    @Override
    public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
        if (argument.getSqlTypeName() == SqlTypeName.DECIMAL) {
            int scale = Math.max(argument.getScale(), AVERAGE_SCALE_MIN);
            return withNullabilityOf(
                    argument, factory, factory.createSqlType(SqlTypeName.DECIMAL, DECIMAL_DIGITS_MAX, scale));
        }
        return SqlTypeUtil.isNumeric(argument)
                ? withNullabilityOf(argument, factory, factory.createSqlType(SqlTypeName.DOUBLE))
                : argument;
    }

    @Override
    public RelDataType deriveCovarType(RelDataTypeFactory factory, RelDataType first, RelDataType second) {
        boolean nullable = first.isNullable() || second.isNullable();
        return factory.createTypeWithNullability(factory.createSqlType(SqlTypeName.DOUBLE), nullable);
    }

    private static RelDataType withNullabilityOf(RelDataType source, RelDataTypeFactory factory, RelDataType target) {
        return factory.createTypeWithNullability(target, source.isNullable());
    }
}
