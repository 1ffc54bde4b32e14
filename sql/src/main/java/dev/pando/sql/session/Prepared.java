package dev.pando.sql.session;

import java.sql.SQLException;
import java.util.List;

/** A statement that was parsed and validated. Belongs to the session that made it. */
public interface Prepared extends AutoCloseable {
    /** The text that it was made from. */
    String sql();

    StatementKind kind();

    /** The parameters, in the order of their question marks. */
    List<ParameterMeta> parameters();

    /** The columns of its rows; empty when it has no result set. */
    List<ColumnMeta> columns();

    /** Frees what is kept for it; no-op when nothing is. Idempotent. */
    @Override
    void close() throws SQLException;
}
