package dev.pando.jdbc.cli;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Short forms of the SQL that controls a node; each runs one statement on it. */
@Command(
        name = "client",
        description = "Controls peers and replicators of a node.",
        mixinStandardHelpOptions = true,
        subcommands = {
            ClientCommand.P2p.class,
            ClientCommand.Replicator.class,
            ClientCommand.Collection.class,
            ClientCommand.Document.class,
            ClientCommand.Connect.class
        })
final class ClientCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** A group of commands, or one; with the options that reach the node. */
    abstract static class Part implements Runnable {
        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "which command?");
        }
    }

    private static int execute(ConnectOptions target, String sql, String... parameters) throws SQLException {
        try (Connection connection = target.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            if (statement.execute()) {
                try (ResultSet rows = statement.getResultSet()) {
                    new TablePrinter(System.out, false).print(rows);
                }
            } else {
                System.out.println("OK");
            }
            return 0;
        }
    }

    @Command(
            name = "p2p",
            description = "The node in the network.",
            mixinStandardHelpOptions = true,
            subcommands = {Replicator.class, Collection.class, Document.class, Connect.class})
    static final class P2p extends Part {
        @Command(
                name = "info",
                description = "Peer ID, addresses, how peers are found, and peers.",
                mixinStandardHelpOptions = true)
        int info(@Mixin ConnectOptions target) throws SQLException {
            execute(target, "SELECT peer_id FROM sys.node");
            execute(target, "SELECT address FROM sys.addresses");
            execute(target, "SELECT * FROM sys.discovery");
            return execute(target, "SELECT * FROM sys.peers");
        }
    }

    @Command(name = "replicator", description = "Who pushes what to whom.", mixinStandardHelpOptions = true)
    static final class Replicator extends Part {
        @Command(name = "set", description = "Pushes collections to a peer.", mixinStandardHelpOptions = true)
        int set(
                @Mixin ConnectOptions target,
                @Option(
                                names = {"-c", "--collection"},
                                required = true,
                                paramLabel = "TABLES",
                                description = "Tables, separated by commas; * for all.")
                        String tables,
                @Parameters(paramLabel = "PEER", description = "Peer ID or multiaddress with Peer ID.") String peer)
                throws SQLException {
            return execute(target, "CALL set_replicator(?, ?)", tables, peer);
        }

        @Command(name = "delete", description = "Ends that.", mixinStandardHelpOptions = true)
        int delete(
                @Mixin ConnectOptions target,
                @Option(
                                names = {"-c", "--collection"},
                                required = true,
                                paramLabel = "TABLES",
                                description = "Tables, separated by commas; * for all.")
                        String tables,
                @Parameters(paramLabel = "PEER", description = "Peer ID.") String peer)
                throws SQLException {
            return execute(target, "CALL delete_replicator(?, ?)", tables, peer);
        }

        @Command(
                name = "getall",
                description = "Lists the replicators and how far each has got.",
                mixinStandardHelpOptions = true)
        int getAll(@Mixin ConnectOptions target) throws SQLException {
            return execute(
                    target,
                    "SELECT r.peer_id, r.table_schema || '.' || r.table_name AS table_name, r.address, r.predicate,"
                            + " s.state, s.behind, s.filled, s.to_fill, r.commits_per_second, s.refused, r.last_error"
                            + " FROM sys.replicators r JOIN sys.sync_status s ON s.peer_id = r.peer_id"
                            + " AND s.table_schema = r.table_schema AND s.table_name = r.table_name"
                            + " WHERE s.direction = 'OUT' ORDER BY r.peer_id, r.table_name");
        }
    }

    @Command(name = "collection", description = "Subscriptions of collections.", mixinStandardHelpOptions = true)
    static final class Collection extends Part {
        @Command(name = "add", description = "Subscribes collections.", mixinStandardHelpOptions = true)
        int add(@Mixin ConnectOptions target, @Parameters(paramLabel = "TABLES") String tables) throws SQLException {
            return execute(target, "CALL subscribe_collection(?)", tables);
        }

        @Command(name = "remove", description = "Ends that.", mixinStandardHelpOptions = true)
        int remove(@Mixin ConnectOptions target, @Parameters(paramLabel = "TABLES") String tables) throws SQLException {
            return execute(target, "CALL unsubscribe_collection(?)", tables);
        }

        @Command(name = "getall", description = "Lists the subscriptions.", mixinStandardHelpOptions = true)
        int getAll(@Mixin ConnectOptions target) throws SQLException {
            return execute(
                    target,
                    "SELECT table_schema, table_name, collection_id FROM sys.subscriptions"
                            + " WHERE document_id IS NULL ORDER BY table_schema, table_name");
        }
    }

    @Command(name = "document", description = "Subscriptions of documents.", mixinStandardHelpOptions = true)
    static final class Document extends Part {
        @Command(name = "add", description = "Subscribes documents.", mixinStandardHelpOptions = true)
        int add(
                @Mixin ConnectOptions target,
                @Parameters(paramLabel = "TABLE") String table,
                @Parameters(paramLabel = "IDS") String documents)
                throws SQLException {
            return execute(target, "CALL subscribe_document(?, ?)", table, documents);
        }

        @Command(name = "remove", description = "Ends that.", mixinStandardHelpOptions = true)
        int remove(
                @Mixin ConnectOptions target,
                @Parameters(paramLabel = "TABLE") String table,
                @Parameters(paramLabel = "IDS") String documents)
                throws SQLException {
            return execute(target, "CALL unsubscribe_document(?, ?)", table, documents);
        }

        @Command(name = "getall", description = "Lists the subscriptions.", mixinStandardHelpOptions = true)
        int getAll(@Mixin ConnectOptions target) throws SQLException {
            return execute(
                    target,
                    "SELECT table_schema, table_name, document_id FROM sys.subscriptions"
                            + " WHERE document_id IS NOT NULL ORDER BY table_schema, table_name, document_id");
        }
    }

    @Command(name = "connect", description = "Connects the node to a peer.", mixinStandardHelpOptions = true)
    static final class Connect implements java.util.concurrent.Callable<Integer> {
        @Mixin
        private ConnectOptions target = new ConnectOptions();

        @Parameters(paramLabel = "MULTIADDR", description = "Where the peer is.")
        @SuppressWarnings("NullAway.Init")
        private String address;

        @Override
        public Integer call() throws SQLException {
            return execute(target, "CALL connect(?)", address);
        }
    }
}
