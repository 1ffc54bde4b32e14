package dev.pando.sql.exec;

import dev.pando.Table;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** The values that a procedure was called with, by the order of its parameters. */
record Arguments(
        String procedure,
        List<CallPlan.Parameter> parameters,
        @Nullable Object[] values) {
    /** A text that must be there. */
    String text(int index) throws SQLException {
        Object value = values[index];
        if (value == null) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                    procedure + ": " + parameters.get(index).name() + " is not NULL");
        }
        return value.toString();
    }

    @Nullable
    String optionalText(int index) {
        Object value = values[index];
        return value == null ? null : value.toString();
    }

    long number(int index, long otherwise) {
        Object value = values[index];
        return value == null ? otherwise : ((Number) value).longValue();
    }

    boolean flag(int index) {
        return Boolean.TRUE.equals(values[index]);
    }

    /** The tables that a text names: one, several with commas between, or {@code *} for all that are not local. */
    List<Table> tables(int index, SessionControl session) throws SQLException {
        String text = text(index).strip();
        if (text.equals("*")) {
            return session.engine().catalog().tables().stream()
                    .filter(table -> !table.local())
                    .toList();
        }
        List<Table> tables = new ArrayList<>();
        for (String name : text.split(",", -1)) {
            String stripped = name.strip();
            if (stripped.isEmpty()) {
                throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                        procedure + ": expected a table, several with commas between, or '*', not '" + text + "'");
            }
            SqlIdentifier identifier = new SqlIdentifier(List.of(stripped.split("\\.", 2)), SqlParserPos.ZERO);
            tables.add(NameResolver.table(identifier, session.snapshot(), session.schema()));
        }
        return tables;
    }

    /** The one table that a text names. */
    Table table(int index, SessionControl session) throws SQLException {
        List<Table> tables = tables(index, session);
        if (tables.size() != 1 || text(index).strip().equals("*")) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                    procedure + ": documents are those of one table, not of '" + text(index) + "'");
        }
        return tables.get(0);
    }

    static PeerId peer(String text) throws SQLException {
        try {
            return PeerId.parse(text.strip());
        } catch (RuntimeException e) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                    "'" + text + "' is not a Peer ID: expected one such as 12D3KooW… (" + e.getMessage() + ")", e);
        }
    }

    static Multiaddr address(String text) throws SQLException {
        try {
            return Multiaddr.parse(text.strip());
        } catch (RuntimeException e) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                    "'" + text + "' is not an address: expected one such as /ip4/127.0.0.1/tcp/9171/p2p/12D3KooW… ("
                            + e.getMessage() + ")",
                    e);
        }
    }
}
