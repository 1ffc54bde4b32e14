package dev.pando.adapter;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.SqlWarningInfo;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A result of a {@link SessionOnThread}: a page of rows is one trip. */
final class ResultOnThread implements Result {

    private final Result result;
    private final SessionThread thread;
    private final @Nullable Result generatedKeys;

    ResultOnThread(Result result, SessionThread thread) {
        this.result = result;
        this.thread = thread;
        Result keys = result.generatedKeys();
        this.generatedKeys = keys == null ? null : new ResultOnThread(keys, thread);
    }

    @Override
    public long updateCount() {
        return result.updateCount();
    }

    @Override
    public List<ColumnMeta> columns() {
        return result.columns();
    }

    @Override
    public List<@Nullable Object[]> fetch(int rowsMax) throws SQLException {
        return EngineThreads.run(thread, () -> result.fetch(rowsMax));
    }

    @Override
    public @Nullable Result generatedKeys() {
        return generatedKeys;
    }

    @Override
    public List<SqlWarningInfo> warnings() {
        return result.warnings();
    }

    @Override
    public void close() throws SQLException {
        EngineThreads.run(thread, () -> {
            result.close();
            return true;
        });
    }
}
