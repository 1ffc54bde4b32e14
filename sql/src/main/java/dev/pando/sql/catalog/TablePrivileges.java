package dev.pando.sql.catalog;

import static dev.pando.sql.catalog.SystemTable.SystemColumn.text;

import dev.pando.Grants;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.parser.RightsStatement.Privilege;
import dev.pando.sql.plan.QueryContext;
import dev.pando.sql.session.Role;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.calcite.schema.Table;
import org.jspecify.annotations.Nullable;

/**
 * {@code INFORMATION_SCHEMA.TABLE_PRIVILEGES}: what users may do with tables and views, by their role and by what was
 * granted, and what peers may. Who is no ADMIN sees its own rows.
 */
final class TablePrivileges {
    private static final Set<Privilege> ROWS =
            EnumSet.of(Privilege.SELECT, Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);

    private final LocalObjects objects;
    private final SchemaSnapshot snapshot;

    private TablePrivileges(LocalObjects objects, SchemaSnapshot snapshot) {
        this.objects = objects;
        this.snapshot = snapshot;
    }

    static SystemTable table(LocalObjects objects, SchemaSnapshot snapshot) {
        TablePrivileges privileges = new TablePrivileges(objects, snapshot);
        return new SystemTable(
                List.of(
                        text("GRANTOR"),
                        text("GRANTEE"),
                        text("TABLE_CATALOG"),
                        text("TABLE_SCHEMA"),
                        text("TABLE_NAME"),
                        text("PRIVILEGE_TYPE"),
                        text("IS_GRANTABLE")),
                privileges::rows);
    }

    private Stream<@Nullable Object[]> rows(QueryContext context) {
        boolean all = context.user().role().includes(Role.ADMIN);
        Map<String, Role> users = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        users.put(context.user().name(), context.user().role());
        if (all) {
            objects.users()
                    .forEach(each ->
                            users.putIfAbsent(each.user().name(), each.user().role()));
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        snapshot.forEachTable((schema, name, table) -> users.forEach((user, role) -> {
            Set<Privilege> held = byRole(role, table);
            held.addAll(objects.rights(user, schema, name));
            add(rows, user, schema, name, held, role == Role.ADMIN);
        }));
        if (all) {
            for (Grants.Grant grant : context.engine().grants().list()) {
                String peer = "PEER " + grant.peer().map(PeerId::toString).orElse("ANY");
                add(rows, peer, grant.table().schema(), grant.table().name(), ofPeer(grant), false);
            }
        }
        return rows.stream();
    }

    private static Set<Privilege> byRole(Role role, Table table) {
        if (role.includes(Role.WRITER) && table instanceof EngineTable) {
            return EnumSet.copyOf(ROWS);
        }
        return role.includes(Role.READER) ? EnumSet.of(Privilege.SELECT) : EnumSet.noneOf(Privilege.class);
    }

    private static Set<Privilege> ofPeer(Grants.Grant grant) {
        Set<Privilege> held = EnumSet.noneOf(Privilege.class);
        for (Grants.Right right : grant.rights()) {
            switch (right) {
                case READ -> held.add(Privilege.SELECT);
                case WRITE -> held.addAll(EnumSet.of(Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE));
                case ALTER -> held.add(Privilege.ALTER);
            }
        }
        return held;
    }

    /* Who gave a right is not kept. */
    private static void add(
            List<@Nullable Object[]> rows, String to, String schema, String name, Set<Privilege> held, boolean gives) {
        for (Privilege privilege : held) {
            rows.add(new Object[] {
                null, to, InformationSchema.CATALOG, schema, name, privilege.name(), gives ? "YES" : "NO"
            });
        }
    }
}
