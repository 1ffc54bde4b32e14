package dev.pando.sql.parser;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.util.Litmus;

/** A type that Calcite's grammar does not know; to the planner it is a text or bytes of any length. */
public final class NamedTypeSpec extends SqlTypeNameSpec {
    /** The types that Pando's grammar adds. */
    public enum Name {
        CLOB(SqlTypeName.VARCHAR),
        JSON(SqlTypeName.VARCHAR),
        BLOB(SqlTypeName.VARBINARY);

        private final SqlTypeName plannerType;

        Name(SqlTypeName plannerType) {
            this.plannerType = plannerType;
        }
    }

    private final Name name;

    public NamedTypeSpec(Name name, SqlParserPos position) {
        super(new SqlIdentifier(name.name(), position), position);
        this.name = name;
    }

    public Name name() {
        return name;
    }

    @Override
    public RelDataType deriveType(SqlValidator validator) {
        RelDataTypeFactory types = validator.getTypeFactory();
        return types.createSqlType(name.plannerType);
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrecision, int rightPrecision) {
        writer.keyword(name.name());
    }

    @Override
    public boolean equalsDeep(SqlTypeNameSpec other, Litmus litmus) {
        return other instanceof NamedTypeSpec that && that.name == name
                ? litmus.succeed()
                : litmus.fail("{} != {}", this, other);
    }
}
