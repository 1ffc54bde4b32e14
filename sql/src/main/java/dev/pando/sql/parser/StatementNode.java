package dev.pando.sql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlVisitor;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/** A statement of Pando's own grammar in Calcite's tree: the place of the text, and the {@link Statement} it says. */
public final class StatementNode extends SqlCall {
    private static final SqlOperator OPERATOR = new SqlSpecialOperator("STATEMENT", SqlKind.OTHER_DDL);

    private final Statement statement;

    public StatementNode(SqlParserPos position, Statement statement) {
        super(position);
        this.statement = statement;
    }

    public Statement statement() {
        return statement;
    }

    @Override
    public SqlOperator getOperator() {
        return OPERATOR;
    }

    @Override
    public List<SqlNode> getOperandList() {
        return List.of();
    }

    @Override
    public StatementNode clone(SqlParserPos position) {
        return new StatementNode(position, statement);
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrecision, int rightPrecision) {
        writer.literal(statement.toSql());
    }

    @Override
    public <R> R accept(SqlVisitor<R> visitor) {
        return visitor.visit(this);
    }

    @Override
    public boolean equalsDeep(@Nullable SqlNode other, Litmus litmus) {
        return other instanceof StatementNode that && statement.toSql().equals(that.statement.toSql())
                ? litmus.succeed()
                : litmus.fail("{} != {}", this, other);
    }
}
