package dev.pando.jdbc.node;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.jdbc.server.SqlServer;
import dev.pando.jdbc.tls.NodeTls;
import dev.pando.libp2p.KeyPair;
import dev.pando.sql.SqlDatabase;
import dev.pando.sql.expr.SqlExpressionCompiler;
import dev.pando.sql.session.Database;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ScramCredentials;
import dev.pando.sql.session.ScramSha256;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A running engine with SQL on it and, when asked for, a SQL port. Thread-safe. */
public final class Node {
    /** The engine's identity key, in its directory. */
    private static final String IDENTITY_FILE = "identity.key";

    private final NodeSettings settings;
    private final Engine engine;
    private final Database database;
    private final Optional<SqlServer> server;

    private Node(NodeSettings settings, Engine engine, Database database, Optional<SqlServer> server) {
        this.settings = settings;
        this.engine = engine;
        this.database = database;
        this.server = server;
    }

    /** Opens in the order engine, SQL, port; what was opened is closed again when a later one fails. */
    static Node open(NodeSettings settings) throws SQLException {
        Engine engine = null;
        Database database = null;
        boolean done = false;
        try {
            engine = Engine.open(options(settings));
            database = SqlDatabase.over(engine, Environment.system());
            Optional<SqlServer> server = settings.sqlAddress().isPresent()
                    ? Optional.of(
                            SqlServer.start(database, settings.sqlAddress().get(), tls(settings)))
                    : Optional.empty();
            done = true;
            return new Node(settings, engine, database, server);
        } catch (PandoException e) {
            throw PandoSqlState.exception(String.valueOf(e.getMessage()), e.sqlState(), e);
        } finally {
            if (!done) {
                close(Optional.empty(), database, engine);
            }
        }
    }

    /* The certificate is made of the identity key; a database in memory keeps its key to itself. */
    private static Optional<SSLContext> tls(NodeSettings settings) throws SQLException {
        if (settings.directory().isEmpty()) {
            return Optional.empty();
        }
        Path file = settings.directory().get().resolve(IDENTITY_FILE);
        try {
            return Optional.of(NodeTls.server(KeyPair.fromBytes(Files.readAllBytes(file))));
        } catch (IOException | IllegalArgumentException e) {
            throw PandoSqlState.IO_ERROR.exception(
                    "cannot read the identity key in " + file + " for TLS: " + e.getMessage(), e);
        }
    }

    private static EngineOptions options(NodeSettings settings) {
        return settings.directory()
                .map(EngineOptions::at)
                .orElseGet(EngineOptions::inMemory)
                .withDurability(settings.durabilityOrDefault())
                .withNetwork(settings.networkOrDefault())
                .withTrustAll(settings.trustAllOrDefault())
                .withExpressions(new SqlExpressionCompiler(Environment.system()));
    }

    NodeSettings settings() {
        return settings;
    }

    /** The engine below SQL; its owner is this node. */
    public Engine engine() {
        return engine;
    }

    /** The version of the database. */
    public String version() {
        return database.version();
    }

    /** Where it takes remote SQL, with the port that was taken; empty when nowhere. */
    public Optional<InetSocketAddress> sqlAddress() {
        return server.map(SqlServer::address);
    }

    /** A session that acts as admin: who can open the engine in process can do all anyway. */
    public Session openSession() throws SQLException {
        return database.openSession(SessionUser.ADMIN);
    }

    /** A session that acts as {@code user}; 28P01 when name or password is wrong. */
    public Session openSession(String user, String password) throws SQLException {
        ScramCredentials credentials = database.credentials(user);
        if (credentials == null || !proves(password, credentials)) {
            throw PandoSqlState.BAD_PASSWORD.exception("wrong user name or password");
        }
        return database.openSession(credentials.user());
    }

    private static boolean proves(String password, ScramCredentials credentials) throws SQLException {
        if (password.isEmpty()) {
            return false;
        }
        ScramCredentials derived =
                ScramSha256.derive(credentials.user(), password, credentials.salt(), credentials.iterations());
        return MessageDigest.isEqual(derived.storedKey(), credentials.storedKey());
    }

    void close() throws SQLException {
        close(server, database, engine);
    }

    private static void close(Optional<SqlServer> server, @Nullable Database database, @Nullable Engine engine)
            throws SQLException {
        try {
            server.ifPresent(SqlServer::close);
            if (database != null) {
                database.close();
            }
        } finally {
            if (engine != null) {
                closeEngine(engine);
            }
        }
    }

    private static void closeEngine(Engine engine) throws SQLException {
        try {
            engine.close();
        } catch (PandoException e) {
            throw PandoSqlState.exception(String.valueOf(e.getMessage()), e.sqlState(), e);
        }
    }
}
