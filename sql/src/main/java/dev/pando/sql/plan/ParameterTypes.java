package dev.pando.sql.plan;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/** What the place of a parameter says of its type, beyond what Calcite makes of it. */
final class ParameterTypes {
    private static final Set<SqlKind> LIKE_ITS_NEIGHBOUR = EnumSet.of(
            SqlKind.PLUS,
            SqlKind.MINUS,
            SqlKind.TIMES,
            SqlKind.DIVIDE,
            SqlKind.MOD,
            SqlKind.GREATEST,
            SqlKind.LEAST,
            SqlKind.GREATEST_PG,
            SqlKind.LEAST_PG,
            SqlKind.COALESCE,
            SqlKind.NVL);

    /** Functions of texts, whose other arguments are numbers. */
    private static final Set<String> OF_TEXTS = Set.of(
            "UPPER",
            "LOWER",
            "INITCAP",
            "TRIM",
            "LTRIM",
            "RTRIM",
            "BTRIM",
            "CHAR_LENGTH",
            "CHARACTER_LENGTH",
            "LENGTH",
            "REVERSE",
            "MD5",
            "SHA1",
            "SHA256",
            "SHA512",
            "ASCII",
            "||",
            "CONCAT",
            "CONCAT_WS",
            "REPLACE",
            "TRANSLATE",
            "TRANSLATE3",
            "STARTS_WITH",
            "POSITION",
            "LOCATE",
            "STRPOS",
            "REGEXP_LIKE",
            "REGEXP_REPLACE",
            "SUBSTRING",
            "SUBSTR",
            "LEFT",
            "RIGHT",
            "LPAD",
            "RPAD",
            "REPEAT",
            "SPLIT_PART",
            "OVERLAY",
            "DATE_TRUNC",
            "DATE_PART");

    private static final Set<String> OF_NUMBERS = Set.of(
            "POWER",
            "POW",
            "SQRT",
            "CBRT",
            "EXP",
            "LN",
            "LOG",
            "LOG10",
            "LOG2",
            "ABS",
            "SIGN",
            "FLOOR",
            "CEIL",
            "CEILING",
            "ROUND",
            "TRUNCATE",
            "TRUNC",
            "SIN",
            "COS",
            "TAN",
            "DEGREES",
            "RADIANS",
            "-");

    private final SqlValidatorImpl validator;
    private final RelDataTypeFactory types;
    private final Map<Integer, RelDataType> known = new HashMap<>();

    ParameterTypes(SqlValidatorImpl validator, RelDataTypeFactory types) {
        this.validator = validator;
        this.types = types;
    }

    /** Gives types to the parameters among the operands of a call. */
    void of(SqlCall call, SqlValidatorScope scope) {
        if (call instanceof SqlCase switched) {
            branches(switched, scope);
            return;
        }
        List<SqlNode> operands = call.getOperandList();
        for (int i = 0; i < operands.size(); i++) {
            SqlNode operand = operands.get(i);
            if (isUnknown(operand)) {
                RelDataType type = type(call, i, scope);
                if (type != null) {
                    set(operand, type);
                }
            }
        }
    }

    /** The type that one place of a parameter was found to have: a rewritten call may name it in several. */
    @Nullable
    RelDataType known(SqlDynamicParam parameter) {
        return known.get(parameter.getIndex());
    }

    /** Tells what the type of a parameter is. */
    void learn(SqlDynamicParam parameter, RelDataType type) {
        known.putIfAbsent(parameter.getIndex(), type);
    }

    private boolean isUnknown(@Nullable SqlNode node) {
        if (!(node instanceof SqlDynamicParam parameter) || validator.getValidatedNodeTypeIfKnown(node) != null) {
            return false;
        }
        RelDataType type = known(parameter);
        if (type == null) {
            return true;
        }
        validator.setValidatedNodeType(node, type);
        return false;
    }

    private void set(SqlNode node, RelDataType type) {
        RelDataType nullable = types.createTypeWithNullability(type, true);
        learn((SqlDynamicParam) node, nullable);
        validator.setValidatedNodeType(node, nullable);
    }

    private @Nullable RelDataType type(SqlCall call, int place, SqlValidatorScope scope) {
        if (LIKE_ITS_NEIGHBOUR.contains(call.getKind())) {
            boolean adds = call.getKind() == SqlKind.PLUS || call.getKind() == SqlKind.MINUS;
            return neighbour(call.getOperandList(), adds, scope);
        }
        boolean ofQuery = call.getKind() == SqlKind.IN
                || call.getKind() == SqlKind.NOT_IN
                || call.getKind() == SqlKind.SOME
                || call.getKind() == SqlKind.ALL;
        if (ofQuery && place == 0 && call.operand(1).isA(SqlKind.QUERY)) {
            RelDataType row = validator.deriveType(scope, call.operand(1));
            return row.isStruct() && row.getFieldCount() == 1
                    ? row.getFieldList().get(0).getType()
                    : null;
        }
        String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
        if (OF_TEXTS.contains(name)) {
            return types.createSqlType(isNumber(name, place) ? SqlTypeName.INTEGER : SqlTypeName.VARCHAR);
        }
        if (OF_NUMBERS.contains(name)) {
            boolean digits = place == 1 && (name.startsWith("ROUND") || name.startsWith("TRUNC"));
            return types.createSqlType(digits ? SqlTypeName.INTEGER : SqlTypeName.DOUBLE);
        }
        return null;
    }

    private static boolean isNumber(String name, int place) {
        return switch (name) {
            case "SUBSTRING", "SUBSTR" -> place > 0;
            case "LEFT", "RIGHT", "LPAD", "RPAD", "REPEAT" -> place == 1;
            case "SPLIT_PART", "POSITION", "LOCATE" -> place == 2;
            case "OVERLAY" -> place > 1;
            default -> false;
        };
    }

    /* Beside an interval, a point in time. */
    private @Nullable RelDataType neighbour(List<SqlNode> operands, boolean adds, SqlValidatorScope scope) {
        for (SqlNode each : operands) {
            if (!isUnknown(each)) {
                RelDataType type = validator.deriveType(scope, each);
                if (adds && SqlTypeUtil.isInterval(type)) {
                    return types.createSqlType(SqlTypeName.TIMESTAMP);
                }
                boolean known = type.getSqlTypeName() != SqlTypeName.NULL && !type.equals(validator.getUnknownType());
                if (known && !(adds && SqlTypeUtil.isDatetime(type))) {
                    return type;
                }
            }
        }
        return null;
    }

    private void branches(SqlCase call, SqlValidatorScope scope) {
        List<SqlNode> values = new ArrayList<>(call.getThenOperands().getList());
        SqlNode otherwise = call.getElseOperand();
        if (otherwise != null) {
            values.add(otherwise);
        }
        boolean any = values.stream().anyMatch(this::isUnknown);
        for (SqlNode value : values) {
            if (!any || isUnknown(value)) {
                continue;
            }
            RelDataType type = validator.deriveType(scope, value);
            if (type.getSqlTypeName() != SqlTypeName.NULL) {
                values.stream().filter(this::isUnknown).forEach(parameter -> set(parameter, type));
                return;
            }
        }
    }
}
