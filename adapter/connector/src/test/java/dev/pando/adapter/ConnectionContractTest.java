package dev.pando.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.resource.NotSupportedException;
import jakarta.resource.spi.LocalTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** The contract between the server, the application and a managed connection. */
@Timeout(120)
class ConnectionContractTest {

    private Server server;

    @BeforeEach
    void start(TestInfo test) throws Exception {
        server = Server.withH2(test.getTestMethod().orElseThrow().getName());
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE books (isbn INT PRIMARY KEY, title VARCHAR)");
            statement.execute("CREATE ALIAS running FOR 'dev.pando.adapter.H2Functions.running'");
        }
        server.events.clear();
    }

    @AfterEach
    void stop() {
        server.close();
        assertThat(H2Node.RUNNING).hasValue(0);
    }

    @Test
    void handlesLeadBackToTheApplicationsObjects() throws Exception {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1")) {
            assertThat(rows.getStatement()).isSameAs(statement);
            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(connection.isWrapperFor(org.h2.jdbc.JdbcConnection.class))
                    .isFalse();
            assertThatThrownBy(() -> connection.unwrap(org.h2.jdbc.JdbcConnection.class))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("not a wrapper");
            assertThat(connection).isEqualTo(connection).isNotEqualTo(statement);
        }
    }

    @Test
    void aClosedHandleRefusesAndItsStatementsAreClosed() throws Exception {
        Connection connection = server.dataSource().getConnection();
        PreparedStatement statement = connection.prepareStatement("SELECT 1");
        ResultSet rows = statement.executeQuery();
        connection.close();
        connection.close();

        assertThat(server.events).containsExactly("closed");
        assertThat(connection.isClosed()).isTrue();
        assertThat(connection.isValid(1)).isFalse();
        assertThat(statement.isClosed()).isTrue();
        assertThat(rows.isClosed()).isTrue();
        statement.close();
        assertThatThrownBy(connection::createStatement).satisfies(thrown -> assertState(thrown, "08003"));
        assertThatThrownBy(statement::executeQuery).satisfies(thrown -> assertState(thrown, "08003"));
        assertThatThrownBy(() -> rows.getInt(1)).satisfies(thrown -> assertState(thrown, "08003"));
    }

    @Test
    void aConnectionComesBackFromThePoolAsItWas() throws Exception {
        try (Connection first = server.dataSource().getConnection()) {
            first.setAutoCommit(false);
            first.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
            first.createStatement().execute("INSERT INTO books VALUES (1, 'lost')");
        }
        try (Connection second = server.dataSource().getConnection()) {
            assertThat(second.getAutoCommit()).isTrue();
            assertThat(second.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(count(second)).isZero();
        }
        assertThat(server.idle).hasSize(1);
    }

    @Test
    void theApplicationsOwnTransactionIsTold() throws Exception {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("INSERT INTO books VALUES (1, 'a')");
            statement.execute("INSERT INTO books VALUES (2, 'b')");
            connection.commit();
            statement.execute("INSERT INTO books VALUES (3, 'c')");
            connection.rollback();
            connection.setAutoCommit(true);
            assertThat(count(connection)).isEqualTo(2);
        }
        assertThat(server.events).containsExactly("started", "committed", "started", "rolled back", "closed");
    }

    @Test
    void theServersTransactionCannotBeEndedByTheApplication() throws Exception {
        try (Connection connection = server.dataSource().getConnection()) {
            LocalTransaction transaction = server.only().getLocalTransaction();
            transaction.begin();
            connection.createStatement().execute("INSERT INTO books VALUES (1, 'a')");
            assertThat(connection.getAutoCommit()).isFalse();
            connection.setAutoCommit(false);
            assertThatThrownBy(connection::commit).satisfies(thrown -> assertState(thrown, "2D000"));
            assertThatThrownBy(connection::rollback).satisfies(thrown -> assertState(thrown, "2D000"));
            assertThatThrownBy(() -> connection.setAutoCommit(true)).satisfies(thrown -> assertState(thrown, "2D000"));
            transaction.rollback();
            assertThat(count(connection)).isZero();

            transaction.begin();
            connection.createStatement().execute("INSERT INTO books VALUES (2, 'b')");
            transaction.commit();
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(count(connection)).isEqualTo(1);
        }
        assertThat(server.events).containsExactly("closed");
    }

    @Test
    void distributedTransactionsAreRefused() throws Exception {
        try (Connection ignored = server.dataSource().getConnection()) {
            assertThatThrownBy(() -> server.only().getXAResource()).isInstanceOf(NotSupportedException.class);
        }
    }

    @Test
    void anErrorOfTheDriverKeepsItsStateAndTheConnectionStays() throws Exception {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("SELECT * FROM nowhere"))
                    .satisfies(thrown -> assertState(thrown, "42S02"));
            assertThat(count(connection)).isZero();
        }
        assertThat(server.events).containsExactly("closed");
    }

    @Test
    void aBrokenSessionIsToldOnceAndFoundInvalid() throws Exception {
        Connection connection = server.dataSource().getConnection();
        PandoManagedConnection managed = server.only();
        assertThat(managed.isUsable()).isTrue();
        managed.onSession(() -> {
            managed.physical().close();
            return null;
        });
        assertThatThrownBy(connection::createStatement).isInstanceOf(SQLException.class);
        assertThat(managed.isUsable()).isFalse();
        assertThat(server.factory.getInvalidConnections(java.util.Set.of(managed)))
                .containsExactly(managed);
    }

    @Test
    void abortEndsTheSession() throws Exception {
        Connection connection = server.dataSource().getConnection();
        PandoManagedConnection managed = server.only();
        connection.abort(Runnable::run);
        assertThat(server.events).containsExactly("error");
        assertThat(managed.isUsable()).isFalse();
    }

    @Test
    void cancelPassesTheRunningStatement() throws Exception {
        ExecutorService application = Executors.newSingleThreadExecutor();
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            H2Functions.running = new CountDownLatch(1);
            Future<?> query = application.submit(() ->
                    statement.executeQuery("SELECT COUNT(*) FROM SYSTEM_RANGE(1, 1000000000000) WHERE running()"));
            assertThat(H2Functions.running.await(30, TimeUnit.SECONDS)).isTrue();
            statement.cancel();
            assertThatThrownBy(query::get).hasRootCauseInstanceOf(SQLException.class);
        } finally {
            application.shutdownNow();
        }
    }

    @Test
    void aHandleMovesToAnotherConnection() throws Exception {
        Connection first = server.dataSource().getConnection();
        PandoManagedConnection from = server.only();
        Connection second = server.dataSource().getConnection();
        PandoManagedConnection to = server.used.stream()
                .filter(connection -> connection != from)
                .map(PandoManagedConnection.class::cast)
                .findFirst()
                .orElseThrow();
        to.associateConnection(first);
        from.destroy();
        assertThat(count(first)).isZero();
        assertThat(count(second)).isZero();
        first.close();
        assertThatThrownBy(() -> count(first)).satisfies(thrown -> assertState(thrown, "08003"));
    }

    @Test
    void aConnectionOfAnotherUserIsNotReused() throws Exception {
        server.dataSource().getConnection().close();
        server.dataSource().getConnection("", "").close();
        assertThat(server.idle).hasSize(2);
    }

    @Test
    void objectsOfTheDriverPassedBackAreFound() throws Exception {
        try (Connection connection = server.dataSource().getConnection()) {
            java.sql.Clob clob = connection.createClob();
            clob.setString(1, "ada");
            PreparedStatement insert = connection.prepareStatement("INSERT INTO books VALUES (1, ?)");
            insert.setClob(1, clob);
            assertThat(insert.executeUpdate()).isEqualTo(1);
            assertThat(insert.getConnection()).isSameAs(connection);
        }
    }

    @Test
    void metadataNamesTheDatabase() throws Exception {
        try (Connection ignored = server.dataSource().getConnection()) {
            assertThat(server.only().getMetaData().getEISProductName()).isEqualTo("H2");
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM books")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static void assertState(Throwable thrown, String state) {
        assertThat(thrown).isInstanceOf(SQLException.class);
        assertThat(((SQLException) thrown).getSQLState()).isEqualTo(state);
    }
}
