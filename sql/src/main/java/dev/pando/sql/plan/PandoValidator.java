package dev.pando.sql.plan;

import dev.pando.sql.catalog.EngineTable;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorImpl;

/** Calcite's validator, to which the document id is no column of {@code *}. */
final class PandoValidator extends SqlValidatorImpl {
    PandoValidator(
            SqlOperatorTable operators, SqlValidatorCatalogReader catalog, RelDataTypeFactory types, Config config) {
        super(operators, catalog, types, config);
    }

    @Override
    public boolean isSystemField(RelDataTypeField field) {
        return field.getName().equals(EngineTable.DOCUMENT_ID);
    }
}
