package dev.pando.jdbc.client;

import dev.pando.jdbc.wire.Messages;
import dev.pando.jdbc.wire.WholeText;
import dev.pando.jdbc.wire.proto.Prepare;
import dev.pando.jdbc.wire.proto.PreparedStatement;
import dev.pando.jdbc.wire.proto.Request;
import dev.pando.jdbc.wire.proto.Response;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ParameterMeta;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A statement that the server keeps. It is prepared there when it first runs, or is first asked about. */
final class RemotePrepared implements Prepared {
    private final ServerLink link;
    private final String sql;
    private @Nullable Description description;
    private boolean closed;

    /** What the server told. */
    private record Description(long id, StatementKind kind, List<ParameterMeta> parameters, List<ColumnMeta> columns) {}

    RemotePrepared(ServerLink link, String sql) {
        this.link = link;
        this.sql = sql;
    }

    @Override
    public String sql() {
        return sql;
    }

    /** The server's id of it; 0 when the server does not know it yet. */
    long id() throws SQLException {
        if (closed) {
            throw PandoSqlState.NOT_IN_STATE.exception("the statement is closed");
        }
        Description known = description;
        return known == null ? 0 : known.id;
    }

    /** Takes in what the server told of it. */
    void learn(PreparedStatement message) throws SQLException {
        description = new Description(
                message.getStatementId(),
                kind(message.getKind()),
                Messages.parameterMetas(message.getParametersList()),
                Messages.columnMetas(message.getColumnsList()));
    }

    /** Takes in columns that changed since. */
    void learnColumns(List<ColumnMeta> columns) {
        Description known = description;
        if (known != null) {
            description = new Description(known.id, known.kind, known.parameters, columns);
        }
    }

    private static StatementKind kind(String name) throws SQLException {
        for (StatementKind kind : StatementKind.values()) {
            if (kind.name().equals(name)) {
                return kind;
            }
        }
        throw PandoSqlState.PROTOCOL_VIOLATION.exception("an unknown kind of statement on the wire: " + name);
    }

    /* Has the server prepare it now, if it did not yet. */
    private Description described() throws SQLException {
        if (id() == 0) {
            Response response = link.call(
                    Request.newBuilder().setPrepare(Prepare.newBuilder().setSql(WholeText.checked(sql))));
            if (!response.hasPrepared()) {
                throw ServerLink.unexpected(response);
            }
            learn(response.getPrepared());
        }
        return Objects.requireNonNull(description);
    }

    @Override
    public StatementKind kind() throws SQLException {
        return described().kind;
    }

    @Override
    public List<ParameterMeta> parameters() throws SQLException {
        return described().parameters;
    }

    @Override
    public List<ColumnMeta> columns() throws SQLException {
        return described().columns;
    }

    @Override
    public void close() {
        Description known = description;
        if (known != null && !closed) {
            link.releaseStatement(known.id);
        }
        closed = true;
    }
}
