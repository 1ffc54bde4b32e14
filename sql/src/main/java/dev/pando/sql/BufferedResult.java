package dev.pando.sql;

import dev.pando.sql.run.Sizes;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.SqlWarningInfo;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Rows that stream, and that can be taken into memory when their transaction goes on without them. */
abstract class BufferedResult implements Result {
    private static final int PAGE = 1_024;

    private final Result result;
    private final ReentrantLock turn;
    private final long bytesMax;
    private final Deque<@Nullable Object[]> buffer = new ArrayDeque<>();
    private boolean ended;
    private @Nullable SQLException failure;

    /**
     * @param turn held while rows are read or given up: others may use the transaction, and close it
     * @param bytesMax what rows that are taken into memory may hold; beyond, reading on ends with 53200
     */
    BufferedResult(Result result, ReentrantLock turn, long bytesMax) {
        this.result = result;
        this.turn = turn;
        this.bytesMax = bytesMax;
    }

    /** Called once, when nothing more is read of the transaction. */
    protected abstract void ended();

    /** Takes what is left into memory. */
    void buffer() throws SQLException {
        try {
            long bytes = 0;
            for (List<@Nullable Object[]> page = read(PAGE); !page.isEmpty(); page = read(PAGE)) {
                buffer.addAll(page);
                for (@Nullable Object[] row : page) {
                    bytes += Sizes.of(row);
                }
                if (bytes > bytesMax) {
                    buffer.clear();
                    failure = PandoSqlState.OUT_OF_MEMORY.exception("more rows were left unread when the next statement"
                            + " began than the " + bytesMax + " bytes of query_memory hold: read or close a result"
                            + " first, or SET query_memory");
                    break;
                }
            }
        } catch (SQLException e) {
            failure = e;
        }
        end();
    }

    private List<@Nullable Object[]> read(int rowsMax) throws SQLException {
        if (ended) {
            return List.of();
        }
        try {
            return result.fetch(rowsMax);
        } catch (RuntimeException | Error e) {
            throw Errors.of(e);
        }
    }

    @Override
    public List<@Nullable Object[]> fetch(int rowsMax) throws SQLException {
        turn.lock();
        try {
            return next(rowsMax);
        } finally {
            turn.unlock();
        }
    }

    private List<@Nullable Object[]> next(int rowsMax) throws SQLException {
        if (!buffer.isEmpty()) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            while (rows.size() < rowsMax && !buffer.isEmpty()) {
                rows.add(buffer.removeFirst());
            }
            return rows;
        }
        if (failure != null) {
            throw failure;
        }
        List<@Nullable Object[]> rows;
        try {
            rows = read(rowsMax);
        } catch (SQLException e) {
            end();
            throw e;
        }
        if (rows.isEmpty() && rowsMax > 0) {
            end();
        }
        return rows;
    }

    private void end() {
        if (!ended) {
            ended = true;
            closeBelow();
            ended();
        }
    }

    private void closeBelow() {
        try {
            result.close();
        } catch (SQLException e) {
            failure = failure == null ? e : failure;
        }
    }

    @Override
    public long updateCount() {
        return -1;
    }

    @Override
    public List<ColumnMeta> columns() {
        return result.columns();
    }

    @Override
    public @Nullable Result generatedKeys() {
        return null;
    }

    @Override
    public List<SqlWarningInfo> warnings() {
        return result.warnings();
    }

    @Override
    public void close() {
        turn.lock();
        try {
            buffer.clear();
            end();
        } finally {
            turn.unlock();
        }
    }
}
