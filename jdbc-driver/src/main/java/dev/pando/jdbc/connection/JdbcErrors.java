package dev.pando.jdbc.connection;

import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.SqlWarningInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLWarning;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The errors that this layer itself makes. */
final class JdbcErrors {
    private JdbcErrors() {}

    /** The method is optional in JDBC, and not there. */
    static SQLFeatureNotSupportedException refused(String method) {
        return new SQLFeatureNotSupportedException(
                "Pando does not support " + method, PandoSqlState.NOT_SUPPORTED.code());
    }

    static SQLException closed(String what) {
        return PandoSqlState.NOT_IN_STATE.exception("the " + what + " is closed");
    }

    static SQLException badArgument(String message) {
        return PandoSqlState.BAD_PARAMETER_VALUE.exception(message);
    }

    /** The chain of {@code infos}, or null when there are none. */
    static @Nullable SQLWarning chain(List<SqlWarningInfo> infos) {
        SQLWarning first = null;
        for (SqlWarningInfo info : infos) {
            SQLWarning warning = new SQLWarning(info.message(), info.sqlState());
            if (first == null) {
                first = warning;
            } else {
                first.setNextWarning(warning);
            }
        }
        return first;
    }

    /** The object itself as a {@code wanted}; what is not offered is an error. */
    static <T> T unwrap(Object self, Class<T> wanted) throws SQLException {
        if (wanted.isInstance(self)) {
            return wanted.cast(self);
        }
        throw badArgument(self.getClass().getName() + " does not wrap a " + wanted.getName());
    }
}
