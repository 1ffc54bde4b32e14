package dev.pando.sql.session;

import java.sql.SQLException;
import java.util.List;

/**
 * A statement that was parsed and validated. Belongs to the session that made it.
 *
 * <p>A remote session may do so when the statement first runs or is first asked about: the questions here then throw
 * what {@link Session#prepare} would have thrown.
 */
public interface Prepared extends AutoCloseable {
    /** The text that it was made from. */
    String sql();

    StatementKind kind() throws SQLException;

    /** The parameters, in the order of their question marks. */
    List<ParameterMeta> parameters() throws SQLException;

    /** The columns of its rows; empty when it has no result set. */
    List<ColumnMeta> columns() throws SQLException;

    /** Frees what is kept for it; no-op when nothing is. Idempotent. */
    @Override
    void close() throws SQLException;
}
