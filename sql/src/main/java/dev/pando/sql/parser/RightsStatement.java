package dev.pando.sql.parser;

import dev.pando.sql.session.Role;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** Statements on who may do what. */
public sealed interface RightsStatement extends Statement {
    enum Privilege {
        SELECT,
        INSERT,
        UPDATE,
        DELETE,
        ALTER
    }

    /** Whom a right is given to. */
    sealed interface Grantee {
        String toSql();
    }

    record Peer(String peerId) implements Grantee {
        @Override
        public String toSql() {
            return "PEER " + SqlText.quote(peerId);
        }
    }

    record AnyPeer() implements Grantee {
        @Override
        public String toSql() {
            return "PEER ANY";
        }
    }

    record User(SqlIdentifier name) implements Grantee {
        @Override
        public String toSql() {
            return new SqlText().name(name).toString();
        }
    }

    /** GRANT, or REVOKE when {@code revoke}; no tables means every one ({@code ON *}). */
    record Grant(boolean revoke, Set<Privilege> privileges, List<SqlIdentifier> tables, Grantee grantee)
            implements RightsStatement {
        @Override
        public String toSql() {
            SqlText text = new SqlText()
                    .words(revoke ? "REVOKE" : "GRANT")
                    .words(new TreeSet<>(privileges).stream().map(Enum::name).collect(Collectors.joining(", ")))
                    .words("ON");
            if (tables.isEmpty()) {
                text.words("*");
            } else {
                text.names(tables);
            }
            return text.words(revoke ? "FROM" : "TO").words(grantee.toSql()).toString();
        }
    }

    /** GRANT of a role to a user, or REVOKE. */
    record GrantRole(boolean revoke, Role role, SqlIdentifier user) implements RightsStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words(revoke ? "REVOKE" : "GRANT")
                    .words(role + (revoke ? " FROM" : " TO"))
                    .name(user)
                    .toString();
        }
    }

    /** CREATE USER. */
    record CreateUser(SqlIdentifier name, boolean ifNotExists, String password, Role role) implements RightsStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("CREATE USER")
                    .wordsIf(ifNotExists, "IF NOT EXISTS")
                    .name(name)
                    .words("PASSWORD " + SqlText.quote(password) + " ROLE " + role)
                    .toString();
        }

        /** Without the password, which belongs in no log. */
        @Override
        public String toString() {
            return "CreateUser[" + name + ", " + role + "]";
        }
    }

    /** ALTER USER: what is null stays as it is. */
    record AlterUser(
            SqlIdentifier name,
            @Nullable String password,
            @Nullable Role role) implements RightsStatement {
        @Override
        public String toSql() {
            return new SqlText()
                    .words("ALTER USER")
                    .name(name)
                    .words(password == null ? "" : "PASSWORD " + SqlText.quote(password))
                    .words(role == null ? "" : "ROLE " + role)
                    .toString();
        }

        /** Without the password, which belongs in no log. */
        @Override
        public String toString() {
            return "AlterUser[" + name + ", " + role + "]";
        }
    }
}
