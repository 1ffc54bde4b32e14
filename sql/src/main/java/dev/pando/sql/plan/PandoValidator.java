package dev.pando.sql.plan;

import dev.pando.sql.catalog.EngineTable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.validate.SelectScope;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorImpl;

/** Calcite's validator, to which the document id is no column of {@code *}. */
final class PandoValidator extends SqlValidatorImpl {
    PandoValidator(
            SqlOperatorTable operators, SqlValidatorCatalogReader catalog, RelDataTypeFactory types, Config config) {
        super(operators, catalog, types, config);
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
