package dev.pando.adapter;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.List;

/** A statement of a {@link SessionOnThread}. */
final class PreparedOnThread implements Prepared {

    private final Prepared prepared;
    private final SessionThread thread;

    PreparedOnThread(Prepared prepared, SessionThread thread) {
        this.prepared = prepared;
        this.thread = thread;
    }

    Prepared plain() {
        return prepared;
    }

    @Override
    public String sql() {
        return prepared.sql();
    }

    @Override
    public StatementKind kind() throws SQLException {
        return EngineThreads.run(thread, prepared::kind);
    }

    @Override
    public List<ParameterMeta> parameters() throws SQLException {
        return EngineThreads.run(thread, prepared::parameters);
    }

    @Override
    public List<ColumnMeta> columns() throws SQLException {
        return EngineThreads.run(thread, prepared::columns);
    }

    @Override
    public void close() throws SQLException {
        EngineThreads.run(thread, () -> {
            prepared.close();
            return true;
        });
    }
}
