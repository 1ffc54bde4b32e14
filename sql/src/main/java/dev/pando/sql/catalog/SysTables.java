package dev.pando.sql.catalog;

import static dev.pando.sql.catalog.SystemTable.SystemColumn.flag;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.instant;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.number;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.text;

import dev.pando.Grants;
import dev.pando.Inspection;
import dev.pando.Network;
import dev.pando.NodeInfo;
import dev.pando.Replication;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.plan.QueryContext;
import dev.pando.sql.session.Role;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables of schema {@code sys}: what this node is, knows and does. */
final class SysTables {
    static final String SCHEMA = "sys";

    private SysTables() {}

    static Map<String, org.apache.calcite.schema.Table> all(LocalObjects objects, SqlActivity activity) {
        Map<String, org.apache.calcite.schema.Table> tables = new LinkedHashMap<>();
        tables.put("node", node());
        tables.put("grants", grants(objects));
        tables.put("users", users(objects));
        tables.put("settings", settings(objects));
        tables.put("health", health());
        tables.put("sessions", sessions(activity));
        tables.put("metrics", metrics(activity));
        tables.putAll(SysDataTables.all());
        tables.putAll(SysReplicationTables.all());
        return tables;
    }

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    private static SystemTable node() {
        return new SystemTable(
                List.of(
                        text("peer_id"),
                        text("agent"),
                        instant("started_at"),
                        text("root_directory"),
                        text("storage"),
                        text("durability"),
                        flag("network_enabled"),
                        flag("trust_all"),
                        number("commit_sequence"),
                        number("node_number"),
                        number("clock_skew_ms")),
                context -> {
                    NodeInfo info = context.engine().info();
                    return Stream.<@Nullable Object[]>of(row(
                            info.peerId(),
                            info.agent(),
                            info.startedAt(),
                            info.rootDirectory(),
                            info.storage(),
                            info.durability(),
                            info.networkEnabled(),
                            info.trustAll(),
                            info.commitSequence(),
                            (long) context.engine().keys().nodeNumber(),
                            info.clockSkewMillis()));
                });
    }

    /* Of peers, and after them of users. */
    private static SystemTable grants(LocalObjects objects) {
        return new SystemTable(
                List.of(text("table_schema"), text("table_name"), text("peer_id"), text("rights"), text("user_name")),
                context -> Stream.concat(
                        context.engine().grants().list().stream()
                                .map(grant -> row(
                                        grant.table().schema(),
                                        grant.table().name(),
                                        grant.peer().map(PeerId::toString).orElse("ANY"),
                                        rights(grant),
                                        null)),
                        objects.rights().stream()
                                .map(right -> row(
                                        right.schema(),
                                        right.name(),
                                        null,
                                        right.privileges().stream()
                                                .sorted()
                                                .map(Enum::name)
                                                .collect(Collectors.joining(", ")),
                                        right.user()))));
    }

    private static String rights(Grants.Grant grant) {
        return grant.rights().stream()
                .sorted()
                .map(right -> switch (right) {
                    case READ -> "SELECT";
                    case WRITE -> "INSERT, UPDATE, DELETE";
                    case ALTER -> "ALTER";
                })
                .collect(Collectors.joining(", "));
    }

    /* A row for each thing that may be wrong: ok, off, or a warning that says what. */
    private static SystemTable health() {
        return new SystemTable(
                List.of(text("check_name"), text("status"), text("detail")),
                context -> Stream.of(storage(context), network(context), replication(context), locks(context)));
    }

    private static @Nullable Object[] storage(QueryContext context) {
        NodeInfo info = context.engine().info();
        boolean fallback = info.rootDirectory().isPresent() && info.storage().equals("memory");
        String detail = info.storage() + ", durability " + info.durability();
        return fallback
                ? row("storage", "warning", detail + ": the maps are in memory, filled from the log at each start")
                : row("storage", "ok", detail);
    }

    private static @Nullable Object[] network(QueryContext context) {
        if (!context.engine().info().networkEnabled()) {
            return row("network", "off", null);
        }
        long connected = context.engine().network().peers().stream()
                .filter(Network.PeerInfo::connected)
                .count();
        return row("network", connected == 0 ? "warning" : "ok", connected + " peers are connected");
    }

    private static @Nullable Object[] replication(QueryContext context) {
        List<Replication.ReplicatorInfo> all = context.engine().replication().replicators();
        String failing = all.stream()
                .filter(each -> !each.connected() || each.lastError().isPresent())
                .map(each -> each.table().name() + " to " + each.peer() + ": "
                        + each.lastError().orElse(each.status()))
                .collect(Collectors.joining("; "));
        return failing.isEmpty()
                ? row("replication", all.isEmpty() ? "off" : "ok", all.size() + " replicators")
                : row("replication", "warning", failing);
    }

    private static @Nullable Object[] locks(QueryContext context) {
        int waiting = context.engine().inspection().locks().stream()
                .mapToInt(Inspection.LockInfo::waiting)
                .sum();
        return row("locks", waiting == 0 ? "ok" : "warning", waiting + " transactions wait for another");
    }

    private static SystemTable sessions(SqlActivity activity) {
        return new SystemTable(
                List.of(
                        number("session_id"),
                        text("user_name"),
                        text("role"),
                        instant("opened_at"),
                        text("default_schema"),
                        flag("autocommit"),
                        text("isolation"),
                        flag("in_transaction"),
                        text("statement"),
                        instant("statement_started_at")),
                context -> activity.sessions().stream()
                        .map(session -> row(
                                session.id(),
                                session.user().name(),
                                session.user().role().name(),
                                session.openedAt(),
                                session.schema(),
                                session.autoCommit(),
                                session.isolation().sql(),
                                session.inTransaction(),
                                maySee(context, session) ? session.statement() : Optional.empty(),
                                session.statementStartedAt())));
    }

    /* What others run may name what is not for all. */
    private static boolean maySee(QueryContext context, SqlActivity.SessionInfo session) {
        return context.user().role().includes(Role.ADMIN)
                || context.user().name().equals(session.user().name());
    }

    private static SystemTable metrics(SqlActivity activity) {
        return new SystemTable(
                List.of(text("name"), number("value")),
                context -> activity.counters().entrySet().stream()
                        .map(counter -> row(counter.getKey(), counter.getValue())));
    }

    private static SystemTable settings(LocalObjects objects) {
        return new SystemTable(
                List.of(text("name"), text("setting"), text("default_setting"), text("description")),
                context -> Arrays.stream(SystemSetting.values())
                        .map(setting -> row(
                                setting.sqlName(),
                                switch (setting) {
                                    case NODE_NUMBER ->
                                        Integer.toString(context.engine().keys().nodeNumber());
                                    case AUTO_CREATE ->
                                        context.engine().replication().autoCreate() ? "1" : "0";
                                    default -> objects.setting(setting);
                                },
                                setting.byDefault(),
                                setting.description())));
    }

    private static SystemTable users(LocalObjects objects) {
        return new SystemTable(
                List.of(text("user_name"), text("role")),
                context -> objects.users().stream()
                        .map(user -> row(user.user().name(), user.user().role().name())));
    }
}
