package dev.pando.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Environment;
import dev.pando.sql.expr.SqlExpressionCompiler;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
    private static final Environment ENVIRONMENT = Environment.system();

    private static Engine open(Path directory) {
        return Engine.open(EngineOptions.at(directory).withExpressions(new SqlExpressionCompiler(ENVIRONMENT)));
    }

    @Test
    void aBackupMadeBySqlOpensWithTheRowsAndANewIdentity(@TempDir Path directory) throws SQLException {
        try (Engine engine = open(directory)) {
            Session session = SqlDatabase.over(engine, ENVIRONMENT).openSession(SessionUser.ADMIN);
            session.execute("CREATE TABLE t (id INT PRIMARY KEY)").close();
            session.execute("INSERT INTO t VALUES (1), (2)").close();
            session.execute("BACKUP TO 'monday'").close();
            session.execute("INSERT INTO t VALUES (3)").close();
            assertThatThrownBy(() -> session.execute("BACKUP TO 'monday'"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("22023"));
            assertThatThrownBy(() -> session.execute("BACKUP TO '../outside'"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
            assertThat(directory.resolveSibling("outside")).doesNotExist();
        }
        Path backup = directory.resolve("exchange").resolve("monday");
        assertThat(Files.exists(backup.resolve("identity.key"))).isFalse();
        try (Engine copy = open(backup)) {
            Session session = SqlDatabase.over(copy, ENVIRONMENT).openSession(SessionUser.ADMIN);
            try (Result rows = session.execute("SELECT count(*) FROM t")) {
                assertThat(rows.fetch(1).get(0)).containsExactly(2L);
            }
            try (Result rows = session.execute("CHECK DATABASE")) {
                assertThat(rows.fetch(2)).singleElement().satisfies(row -> {
                    assertThat((Long) row[0]).isPositive();
                    assertThat(row[3]).isNull();
                });
            }
        }
    }

    @Test
    void onlyAnAdminLooksAfterTheNode() throws SQLException {
        try (TestDatabase database = new TestDatabase();
                Session writer = database.database().openSession(new SessionUser("w", Role.WRITER))) {
            for (String sql : new String[] {
                "CHECK DATABASE", "COMPACT DATABASE", "BACKUP TO 'x'", "ALTER SYSTEM SET lock_timeout = 1"
            }) {
                assertThatThrownBy(() -> writer.execute(sql))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("42501"));
            }
        }
    }
}
