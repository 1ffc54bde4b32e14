package dev.pando.sql.exec;

import dev.pando.Grants;
import dev.pando.Table;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.catalog.EngineTable;
import dev.pando.sql.catalog.ViewTable;
import dev.pando.sql.parser.RightsStatement;
import dev.pando.sql.parser.RightsStatement.Privilege;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.ScramCredentials;
import dev.pando.sql.session.SessionUser;
import dev.pando.sql.session.StatementKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** GRANT, REVOKE, and users. At once and durable; the transaction goes on. */
record RightsPlan(RightsStatement statement) implements Plan.OfSession {
    private static final Set<Privilege> WRITING = EnumSet.of(Privilege.INSERT, Privilege.UPDATE, Privilege.DELETE);

    @Override
    public StatementKind kind() {
        return StatementKind.CONTROL;
    }

    @Override
    public Result run(SessionControl session, @Nullable Object[] parameters) throws SQLException {
        requireAdmin(session);
        if (statement instanceof RightsStatement.Grant grant) {
            grant(session, grant);
        } else if (statement instanceof RightsStatement.GrantRole grant) {
            grantRole(session, grant);
        } else if (statement instanceof RightsStatement.CreateUser create) {
            createUser(session, create);
        } else if (statement instanceof RightsStatement.AlterUser alter) {
            alterUser(session, alter);
        }
        return Results.NONE;
    }

    /** 42501 unless the session's user is an admin. */
    static void requireAdmin(SessionControl session) throws SQLException {
        if (!session.user().role().includes(Role.ADMIN)) {
            throw PandoSqlState.NO_PRIVILEGE.exception("this needs the role ADMIN; "
                    + session.user().name() + " is " + session.user().role());
        }
    }

    private static void grant(SessionControl session, RightsStatement.Grant grant) throws SQLException {
        Optional<PeerId> peer;
        if (grant.grantee() instanceof RightsStatement.Peer named) {
            peer = Optional.of(Arguments.peer(named.peerId()));
        } else if (grant.grantee() instanceof RightsStatement.AnyPeer) {
            peer = Optional.empty();
        } else {
            grantToUser(session, grant, ((RightsStatement.User) grant.grantee()).name());
            return;
        }
        Set<Grants.Right> rights = rights(grant.privileges());
        List<Table> tables = new ArrayList<>();
        for (SqlIdentifier name : grant.tables()) {
            tables.add(NameResolver.table(name, session.snapshot(), session.schema()));
        }
        if (grant.tables().isEmpty()) {
            session.engine().catalog().tables().stream()
                    .filter(table -> !table.local())
                    .forEach(tables::add);
        }
        for (Table table : tables) {
            if (grant.revoke()) {
                session.engine().grants().revoke(table, peer, rights);
            } else {
                session.engine().grants().grant(table, peer, rights);
            }
        }
    }

    /* What a role gives stays: a right on a table adds to it. */
    private static void grantToUser(SessionControl session, RightsStatement.Grant grant, SqlIdentifier userName)
            throws SQLException {
        SessionUser user = user(session, userName).user();
        Set<Privilege> privileges = EnumSet.copyOf(grant.privileges());
        if (!privileges.containsAll(EnumSet.allOf(Privilege.class)) && privileges.contains(Privilege.ALTER)) {
            throw PandoSqlState.NOT_SUPPORTED.exception(
                    NameResolver.place(userName) + "a user who is to change definitions has the role WRITER");
        }
        privileges.remove(Privilege.ALTER);
        for (NameResolver.Qualified table : tablesAndViews(session, grant)) {
            Set<Privilege> present = session.objects().rights(user.name(), table.schema(), table.name());
            Set<Privilege> after = EnumSet.noneOf(Privilege.class);
            after.addAll(present);
            if (grant.revoke()) {
                after.removeAll(privileges);
            } else {
                after.addAll(privileges);
            }
            session.objects().putRights(user.name(), table.schema(), table.name(), after);
        }
        boolean still = user.role().includes(Role.WRITER)
                || user.role() == Role.READER && privileges.contains(Privilege.SELECT);
        if (grant.revoke() && still) {
            session.warn(
                    user.name() + " is " + user.role()
                            + ", which gives this on every table: GUEST has what is granted only",
                    PandoSqlState.WARNING.code());
        }
    }

