package dev.pando.sql.expr;

import dev.pando.ColumnType;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A function of a row, of parameters and of the moment. Values are the engine's. Immutable. */
public interface Expression {
    /** The name of the one catalog. */
    String CATALOG = "PANDO";

    /** The type of its values; null when it is always NULL. */
    @Nullable
    ColumnType type();

    @Nullable
    Object evaluate(Scope scope) throws SQLException;

    /** Whether equal rows and parameters give equal values. */
    default boolean deterministic() {
        return true;
    }

    /** What an evaluation reads. */
    interface Scope {
        @Nullable
        Object column(int ordinal);

        /** A parameter as the session gave it. */
        @Nullable
        Object parameter(int index);

        Instant now();

        UUID randomUuid();

        /** A key that no other node makes. */
        long nextKey();

        /** A key with room around it, for who counts on from it. */
        default long nextBlock() {
            throw new IllegalStateException("definitions count on from no key");
        }

        /** The name of the session's user; of what belongs to no session, none. */
        default @Nullable String user() {
            return null;
        }

        /** The session's schema; of what belongs to no session, none. */
        default @Nullable String schema() {
            return null;
        }
    }

    /** A value that depends on nothing. */
    record Constant(@Nullable ColumnType type, @Nullable Object value) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            return value;
        }
    }

    /** A column of the row. */
    record ColumnReference(int ordinal, ColumnType type) implements Expression {
        @Override
        public @Nullable Object evaluate(Scope scope) {
            return scope.column(ordinal);
        }
    }
}
