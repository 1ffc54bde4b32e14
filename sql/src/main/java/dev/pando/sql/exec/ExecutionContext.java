package dev.pando.sql.exec;

import dev.pando.Environment;
import dev.pando.Transaction;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.plan.QueryContext;
import dev.pando.sql.types.Values;
import java.time.Instant;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one execution of a statement works with.
 *
 * @param warnings takes what the statement's success should be read with: a message and an SQLState
 */
public record ExecutionContext(Environment environment, QueryContext query, BiConsumer<String, String> warnings) {
    public Transaction transaction() {
        return query.transaction();
    }

    UUID randomUuid() {
        byte[] random = new byte[16];
        environment.randomBytes(random);
        return Values.uuidOf(random);
    }

    /** A scope of expressions over one row, or over none. */
    Expression.Scope scope(dev.pando.@Nullable Row row, @Nullable Object[] parameters) {
        return new RowScope(this, row, parameters);
    }

    private record RowScope(
            ExecutionContext context,
            dev.pando.@Nullable Row row,
            @Nullable Object[] parameters) implements Expression.Scope {
        @Override
        public @Nullable Object column(int ordinal) {
            if (row == null) {
                throw new IllegalStateException("an expression without a row reads column " + ordinal);
            }
            return row.get(ordinal);
        }

        @Override
        public @Nullable Object parameter(int index) {
            return parameters[index];
        }

        @Override
        public Instant now() {
            return context.query.now();
        }

        @Override
        public long nextKey() {
            return context.query.nextKey();
        }

        @Override
        public long nextBlock() {
            return context.query.nextBlock();
        }

        @Override
        public UUID randomUuid() {
            return context.randomUuid();
        }
    }
}
