package dev.pando.jdbc;

import dev.pando.EngineOptions.Durability;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.jdbc.client.RemoteDatabase;
import dev.pando.jdbc.connection.ConnectionInfo;
import dev.pando.jdbc.connection.PandoConnection;
import dev.pando.jdbc.connection.PandoConnection.AfterClose;
import dev.pando.jdbc.node.NodeLease;
import dev.pando.jdbc.node.NodeSettings;
import dev.pando.jdbc.node.Nodes;
import dev.pando.libp2p.PeerId;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Session;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** Makes connections of URLs. */
final class Connections {
    private static final Duration VALID_TIMEOUT = Duration.ofSeconds(10);

    private Connections() {}

    static PandoConnection open(String text, Properties options) throws SQLException {
        PandoUrl url = PandoUrl.parse(text, options);
        return url.target() instanceof PandoUrl.Server server ? remote(url, server) : embedded(url);
    }

    private static PandoConnection remote(PandoUrl url, PandoUrl.Server server) throws SQLException {
        String user = url.given(PandoProperty.USER)
                .orElseThrow(() -> PandoSqlState.BAD_AUTHORIZATION.exception(
                        "a connection to " + url.url() + " needs the options user and password"));
        RemoteDatabase database = new RemoteDatabase(
                server.host(),
                server.port(),
                Duration.ofSeconds(url.number(PandoProperty.CONNECTTIMEOUT)),
                Duration.ofSeconds(url.number(PandoProperty.READTIMEOUT)),
                peerId(url));
        RemoteDatabase.RemoteLogin login = database.openSession(user, url.get(PandoProperty.PASSWORD));
        return connection(url, login.session(), login.serverVersion(), () -> {});
    }

    private static Optional<PeerId> peerId(PandoUrl url) throws SQLException {
        Optional<String> text = url.given(PandoProperty.PEERID);
        try {
            return text.map(PeerId::parse);
        } catch (IllegalArgumentException e) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception(
                    "the option 'peerid' is no Peer ID such as 12D3KooW…: " + e.getMessage(), e);
        }
    }

    private static PandoConnection embedded(PandoUrl url) throws SQLException {
        NodeLease lease = Nodes.acquire(settings(url));
        try {
            Optional<String> user = url.given(PandoProperty.USER);
            Session session = user.isEmpty()
                    ? lease.node().openSession()
                    : lease.node().openSession(user.get(), url.get(PandoProperty.PASSWORD));
            return connection(url, session, lease.node().version(), lease::close);
        } catch (SQLException | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    private static PandoConnection connection(PandoUrl url, Session session, String version, AfterClose afterClose)
            throws SQLException {
        try {
            Optional<String> schema = url.given(PandoProperty.SCHEMA);
            if (schema.isPresent()) {
                session.setSchema(schema.get());
            }
            ConnectionInfo info = new ConnectionInfo(
                    url.url(), version, Version.text(), url.number(PandoProperty.FETCHSIZE), VALID_TIMEOUT);
            return new PandoConnection(session, info, afterClose);
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    private static NodeSettings settings(PandoUrl url) throws SQLException {
        String name = url.target() instanceof PandoUrl.Memory memory ? memory.name() : "";
        Optional<Path> directory =
                url.target() instanceof PandoUrl.Directory d ? Optional.of(d.path()) : Optional.empty();
        Optional<String> sqlAddress = url.given(PandoProperty.SQLADDR);
        return new NodeSettings(
                directory,
                name,
                network(url),
                url.given(PandoProperty.TRUST).map("all"::equals),
                url.given(PandoProperty.DURABILITY)
                        .map(value -> value.equals("group") ? Durability.GROUP : Durability.NONE),
                sqlAddress.isEmpty() ? Optional.empty() : Optional.of(NodeSettings.socketAddress(sqlAddress.get())),
                url.get(PandoProperty.KEEP).equals("true"));
    }

    private static Optional<NetworkOptions> network(PandoUrl url) {
        boolean addressed = url.given(PandoProperty.P2PADDR).isPresent()
                || url.given(PandoProperty.PEERS).isPresent();
        Optional<String> asked = url.given(PandoProperty.P2P);
        if (asked.isEmpty() && !addressed) {
            return Optional.empty();
        }
        boolean enabled = asked.map("true"::equals).orElse(addressed);
        return Optional.of(
                enabled
                        ? new NetworkOptions(
                                true,
                                list(url.get(PandoProperty.P2PADDR)),
                                list(url.get(PandoProperty.PEERS)),
                                url.get(PandoProperty.DHT).equals("true"),
                                url.get(PandoProperty.MDNS).equals("true"))
                        : NetworkOptions.off());
    }

    private static List<String> list(String commaSeparated) {
        return Arrays.stream(commaSeparated.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
