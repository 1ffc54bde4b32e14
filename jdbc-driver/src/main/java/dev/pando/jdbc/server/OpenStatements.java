package dev.pando.jdbc.server;

import dev.pando.jdbc.wire.Messages;
import dev.pando.jdbc.wire.proto.PreparedStatement;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.Session;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The statements that a client keeps on the server. One thread. */
final class OpenStatements {
    /** Statements that one session may keep; 54000 beyond. */
    static final int STATEMENTS_MAX = 4_096;

    private static final System.Logger LOG = System.getLogger(OpenStatements.class.getName());

    private final Session session;
    private final Map<Long, Entry> byId = new HashMap<>();
    private long nextId = 1;

    OpenStatements(Session session) {
        this.session = session;
    }

    /** A statement, and the columns that the client knows of it. */
    static final class Entry {
        private final long id;
        private final Prepared prepared;
        private List<ColumnMeta> columnsTold;

        private Entry(long id, Prepared prepared) throws SQLException {
            this.id = id;
            this.prepared = prepared;
            this.columnsTold = prepared.columns();
        }

        long id() {
            return id;
        }

        Prepared prepared() {
            return prepared;
        }

        PreparedStatement describe() throws SQLException {
            return PreparedStatement.newBuilder()
                    .setStatementId(id)
                    .setKind(prepared.kind().name())
                    .addAllParameters(prepared.parameters().stream()
                            .map(Messages::parameter)
                            .toList())
                    .addAllColumns(Messages.columns(columnsTold))
                    .build();
        }

        /** Whether the client knows these columns; it does from now on. */
        boolean tell(List<ColumnMeta> columns) {
            boolean known = columns == columnsTold || columns.equals(columnsTold);
            columnsTold = columns;
            return known;
        }
    }

    Entry prepare(String sql) throws SQLException {
        if (byId.size() >= STATEMENTS_MAX) {
            throw PandoSqlState.TOO_LARGE.exception(
                    "a session keeps " + STATEMENTS_MAX + " prepared statements at most: close some");
        }
        Entry entry = new Entry(nextId++, session.prepare(sql));
        byId.put(entry.id, entry);
        return entry;
    }

    Entry get(long id) throws SQLException {
        Entry entry = byId.get(id);
        if (entry == null) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("the server keeps no statement " + id);
        }
        return entry;
    }

    void close(long id) throws SQLException {
        Entry entry = byId.remove(id);
        if (entry != null) {
            entry.prepared.close();
        }
    }

    void closeAll() {
        for (Entry entry : byId.values()) {
            try {
                entry.prepared.close();
            } catch (SQLException e) {
                LOG.log(Level.DEBUG, "a statement did not close cleanly", e);
            }
        }
        byId.clear();
    }
}
