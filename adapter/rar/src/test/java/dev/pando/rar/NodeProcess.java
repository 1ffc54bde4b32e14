package dev.pando.rar;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** A node in a process of its own, with the jars of the archive: it can be killed, and started again. */
final class NodeProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final Path rootdir;
    private final int p2pPort = freePort();
    private final int sqlPort = freePort();
    private final Path said;
    private Process process;

    NodeProcess(Path directory) throws Exception {
        this.rootdir = directory.resolve("data");
        this.said = directory.resolve("said.txt");
        unpackJars(directory.resolve("lib"));
        start();
    }

    /** Starts it, with the data that it had. */
    void start() throws Exception {
        process = new ProcessBuilder(
                        Programs.java(),
                        "-Xmx512m",
                        "-cp",
                        rootdir.resolveSibling("lib") + "/*",
                        "dev.pando.jdbc.cli.Main",
                        "start",
                        "--rootdir",
                        rootdir.toString(),
                        "--p2paddr",
                        "/ip4/127.0.0.1/tcp/" + p2pPort,
                        "--sqladdr",
                        "127.0.0.1:" + sqlPort)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        Await.until(START_LIMIT, "the node is ready", () -> Files.readString(said), text -> text.contains("Ready"));
    }

    /** SIGKILL: nothing in the process may do anything more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    List<String> sql(String sql) throws IOException, SQLException {
        return sql(sqlPort, rootdir, sql);
    }

    /** Runs one statement as a remote client of the node of {@code rootdir}, and returns its rows. */
    static List<String> sql(int port, Path rootdir, String sql) throws IOException, SQLException {
        String password = Files.readString(rootdir.resolve("admin.password")).strip();
        try (Connection connection = DriverManager.getConnection("jdbc:pando://127.0.0.1:" + port, "admin", password);
                Statement statement = connection.createStatement()) {
            var lines = new ArrayList<String>();
            if (statement.execute(sql)) {
                ResultSet rows = statement.getResultSet();
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    var line = new StringBuilder();
                    for (int column = 1; column <= columns; column++) {
                        line.append(column > 1 ? "|" : "").append(rows.getString(column));
                    }
                    lines.add(line.toString());
                }
            }
            return lines;
        }
    }

    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void unpackJars(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (InputStream file = Files.newInputStream(Archives.RAR);
                var rar = new ZipInputStream(file)) {
            for (ZipEntry entry = rar.getNextEntry(); entry != null; entry = rar.getNextEntry()) {
                if (entry.getName().endsWith(".jar")) {
                    Files.copy(rar, directory.resolve(Path.of(entry.getName()).getFileName()));
                }
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
