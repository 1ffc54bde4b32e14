package dev.pando.sql.catalog;

import static dev.pando.sql.catalog.SystemTable.SystemColumn.flag;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.instant;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.number;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.text;

import dev.pando.Grants;
import dev.pando.NodeInfo;
import dev.pando.Table;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.plan.QueryContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables of schema {@code sys}: what this node is, knows and does. */
final class SysTables {
    static final String SCHEMA = "sys";

    private SysTables() {}

    static Map<String, org.apache.calcite.schema.Table> all(LocalObjects objects) {
        Map<String, org.apache.calcite.schema.Table> tables = new LinkedHashMap<>();
        tables.put("node", node());
        tables.put("collections", collections());
        tables.put("grants", grants());
        tables.put("users", users(objects));
        tables.put("settings", settings(objects));
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
                        number("node_number")),
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
                            (long) context.engine().keys().nodeNumber()));
                });
    }

    private static SystemTable collections() {
        return new SystemTable(
                List.of(
                        text("table_schema"),
                        text("table_name"),
                        text("collection_id"),
                        flag("is_local"),
                        number("estimated_rows"),
                        text("state_hash")),
                context -> context.engine().catalog().tables().stream().map(table -> collection(context, table)));
    }

    private static @Nullable Object[] collection(QueryContext context, Table table) {
        return row(
                table.schema(),
                table.name(),
                table.collectionId(),
                table.local(),
                context.transaction().estimatedRows(table),
                table.local() ? null : context.engine().stateHash(table).toString());
    }

    private static SystemTable grants() {
        return new SystemTable(
                List.of(text("table_schema"), text("table_name"), text("peer_id"), text("rights")),
                context -> context.engine().grants().list().stream()
                        .map(grant -> row(
                                grant.table().schema(),
                                grant.table().name(),
                                grant.peer().map(PeerId::toString).orElse("ANY"),
                                rights(grant))));
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