    private static List<NameResolver.Qualified> tablesAndViews(SessionControl session, RightsStatement.Grant grant)
            throws SQLException {
        List<NameResolver.Qualified> found = new ArrayList<>();
        for (SqlIdentifier each : grant.tables()) {
            NameResolver.Qualified name = NameResolver.qualify(each, session.snapshot(), session.schema());
            org.apache.calcite.schema.Table table = session.snapshot()
                    .find(name.schema(), name.name())
                    .orElseThrow(() -> PandoSqlState.NO_TABLE.exception(
                            NameResolver.place(each) + "there is no table '" + name + "'"));
            if (!(table instanceof EngineTable) && !(table instanceof ViewTable)) {
                throw PandoSqlState.NO_PRIVILEGE.exception(
                        NameResolver.place(each) + name + " is for those with the role READER");
            }
            found.add(name);
        }
        if (grant.tables().isEmpty()) {
            for (Table table : session.engine().catalog().tables()) {
                found.add(new NameResolver.Qualified(table.schema(), table.name()));
            }
        }
        return found;
    }

    private static Set<Grants.Right> rights(Set<Privilege> privileges) throws SQLException {
        Set<Grants.Right> rights = EnumSet.noneOf(Grants.Right.class);
        if (privileges.contains(Privilege.SELECT)) {
            rights.add(Grants.Right.READ);
        }
        if (privileges.contains(Privilege.ALTER)) {
            rights.add(Grants.Right.ALTER);
        }
        if (privileges.containsAll(WRITING)) {
            rights.add(Grants.Right.WRITE);
        } else if (privileges.stream().anyMatch(WRITING::contains)) {
            throw PandoSqlState.NOT_SUPPORTED.exception(
                    "INSERT, UPDATE and DELETE go together: inserting a key that exists changes its row");
        }
        return rights;
    }

    static boolean isLastAdmin(SessionControl session) {
        return session.objects().users().stream()
                        .filter(each -> each.user().role() == Role.ADMIN)
                        .count()
                == 1;
    }

    private static void createUser(SessionControl session, RightsStatement.CreateUser create) throws SQLException {
        String name = create.name().getSimple();
        if (session.objects().user(name).isPresent()) {
            if (create.ifNotExists()) {
                return;
            }
            throw PandoSqlState.DUPLICATE_OBJECT.exception(
                    NameResolver.place(create.name()) + "there is a user '" + name + "' already");
        }
        SessionUser user = new SessionUser(name, create.role());
        session.objects().putUser(Passwords.credentials(user, create.password(), session.environment()));
    }

    private static ScramCredentials user(SessionControl session, SqlIdentifier name) throws SQLException {
        return session.objects()
                .user(name.getSimple())
                .orElseThrow(() -> PandoSqlState.NO_OBJECT.exception(
                        NameResolver.place(name) + "there is no user '" + name.getSimple() + "'"));
    }

    /* Each role includes those below: giving one raises to it, taking one lowers to the next. */
    private static void grantRole(SessionControl session, RightsStatement.GrantRole grant) throws SQLException {
        Role present = user(session, grant.user()).user().role();
        Role role = present;
        if (!grant.revoke()) {
            role = present.includes(grant.role()) ? present : grant.role();
        } else if (present.includes(grant.role())) {
            role = switch (grant.role()) {
                case ADMIN -> Role.WRITER;
                case WRITER -> Role.READER;
                default -> Role.GUEST;
            };
        }
        alterUser(session, new RightsStatement.AlterUser(grant.user(), null, role));
    }

    private static void alterUser(SessionControl session, RightsStatement.AlterUser alter) throws SQLException {
        ScramCredentials present = user(session, alter.name());
        boolean lowers = present.user().role() == Role.ADMIN && alter.role() != null && alter.role() != Role.ADMIN;
        if (lowers && isLastAdmin(session)) {
            throw PandoSqlState.NOT_IN_STATE.exception(NameResolver.place(alter.name()) + "the last admin stays");
        }
        Role role = alter.role() == null ? present.user().role() : alter.role();
        SessionUser user = new SessionUser(present.user().name(), role);
        String password = alter.password();
        session.objects()
                .putUser(
                        password == null
                                ? new ScramCredentials(
                                        user,
                                        present.salt(),
                                        present.iterations(),
                                        present.storedKey(),
                                        present.serverKey())
                                : Passwords.credentials(user, password, session.environment()));
    }
}
