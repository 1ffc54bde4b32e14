package dev.pando.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Gathers what a column says, in whatever order it says it; the generated parser fills it. */
public final class ColumnBuilder {
    private final SqlIdentifier name;
    private final SqlDataTypeSpec type;
    private @Nullable Boolean nullable;
    private @Nullable SqlNode defaultValue;
    private ColumnDefinition.@Nullable MergeRule merge;
    private boolean identity;

    public ColumnBuilder(SqlIdentifier name, SqlDataTypeSpec type) {
        this.name = name;
        this.type = type;
    }

    public List<SqlIdentifier> self() {
        return List.of(name);
    }

    public void nullable(boolean value, SqlParserPos position) {
        once(nullable == null, "NULL or NOT NULL", position);
        nullable = value;
    }

    public void defaultValue(SqlNode value, SqlParserPos position) {
        once(defaultValue == null && !identity, "DEFAULT", position);
        defaultValue = value;
    }

    public void merge(ColumnDefinition.MergeRule rule, SqlParserPos position) {
        once(merge == null, "COUNTER or MERGE", position);
        merge = rule;
    }

    public void identity(SqlParserPos position) {
        once(defaultValue == null && !identity, "IDENTITY or DEFAULT", position);
        identity = true;
    }

    public ColumnDefinition build() {
        return new ColumnDefinition(name, type, nullable, defaultValue, merge, identity);
    }

    private void once(boolean first, String what, SqlParserPos position) {
        if (!first) {
            throw new GrammarException("column " + name.getSimple() + " says " + what + " more than once", position);
        }
    }
}
