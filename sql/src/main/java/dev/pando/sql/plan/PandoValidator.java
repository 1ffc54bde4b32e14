package dev.pando.sql.plan;

import dev.pando.sql.catalog.EngineTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/** Calcite's validator, to which the document id is no column of {@code *}. */
final class PandoValidator extends SqlValidatorImpl {
    private final ParameterTypes parameters;

    PandoValidator(
            SqlOperatorTable operators, SqlValidatorCatalogReader catalog, RelDataTypeFactory types, Config config) {
        super(operators, catalog, types, config);
        parameters = new ParameterTypes(this, types);
    }

    @Override
    public RelDataType deriveType(SqlValidatorScope scope, SqlNode expression) {
        if (expression instanceof SqlCall call) {
            parameters.of(call, scope);
        }
        return super.deriveType(scope, expression);
    }

    /* A parameter of which nothing says what it is, is a text. */
    @Override
    protected void inferUnknownTypes(RelDataType inferred, SqlValidatorScope scope, SqlNode node) {
        if (node instanceof SqlCall call) {
            parameters.of(call, scope);
        }
        RelDataType type = inferred;
        if (node instanceof SqlDynamicParam parameter) {
            RelDataType known = parameters.known(parameter);
            if (known != null) {
                type = known;
            } else if (inferred.equals(unknownType)) {
                type = typeFactory.createSqlType(SqlTypeName.VARCHAR);
            } else {
                parameters.learn(parameter, inferred);
            }
        }
        super.inferUnknownTypes(type, scope, node);
    }

    @Override
    protected void addToSelectList(
            List<SqlNode> list,
            Set<String> aliases,
            List<Map.Entry<String, RelDataType>> fields,
            SqlNode expanded,
            SelectScope scope,
            boolean includeSystemVars) {
        boolean hidden = expanded instanceof SqlIdentifier identifier
                && identifier.names.get(identifier.names.size() - 1).equals(EngineTable.DOCUMENT_ID);
        if (!hidden) {
            super.addToSelectList(list, aliases, fields, expanded, scope, includeSystemVars);
        }
    }
}
