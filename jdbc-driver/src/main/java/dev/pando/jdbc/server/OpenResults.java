package dev.pando.jdbc.server;

import dev.pando.jdbc.wire.Messages;
import dev.pando.jdbc.wire.RowPacker;
import dev.pando.jdbc.wire.proto.ResultSet;
import dev.pando.jdbc.wire.proto.Rows;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The results that a client has not read to their end. One thread. */
final class OpenResults {
    /** Results that one session may have open; 54000 beyond. */
    static final int RESULTS_MAX = 1_024;

    /** Rows of a message when the client names no number. */
    static final int FETCH_ROWS_DEFAULT = 1_000;

    /** Bytes after which a message of rows is sent off, whatever number was asked for. */
    static final int FETCH_BYTES = 256 * 1024;

    /** Rows taken from a result at once. */
    private static final int STEP_ROWS_MAX = 100;

    private static final System.Logger LOG = System.getLogger(OpenResults.class.getName());

    private final Map<Long, Open> byId = new HashMap<>();
    private long nextId = 1;

    /** A result, and the rows that were taken from it and did not fit into a message. */
    private static final class Open {
        private final Result result;
        private final List<ColumnMeta> columns;
        private final Deque<@Nullable Object[]> taken = new ArrayDeque<>();

        Open(Result result) {
            this.result = result;
            this.columns = result.columns();
        }

        Rows next(int rowsAsked) throws SQLException {
            int rowsMax = rowsAsked <= 0 ? FETCH_ROWS_DEFAULT : rowsAsked;
            RowPacker packer = new RowPacker(columns);
            boolean last = false;
            while (packer.count() < rowsMax && packer.sizeEstimate() < FETCH_BYTES) {
                if (taken.isEmpty()) {
                    taken.addAll(result.fetch(Math.min(STEP_ROWS_MAX, rowsMax - packer.count())));
                }
                @Nullable Object[] row = taken.poll();
                if (row == null) {
                    last = true;
                    break;
                }
                packer.add(row);
            }
            return packer.finish(last);
        }
    }

    /**
     * The head and first rows of a result, which is kept when it has more.
     *
     * @param statement what it came from, when the client knows that statement
     */
    ResultSet open(Result result, OpenStatements.@Nullable Entry statement, int firstRows) throws SQLException {
        ResultSet.Builder message = ResultSet.newBuilder();
        Open open = new Open(result);
        boolean kept = false;
        try {
            if (statement != null && statement.tell(open.columns)) {
                message.setColumnsKnown(true);
            } else {
                message.addAllColumns(Messages.columns(open.columns));
            }
            Rows rows = open.next(firstRows);
            message.setRows(rows);
            if (!rows.getLast()) {
                message.setResultId(keep(open));
                kept = true;
            }
            return message.build();
        } finally {
            if (!kept) {
                result.close();
            }
        }
    }

    private long keep(Open open) throws SQLException {
        if (byId.size() >= RESULTS_MAX) {
            throw PandoSqlState.TOO_LARGE.exception(
                    "a session has " + RESULTS_MAX + " open results at most: close some");
        }
        long id = nextId++;
        byId.put(id, open);
        return id;
    }

    Rows fetch(long id, int rowsMax) throws SQLException {
        Open open = byId.get(id);
        if (open == null) {
            throw PandoSqlState.NOT_IN_STATE.exception("the result was closed");
        }
        Rows rows = open.next(rowsMax);
        if (rows.getLast()) {
            close(id);
        }
        return rows;
    }

    void close(long id) throws SQLException {
        Open open = byId.remove(id);
        if (open != null) {
            open.result.close();
        }
    }

    void closeAll() {
        for (Open open : byId.values()) {
            try {
                open.result.close();
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "a result did not close cleanly", e);
            }
        }
        byId.clear();
    }
}
