package dev.pando.sql.exec;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement's text was found to mean. Holds for one version of the definitions; shared by sessions. */
public sealed interface Plan permits Plan.OfRows, Plan.OfSession {
    StatementKind kind();

    List<ParameterMeta> parameters();

    /** The columns of its rows; empty when it has none. */
    List<ColumnMeta> columns();

    /** A statement that reads or changes rows, inside a transaction that the session gives it. */
    non-sealed interface OfRows extends Plan {
        /**
         * Runs in the transaction of {@code context}.
         *
         * @throws Changed when another transaction changed a row that this one saw and now has locked: to be undone and
         *     run again
         */
        Result run(ExecutionContext context, @Nullable Object[] parameters, ExecuteOptions options)
                throws SQLException, Changed;

        /** Whether it locks the rows that it reads. */
        default boolean locks() {
            return false;
        }

        /** Whether {@link #repeat} may be asked. */
        default boolean repeats() {
            return false;
        }

        /** Prepares many runs in the transaction of {@code context}, with what they have in common done once. */
        default Repetition repeat(ExecutionContext context, ExecuteOptions options) throws SQLException {
            throw new IllegalStateException("each run of " + kind() + " is one of its own");
        }
    }

    /** Runs of one statement at the same time, with the same definitions and settings, none of which reads many rows. */
    interface Repetition {
        /**
         * Runs once more. To be marked in the transaction as a statement of its own before, which is undone when it fails.
         *
         * @return the number of rows written
         * @throws Changed as {@link OfRows#run} does
         */
        long run(@Nullable Object[] parameters) throws SQLException, Changed;

        /** The keys of all runs; null when none were asked for. */
        @Nullable
        Result generatedKeys();
    }

    /** A statement about the session, the definitions or the node, which does not read the session's snapshot. */
    non-sealed interface OfSession extends Plan {
        Result run(SessionControl session, @Nullable Object[] parameters) throws SQLException;

        @Override
        default List<ParameterMeta> parameters() {
            return List.of();
        }

        @Override
        default List<ColumnMeta> columns() {
            return List.of();
        }
    }

    /** Says that a row changed between reading and locking. */
    final class Changed extends Exception {
        private static final long serialVersionUID = 1L;

        Changed() {
            super("changed", null, false, false);
        }
    }
}
