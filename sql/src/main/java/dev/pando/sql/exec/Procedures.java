package dev.pando.sql.exec;

import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.Grants;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.Table;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Role;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlIdentifier;

/** What CALL can call. */
final class Procedures {
    /** How long a procedure waits when it is not told. */
    private static final long SYNC_TIMEOUT_MILLIS = 30_000;

    private Procedures() {}

    /** What a procedure does. */
    interface Body {
        void run(SessionControl session, Arguments arguments) throws SQLException;
    }

    record Procedure(String name, List<CallPlan.Parameter> parameters, Role role, Body body) {
        /** As messages tell it. */
        String signature() {
            return parameters.stream()
                    .map(p -> p.required() ? p.name() : "[" + p.name() + "]")
                    .collect(Collectors.joining(", ", name + "(", ")"));
        }
    }

    private static final List<Procedure> ALL = List.of(
            new Procedure(
                    "set_replicator",
                    List.of(
                            text("collections"),
                            text("peer"),
                            optional("predicate", ColumnType.VARCHAR),
                            optional("documents", ColumnType.VARCHAR)),
                    Role.ADMIN,
                    Procedures::setReplicator),
            new Procedure(
                    "delete_replicator",
                    List.of(text("collections"), text("peer")),
                    Role.ADMIN,
                    (session, arguments) -> session.engine()
                            .replication()
                            .deleteReplicator(peerOf(arguments.text(1)), arguments.tables(0, session))),
            new Procedure(
                    "adopt_collection",
                    List.of(text("collection"), text("peer"), optional("timeout_ms", ColumnType.BIGINT)),
                    Role.ADMIN,
                    Procedures::adopt),
            new Procedure(
                    "connect",
                    List.of(text("address")),
                    Role.ADMIN,
                    (session, arguments) -> session.engine()
                            .network()
                            .connect(Arguments.address(arguments.text(0)), session.cancellation())),
            new Procedure(
                    "disconnect",
                    List.of(text("peer")),
                    Role.ADMIN,
                    (session, arguments) -> session.engine().network().disconnect(peerOf(arguments.text(0)))),
            new Procedure(
                    "subscribe_collection",
                    List.of(text("collections"), optional("open", ColumnType.BOOLEAN)),
                    Role.ADMIN,
                    Procedures::subscribe),
            new Procedure(
                    "unsubscribe_collection",
                    List.of(text("collections")),
                    Role.ADMIN,
                    (session, arguments) -> session.engine().subscriptions().unsubscribe(arguments.tables(0, session))),
            new Procedure(
                    "sync_collection",
                    List.of(text("collection"), optional("timeout_ms", ColumnType.BIGINT)),
                    Role.ADMIN,
                    Procedures::sync),
            new Procedure(
                    "subscribe_document",
                    List.of(text("collection"), text("documents")),
                    Role.ADMIN,
                    (session, arguments) -> session.engine()
                            .subscriptions()
                            .subscribeDocuments(arguments.table(0, session), documents(arguments.text(1)))),
            new Procedure(
                    "unsubscribe_document",
                    List.of(text("collection"), text("documents")),
                    Role.ADMIN,
                    (session, arguments) -> session.engine()
                            .subscriptions()
                            .unsubscribeDocuments(arguments.table(0, session), documents(arguments.text(1)))),
            new Procedure(
                    "sync_document",
                    List.of(text("collection"), text("document"), optional("timeout_ms", ColumnType.BIGINT)),
                    Role.ADMIN,
                    Procedures::syncDocument),
            new Procedure(
                    "repair_clock",
                    List.of(),
                    Role.ADMIN,
                    (session, arguments) -> session.engine().maintenance().repairClock()),
            new Procedure(
                    "wait_for_sync",
                    List.of(text("collection"), text("peer"), optional("timeout_ms", ColumnType.BIGINT)),
                    Role.READER,
                    Procedures::waitForSync));

    private static CallPlan.Parameter text(String name) {
        return new CallPlan.Parameter(name, ColumnType.VARCHAR, true);
    }

    private static CallPlan.Parameter optional(String name, ColumnType type) {
        return new CallPlan.Parameter(name, type, false);
    }

    /** The procedure of that name. 42883 when there is none. */
    static Procedure find(SqlIdentifier name) throws SQLException {
        String simple = name.names.get(name.names.size() - 1);
        for (Procedure procedure : ALL) {
            if (procedure.name().equalsIgnoreCase(simple)) {
                return procedure;
            }
        }
        String known = ALL.stream().map(Procedure::name).collect(Collectors.joining(", "));
        throw PandoSqlState.NO_FUNCTION.exception(
                NameResolver.place(name) + "there is no procedure '" + simple + "'; there are " + known);
    }

