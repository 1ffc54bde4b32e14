package dev.pando.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MemoryDatabaseTest extends DatabaseContract {
    private final String name = UUID.randomUUID().toString();

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:pando:mem:" + name);
    }

    private static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id INT PRIMARY KEY)");
        }
    }

    private static boolean has(Connection connection) throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, null, "t", null)) {
            return tables.next();
        }
    }

    @Test
    void aNameIsOneDatabaseWhileAConnectionIsOpen() throws Exception {
        String url = "jdbc:pando:mem:" + UUID.randomUUID();
        try (Connection first = DriverManager.getConnection(url)) {
            create(first);
            try (Connection second = DriverManager.getConnection(url)) {
                assertThat(has(second)).isTrue();
            }
            assertThat(has(first)).isTrue();
        }
        try (Connection later = DriverManager.getConnection(url)) {
            assertThat(has(later)).isFalse();
        }
    }

    @Test
    void keepLetsItOutliveItsConnections() throws Exception {
        String url = "jdbc:pando:mem:" + UUID.randomUUID();
        try (Connection first = DriverManager.getConnection(url + ";keep=true")) {
            create(first);
        }
        try (Connection later = DriverManager.getConnection(url)) {
            assertThat(has(later)).isTrue();
        }
    }

    @Test
    void otherOptionsThanTheRunningOnesAreRefused() throws Exception {
        String url = "jdbc:pando:mem:" + UUID.randomUUID();
        try (Connection first = DriverManager.getConnection(url + ";trust=none")) {
            assertThatThrownBy(() -> DriverManager.getConnection(url + ";trust=all"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55000"))
                    .hasMessageContaining("trust");
            assertThat(first.isValid(1)).isTrue();
        }
    }

    @Test
    void anEmbeddedConnectionMayLogIn() throws Exception {
        String url = "jdbc:pando:mem:" + UUID.randomUUID();
        try (Connection admin = DriverManager.getConnection(url);
                Statement statement = admin.createStatement()) {
            statement.execute("CREATE USER shop PASSWORD 'sesame' ROLE READER");
            try (Connection shop = DriverManager.getConnection(url, "shop", "sesame")) {
                assertThat(shop.getMetaData().getUserName()).isEqualTo("shop");
                assertThatThrownBy(() -> create(shop))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("42501"));
            }
            assertThatThrownBy(() -> DriverManager.getConnection(url, "shop", "wrong"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
            assertThatThrownBy(() -> DriverManager.getConnection(url, "shop", ""))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
        }
    }
}
