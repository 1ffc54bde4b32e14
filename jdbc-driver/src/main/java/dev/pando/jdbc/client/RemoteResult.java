package dev.pando.jdbc.client;

import dev.pando.jdbc.wire.Messages;
import dev.pando.jdbc.wire.RowPacker;
import dev.pando.jdbc.wire.proto.Fetch;
import dev.pando.jdbc.wire.proto.Request;
import dev.pando.jdbc.wire.proto.Response;
import dev.pando.jdbc.wire.proto.ResultSet;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.SqlWarningInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement gave on the server; rows come in messages as they are asked for. */
final class RemoteResult implements Result {
    private final ServerLink link;
    private final long updateCount;
    private final List<ColumnMeta> columns;
    private final int fetchSize;
    private final @Nullable Result generatedKeys;
    private final List<SqlWarningInfo> warnings;
    private List<@Nullable Object[]> rows;
    private int next;
    private long id;
    private boolean closed;

    private RemoteResult(
            ServerLink link,
            long updateCount,
            List<ColumnMeta> columns,
            @Nullable ResultSet set,
            int fetchSize,
            @Nullable Result generatedKeys,
            List<SqlWarningInfo> warnings)
            throws SQLException {
        this.link = link;
        this.updateCount = updateCount;
        this.columns = columns;
        this.fetchSize = fetchSize;
        this.generatedKeys = generatedKeys;
        this.warnings = warnings;
        rows = set == null ? List.of() : RowPacker.unpack(set.getRows(), columns);
        id = set == null ? 0 : set.getResultId();
    }

    static RemoteResult updateCount(
            ServerLink link, long count, @Nullable Result generatedKeys, List<SqlWarningInfo> warnings)
            throws SQLException {
        return new RemoteResult(link, count, List.of(), null, 0, generatedKeys, warnings);
    }

    static RemoteResult rows(
            ServerLink link,
            List<ColumnMeta> columns,
            ResultSet set,
            int fetchSize,
            @Nullable Result generatedKeys,
            List<SqlWarningInfo> warnings)
            throws SQLException {
        return new RemoteResult(link, -1, columns, set, fetchSize, generatedKeys, warnings);
    }

    /** Generated keys, which tell their columns. */
    static RemoteResult keys(ServerLink link, ResultSet set) throws SQLException {
        return new RemoteResult(link, -1, Messages.columnMetas(set.getColumnsList()), set, 0, null, List.of());
    }

    @Override
    public long updateCount() {
        return updateCount;
    }

    @Override
    public List<ColumnMeta> columns() {
        return columns;
    }

    @Override
    public List<@Nullable Object[]> fetch(int rowsMax) throws SQLException {
        if (closed) {
            throw PandoSqlState.NOT_IN_STATE.exception("the result is closed");
        }
        if (next == rows.size() && id != 0) {
            fetchMore();
        }
        int end = Math.min(rows.size(), next + rowsMax);
        List<@Nullable Object[]> taken = new ArrayList<>(rows.subList(next, end));
        next = end;
        return taken;
    }

    private void fetchMore() throws SQLException {
        Response response = link.call(
                Request.newBuilder().setFetch(Fetch.newBuilder().setResultId(id).setRows(fetchSize)));
        if (!response.hasRows()) {
            throw ServerLink.unexpected(response);
        }
        if (response.getRows().getLast()) {
            id = 0;
        }
        rows = RowPacker.unpack(response.getRows(), columns);
        next = 0;
    }

    @Override
    public @Nullable Result generatedKeys() {
        return generatedKeys;
    }

    @Override
    public List<SqlWarningInfo> warnings() {
        return warnings;
    }

    @Override
    public void close() {
        if (id != 0) {
            link.releaseResult(id);
            id = 0;
        }
        closed = true;
        rows = List.of();
        next = 0;
    }
}
