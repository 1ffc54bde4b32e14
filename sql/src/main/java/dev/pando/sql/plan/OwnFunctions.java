package dev.pando.sql.plan;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.ScalarFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlOperandMetadata;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.sql2rel.SqlRexContext;

/** Functions that Calcite does not have, or has in another way: what generated code calls for them. */
public final class OwnFunctions {
    /** What NEXT VALUE FOR becomes. */
    public static final SqlFunction NEXT_VALUE = niladic("NEXT VALUE FOR", SqlTypeName.BIGINT, "nextKey");

    /** What NEXT VALUE FOR becomes when the sequence has an INCREMENT: who asks counts on from the key. */
    static final SqlFunction NEXT_BLOCK = niladic("NEXT BLOCK FOR", SqlTypeName.BIGINT, "nextBlock");

    private static final SqlFunction RANDOM_UUID = niladic("RANDOM_UUID", SqlTypeName.UUID, "randomUuid");
    private static final SqlFunction GEN_RANDOM_UUID = niladic("GEN_RANDOM_UUID", SqlTypeName.UUID, "randomUuid");
    private static final SqlFunction NOW = niladic("NOW", SqlTypeName.TIMESTAMP, "now");

    /** As PostgreSQL has it; the parser knows another one of that name. */
    static final SqlFunction DATE_TRUNC = function(
            "DATE_TRUNC",
            OwnFunctions::truncated,
            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME));

    /** A time from one point to another in whole units, named by a text; any number of them, so a BIGINT. */
    static final SqlFunction TIMESTAMPDIFF = new SqlFunction(
            "TIMESTAMPDIFF",
            SqlKind.OTHER_FUNCTION,
            ReturnTypes.BIGINT_NULLABLE,
            (binding, returned, operands) -> {
                operands[0] = binding.getTypeFactory().createSqlType(SqlTypeName.VARCHAR);
                for (int i = 1; i < operands.length; i++) {
                    operands[i] = binding.getTypeFactory().createSqlType(SqlTypeName.TIMESTAMP);
                }
            },
            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME, SqlTypeFamily.DATETIME),
            SqlFunctionCategory.USER_DEFINED_FUNCTION);

    /** COALESCE of parameters, whose types Calcite's own, which is rewritten first, does not find. */
    static final SqlFunction COALESCE = new SqlFunction(
            "COALESCE",
            SqlKind.COALESCE,
            ReturnTypes.LEAST_RESTRICTIVE,
            InferTypes.FIRST_KNOWN,
            OperandTypes.SAME_VARIADIC,
            SqlFunctionCategory.SYSTEM);

    /** What {@link #COALESCE} is to the planner: CASE WHEN a IS NOT NULL THEN a … END. */
    static RexNode coalesced(SqlRexContext context, SqlCall call) {
        RexBuilder rex = context.getRexBuilder();
        List<RexNode> values = new ArrayList<>();
        call.getOperandList().forEach(operand -> values.add(context.convertExpression(operand)));
        RelDataType type = context.getTypeFactory()
                .createTypeWithNullability(context.getValidator().getValidatedNodeType(call), true);
        List<RexNode> branches = new ArrayList<>();
        for (RexNode value : values.subList(0, values.size() - 1)) {
            branches.add(rex.makeCall(SqlStdOperatorTable.IS_NOT_NULL, value));
            branches.add(rex.ensureType(type, value, true));
        }
        branches.add(rex.ensureType(type, values.get(values.size() - 1), true));
        return values.size() == 1 ? values.get(0) : rex.makeCall(SqlStdOperatorTable.CASE, branches);
    }

    /** All that are called by name. */
    static final SqlOperatorTable TABLE = SqlOperatorTables.chain(
            SqlOperatorTables.of(NEXT_VALUE, NEXT_BLOCK, RANDOM_UUID, GEN_RANDOM_UUID, NOW),
            SqlOperatorTables.of(
                    DATE_TRUNC,
                    TIMESTAMPDIFF,
                    function(
                            "DATE_PART",
                            ReturnTypes.DOUBLE_NULLABLE,
                            OperandTypes.family(SqlTypeFamily.CHARACTER, SqlTypeFamily.DATETIME)),
                    function(
                            "MAKE_DATE",
                            ReturnTypes.DATE_NULLABLE,
                            OperandTypes.family(SqlTypeFamily.INTEGER, SqlTypeFamily.INTEGER, SqlTypeFamily.INTEGER)),
                    function(
                            "LOCATE",
                            ReturnTypes.INTEGER_NULLABLE,
                            OperandTypes.family(
                                    List.of(SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER, SqlTypeFamily.INTEGER),
                                    i -> i == 2)),
                    function("TRUNC", ReturnTypes.ARG0_NULLABLE, OperandTypes.NUMERIC_OPTIONAL_INTEGER),
                    function("GCD", ReturnTypes.LEAST_RESTRICTIVE, OperandTypes.INTEGER_INTEGER),
                    function("BTRIM", ReturnTypes.ARG0_NULLABLE_VARYING, texts(1)),
                    function("STARTS_WITH", ReturnTypes.BOOLEAN_NULLABLE, OperandTypes.STRING_STRING),
                    function("BIT_LENGTH", ReturnTypes.INTEGER_NULLABLE, OperandTypes.CHARACTER),
                    function("CURRENT_DATABASE", ReturnTypes.VARCHAR, OperandTypes.NILADIC),
                    function("RANDOM", ReturnTypes.DOUBLE, OperandTypes.NILADIC)));

    private static SqlFunction function(String name, SqlReturnTypeInference returns, SqlOperandTypeChecker takes) {
        return new SqlFunction(
                name,
                SqlKind.OTHER_FUNCTION,
                returns,
                InferTypes.FIRST_KNOWN,
                takes,
                SqlFunctionCategory.USER_DEFINED_FUNCTION) {
            @Override
            public boolean isDeterministic() {
                return !name.equals("RANDOM");
            }
        };
    }

    private static SqlOperandTypeChecker texts(int least) {
        return OperandTypes.family(List.of(SqlTypeFamily.CHARACTER, SqlTypeFamily.CHARACTER), i -> i >= least);
    }

    /* A date becomes a point in time. */
    private static RelDataType truncated(SqlOperatorBinding binding) {
        RelDataType type = binding.getOperandType(1);
        RelDataTypeFactory factory = binding.getTypeFactory();
        RelDataType found =
                type.getSqlTypeName() == SqlTypeName.DATE ? factory.createSqlType(SqlTypeName.TIMESTAMP) : type;
        boolean nullable = type.isNullable() || binding.getOperandType(0).isNullable();
        return factory.createTypeWithNullability(found, nullable);
    }

    /** PostgreSQL's, which Calcite has for other dialects only. */
    static final SqlOperatorTable BORROWED = SqlOperatorTables.of(
            SqlLibraryOperators.REVERSE,
            SqlLibraryOperators.SHA1,
            SqlLibraryOperators.SHA256,
            SqlLibraryOperators.SHA512,
            SqlLibraryOperators.TO_HEX,
            SqlLibraryOperators.POW,
            SqlLibraryOperators.IFNULL,
            SqlLibraryOperators.NVL,
            SqlLibraryOperators.LOG2);

    private OwnFunctions() {}

    private static SqlFunction niladic(String name, SqlTypeName type, String method) {
        SqlIdentifier identifier = new SqlIdentifier(name, SqlParserPos.ZERO);
        return new SqlUserDefinedFunction(
                identifier,
                SqlKind.OTHER_FUNCTION,
                ReturnTypes.explicit(type),
                null,
                (SqlOperandMetadata) OperandTypes.operandMetadata(List.of(), factory -> List.of(), i -> "", i -> false),
                new OfContext(type, method)) {
            @Override
            public boolean isDeterministic() {
                return false;
            }

            @Override
            public boolean isDynamicFunction() {
                return true;
            }

            @Override
            public SqlFunctionCategory getFunctionType() {
                return SqlFunctionCategory.SYSTEM;
            }
        };
    }

    /** A function of the execution alone. */
    private record OfContext(SqlTypeName type, String method) implements ScalarFunction, ImplementableFunction {
        @Override
        public RelDataType getReturnType(RelDataTypeFactory factory) {
            return factory.createSqlType(type);
        }

        @Override
        public List<FunctionParameter> getParameters() {
            return List.of();
        }

        @Override
        public CallImplementor getImplementor() {
            return (translator, call, nullAs) -> {
                Expression root = translator.getRoot();
                return Expressions.call(OwnFunctions.class, method, root);
            };
        }
    }

    /** Called by generated code. */
    public static long nextKey(DataContext root) {
        return ((QueryContext) root).nextKey();
    }

    /** Called by generated code. */
    public static long nextBlock(DataContext root) {
        return ((QueryContext) root).nextBlock();
    }

    /** Called by generated code. */
    public static java.util.UUID randomUuid(DataContext root) {
        return ((QueryContext) root).randomUuid();
    }

    /** Called by generated code. */
    public static long now(DataContext root) {
        return ((QueryContext) root).now().toEpochMilli();
    }
}