    private static void setReplicator(SessionControl session, Arguments arguments) throws SQLException {
        List<Table> tables = arguments.tables(0, session);
        String target = arguments.text(1).strip();
        Optional<Multiaddr> address =
                target.startsWith("/") ? Optional.of(Arguments.address(target)) : Optional.empty();
        PeerId peer = peerOf(target);
        Optional<String> predicate = Optional.ofNullable(arguments.optionalText(2));
        String documents = arguments.optionalText(3);
        List<DocumentId> chosen = documents == null ? List.of() : documents(documents);
        session.engine().replication().setReplicator(new ReplicatorSpec(peer, address, tables, chosen, predicate));
    }

    /** One document id, or several with commas between. */
    private static List<DocumentId> documents(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(DocumentId::parse)
                .toList();
    }

    /* A peer is named by its id, or by an address that ends with it. */
    private static PeerId peerOf(String text) throws SQLException {
        if (!text.strip().startsWith("/")) {
            return Arguments.peer(text);
        }
        return Arguments.address(text)
                .peerId()
                .orElseThrow(() -> PandoSqlState.BAD_PARAMETER_VALUE.exception(
                        "'" + text + "' does not say who is there: expected an address that ends with /p2p/12D3KooW…"));
    }

    /* open: anybody may write, as GRANT … TO PEER ANY says it. */
    private static void subscribe(SessionControl session, Arguments arguments) throws SQLException {
        List<Table> tables = arguments.tables(0, session);
        session.engine().subscriptions().subscribe(tables);
        if (arguments.flag(1)) {
            for (Table table : tables) {
                session.engine().grants().grant(table, Optional.empty(), Set.of(Grants.Right.WRITE));
            }
        }
    }

    private static void sync(SessionControl session, Arguments arguments) throws SQLException {
        long millis = timeout(arguments, 1);
        for (Table table : arguments.tables(0, session)) {
            if (!session.engine().subscriptions().sync(table, Duration.ofMillis(millis), session.cancellation())) {
                throw PandoSqlState.WAIT_TIMEOUT.exception(
                        "not every peer has answered for " + table.qualifiedName() + " after " + millis + " ms");
            }
        }
    }

    /* The table need not be here. */
    private static void adopt(SessionControl session, Arguments arguments) throws SQLException {
        String[] names = arguments.text(0).strip().split("\\.", 2);
        String schema = names.length == 2 ? names[0].strip() : session.schema();
        String target = arguments.text(1).strip();
        PeerId peer = peerOf(target);
        if (target.startsWith("/")) {
            session.engine().network().connect(Arguments.address(target), session.cancellation());
        }
        session.engine()
                .replication()
                .adopt(
                        schema,
                        names[names.length - 1].strip(),
                        peer,
                        Duration.ofMillis(timeout(arguments, 2)),
                        session.cancellation());
    }

    private static void syncDocument(SessionControl session, Arguments arguments) throws SQLException {
        long millis = timeout(arguments, 2);
        Table table = arguments.table(0, session);
        for (DocumentId document : documents(arguments.text(1))) {
            if (!session.engine()
                    .subscriptions()
                    .sync(table, document, Duration.ofMillis(millis), session.cancellation())) {
                throw PandoSqlState.WAIT_TIMEOUT.exception(
                        "not every peer has answered for " + document + " after " + millis + " ms");
            }
        }
    }

    private static long timeout(Arguments arguments, int index) throws SQLException {
        long millis = arguments.number(index, SYNC_TIMEOUT_MILLIS);
        if (millis < 0) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(arguments.procedure() + ": timeout_ms is not negative");
        }
        return millis;
    }

    private static void waitForSync(SessionControl session, Arguments arguments) throws SQLException {
        PeerId peer = peerOf(arguments.text(1));
        long millis = timeout(arguments, 2);
        long deadline =
                session.environment().nanoTime() + Duration.ofMillis(millis).toNanos();
        for (Table table : arguments.tables(0, session)) {
            Duration left = Duration.ofNanos(
                    Math.max(0, deadline - session.environment().nanoTime()));
            if (!session.engine().replication().awaitSync(table, peer, left, session.cancellation())) {
                throw PandoSqlState.WAIT_TIMEOUT.exception(
                        peer + " has not applied all of " + table.qualifiedName() + " after " + millis + " ms");
            }
        }
    }
}
