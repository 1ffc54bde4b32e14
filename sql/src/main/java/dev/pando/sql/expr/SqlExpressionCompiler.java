package dev.pando.sql.expr;

import dev.pando.Environment;
import dev.pando.ExpressionCompiler;
import dev.pando.PandoException;
import dev.pando.Table;
import dev.pando.sql.parser.PandoParser;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/** Compiles CHECK, DEFAULT and predicates for the engine. Thread-safe. */
public final class SqlExpressionCompiler implements ExpressionCompiler {
    private final Environment environment;

    /** @param environment gives CURRENT_TIMESTAMP and RANDOM_UUID() */
    public SqlExpressionCompiler(Environment environment) {
        this.environment = environment;
    }

    @Override
    public RowFunction compile(String sql, Table table) {
        Expression expression = bind(sql, table);
        return row -> {
            try {
                return expression.evaluate(new RowScope(row));
            } catch (SQLException e) {
                throw new PandoException(PandoException.Kind.INVALID_VALUE, sql + ": " + e.getMessage(), e);
            }
        };
    }

    private static Expression bind(String sql, Table table) {
        try {
            SqlNode node = PandoParser.parseExpression(sql);
            List<dev.pando.@Nullable ColumnType> parameters = new ArrayList<>();
            return new ExpressionBinder(new Names(table, null), parameters).bind(node, null);
        } catch (Unsupported e) {
            throw new PandoException(
                    PandoException.Kind.INVALID_DEFINITION,
                    "'" + sql + "': " + e.getMessage() + " cannot be used in a CHECK, a DEFAULT or a predicate of "
                            + table.qualifiedName(),
                    e);
        } catch (SQLException e) {
            throw new PandoException(PandoException.Kind.INVALID_DEFINITION, "'" + sql + "': " + e.getMessage(), e);
        }
    }

    private final class RowScope implements Expression.Scope {
        private final RowValues row;

        RowScope(RowValues row) {
            this.row = row;
        }

        @Override
        public @Nullable Object column(int ordinal) {
            return row.get(ordinal);
        }

        @Override
        public @Nullable Object parameter(int index) {
            throw new IllegalStateException("an expression of a definition has no parameters");
        }

        @Override
        public Instant now() {
            return Instant.ofEpochMilli(environment.currentTimeMillis());
        }

        @Override
        public long nextKey() {
            return row.nextKey();
        }

        @Override
        public UUID randomUuid() {
            byte[] random = new byte[16];
            environment.randomBytes(random);
            return Values.uuidOf(random);
        }
    }
}
