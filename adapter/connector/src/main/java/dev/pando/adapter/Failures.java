package dev.pando.adapter;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.LocalTransactionException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import java.sql.SQLException;

/** From SQL errors to those of Jakarta Connectors and back, keeping message, SQLState and cause. */
final class Failures {

    private Failures() {}

    static ResourceException resource(String what, SQLException cause) {
        return withState(new ResourceException(what + ": " + cause.getMessage(), cause), cause);
    }

    static LocalTransactionException transaction(String what, SQLException cause) {
        return withState(new LocalTransactionException(what + ": " + cause.getMessage(), cause), cause);
    }

    static ResourceAdapterInternalException start(String what, SQLException cause) {
        return withState(new ResourceAdapterInternalException(what + ": " + cause.getMessage(), cause), cause);
    }

    private static <E extends ResourceException> E withState(E failure, SQLException cause) {
        failure.setErrorCode(cause.getSQLState());
        return failure;
    }

    /** The SQL error within {@code failed}, however deep the server wrapped it; 08001 where there is none. */
    static SQLException sql(ResourceException failed) {
        int depth = 0;
        for (Throwable cause = failed; cause != null && depth < DEPTH_MAX; cause = cause.getCause(), depth++) {
            if (cause instanceof SQLException sql) {
                return new SQLException(sql.getMessage(), sql.getSQLState(), sql.getErrorCode(), failed);
            }
        }
        return new SQLException(String.valueOf(failed.getMessage()), "08001", failed);
    }

    /** Causes looked at: a chain that is longer has most likely bitten its tail. */
    private static final int DEPTH_MAX = 32;
}
