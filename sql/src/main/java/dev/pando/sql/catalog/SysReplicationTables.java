package dev.pando.sql.catalog;

import static dev.pando.sql.catalog.SystemTable.SystemColumn.flag;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.instant;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.number;
import static dev.pando.sql.catalog.SystemTable.SystemColumn.text;

import dev.pando.Replication.ReplicatorInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables of schema {@code sys} about other nodes: who they are, what goes to them and comes from them. */
final class SysReplicationTables {
    private SysReplicationTables() {}

    /** All of them; a table more is a method more, named here. */
    static Map<String, SystemTable> all() {
        Map<String, SystemTable> tables = new LinkedHashMap<>();
        tables.put("addresses", addresses());
        tables.put("discovery", discovery());
        tables.put("peers", peers());
        tables.put("replicators", replicators());
        tables.put("sync_status", syncStatus());
        tables.put("pending", pending());
        tables.put("quarantine", quarantine());
        tables.put("subscriptions", subscriptions());
        tables.put("topics", topics());
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

    /* One row. */
    private static SystemTable discovery() {
        return new SystemTable(
                List.of(
                        text("hash_table"),
                        number("servers"),
                        number("topics"),
                        number("lookups"),
                        number("found"),
                        flag("local_network"),
                        number("found_locally")),
                context -> {
                    var discovery = context.engine().network().discovery();
                    return Stream.<@Nullable Object[]>of(row(
                            discovery.table().name().toLowerCase(Locale.ROOT),
                            (long) discovery.servers(),
                            (long) discovery.topics(),
                            (long) discovery.lookups(),
                            (long) discovery.found(),
                            discovery.local(),
                            (long) discovery.foundLocally()));
                });
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
                        number("commits_per_second"),
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
                Math.round(info.commitsPerSecond()),
                info.status(),
                info.lastError(),
                info.lastSuccess());
    }

    private static SystemTable syncStatus() {
        return new SystemTable(
                List.of(
                        text("table_schema"),
                        text("table_name"),
                        text("peer_id"),
                        text("direction"),
                        flag("equal"),
                        number("behind"),
                        instant("behind_since"),
                        number("filled"),
                        number("to_fill"),
                        instant("offline_since"),
                        text("refused"),
                        text("state")),
                context -> context.engine().replication().syncStatus().stream()
                        .map(status -> row(
                                status.table().schema(),
                                status.table().name(),
                                status.peer(),
                                status.direction(),
                                status.equal().orElse(null),
                                status.behind(),
                                status.behindSince(),
                                status.filled(),
                                status.toFill(),
                                status.offlineSince(),
                                status.refused(),
                                status.state())));
    }

    private static SystemTable pending() {
        return new SystemTable(
                List.of(text("commit_id"), text("peer_id"), instant("since"), text("reason"), instant("not_before")),
                context -> context.engine().replication().pending().stream()
                        .map(pending -> row(
                                pending.commit(),
                                pending.from(),
                                pending.since(),
                                pending.reason(),
                                pending.notBefore())));
    }

    private static SystemTable quarantine() {
        return new SystemTable(
                List.of(text("block_id"), text("peer_id"), instant("since"), number("bytes"), text("reason")),
                context -> context.engine().replication().quarantine().stream()
                        .map(held -> row(held.block(), held.from(), held.since(), (long) held.bytes(), held.reason())));
    }

    /* A collection as a whole has no document. */
    private static SystemTable subscriptions() {
        return new SystemTable(
                List.of(text("table_schema"), text("table_name"), text("collection_id"), text("document_id")),
                context -> Stream.concat(
                        context.engine().subscriptions().subscriptions().stream()
                                .map(table -> row(table.schema(), table.name(), table.collectionId(), null)),
                        context.engine().subscriptions().documents().stream()
                                .map(d -> row(
                                        d.table().schema(),
                                        d.table().name(),
                                        d.table().collectionId(),
                                        d.document()))));
    }

    private static SystemTable topics() {
        return new SystemTable(
                List.of(
                        text("topic"),
                        text("kind"),
                        text("table_schema"),
                        text("table_name"),
                        text("document_id"),
                        flag("hot"),
                        number("peers"),
                        number("mesh")),
                context -> context.engine().subscriptions().topics().stream()
                        .map(topic -> row(
                                topic.name(),
                                topic.kind(),
                                topic.table().schema(),
                                topic.table().name(),
                                topic.document(),
                                topic.hot(),
                                (long) topic.peers(),
                                (long) topic.mesh())));
    }
}
