package dev.pando.sql.catalog;

import static dev.pando.sql.catalog.SystemTable.SystemColumn.flag;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.instant;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.number;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.text;

import dev.pando.Replication.ReplicatorInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of schema {@code sys} about other nodes: who they are, what goes to them and comes from them. */
final class SysReplicationTables {
    private SysReplicationTables() {}

    /** All of them; a table more is a method more, named here. */
    static Map<String, SystemTable> all() {
        Map<String, SystemTable> tables = new LinkedHashMap<>();
        tables.put("addresses", addresses());
        tables.put("peers", peers());
        tables.put("replicators", replicators());
        tables.put("subscriptions", subscriptions());
        return tables;
    }

    private static @Nullable Object[] row(@Nullable Object... values) {
        return values;
    }

    private static SystemTable addresses() {
        return new SystemTable(
                List.of(text("address")),
                context -> context.engine().network().addresses().stream().map(address -> row(address.toString())));
    }

    private static SystemTable peers() {
        return new SystemTable(
                List.of(
                        text("peer_id"),
                        flag("connected"),
                        text("address"),
                        text("direction"),
                        text("agent"),
                        instant("since")),
                context -> context.engine().network().peers().stream()
                        .map(peer -> row(
                                peer.peer(),
                                peer.connected(),
                                peer.address(),
                                peer.outbound() ? "out" : "in",
                                peer.agent(),
                                peer.since())));
    }

    private static SystemTable replicators() {
        return new SystemTable(
                List.of(
                        text("peer_id"),
                        text("address"),
                        text("table_schema"),
                        text("table_name"),
                        text("predicate"),
                        flag("connected"),
                        number("acknowledged"),
                        number("pending"),
                        text("status"),
                        text("last_error"),
                        instant("last_success")),
                context -> context.engine().replication().replicators().stream().map(SysReplicationTables::replicator));
    }

    private static @Nullable Object[] replicator(ReplicatorInfo info) {
        return row(
                info.peer(),
                info.address(),
                info.table().schema(),
                info.table().name(),
                info.predicate(),
                info.connected(),
                info.acknowledged(),
                info.pending(),
                info.status(),
                info.lastError(),
                info.lastSuccess());
    }

    private static SystemTable subscriptions() {
        return new SystemTable(
                List.of(text("table_schema"), text("table_name"), text("collection_id")),
                context -> context.engine().subscriptions().subscriptions().stream()
                        .map(table -> row(table.schema(), table.name(), table.collectionId())));
    }
}
