package dev.pando.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One of the two processes of {@link PeerBenchmark}: does what the lines of its input say, and answers each with a line.
 */
final class PeerSide {

    private static final int PARTS = 10;
    private static final int WARM_UP = 500;
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(10);
    private static final Duration MEMORY_INTERVAL = Duration.ofMillis(100);

    private final Connection connection;
    private volatile long anonymousMax;
    private long rows;
    private String peer = "";

    private PeerSide(Connection connection) {
        this.connection = connection;
    }

    public static void main(String[] args) throws Exception {
        var properties = new Properties();
        properties.put("p2p", "true");
        properties.put("p2paddr", "/ip4/127.0.0.1/tcp/0");
        try (Connection connection = DriverManager.getConnection("jdbc:pando:file:" + Path.of(args[0]), properties)) {
            var side = new PeerSide(connection);
            side.watchMemory();
            System.out.println(side.one("SELECT address FROM sys.addresses"));
            var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(side.answer(line.split(" ")));
            }
        }
    }

    private String answer(String[] words) throws Exception {
        return switch (words[0]) {
            case "create" -> create(words[1]);
            case "fill" -> fill(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
            case "push" -> push(words[1], words[2]);
            case "latencies" -> latencies(words[1], Integer.parseInt(words[2]));
            case "count" -> one("SELECT COUNT(*) FROM " + words[1]);
            case "cpu" -> Double.toString(cpuSeconds());
            case "anonymous" -> Long.toString(anonymousMax);
            default -> throw new IllegalArgumentException("unknown command " + words[0]);
        };
    }

    private String create(String table) throws SQLException {
        execute("CREATE TABLE " + table
                + " (id BIGINT PRIMARY KEY, title VARCHAR(80), pages INT, price DECIMAL(10,2))");
        execute("GRANT INSERT, UPDATE, DELETE ON " + table + " TO PEER ANY");
        return table;
    }

    private String fill(String table, int count, int batch) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(insert(table))) {
            for (int i = 0; i < count; i++) {
                bind(insert);
                insert.addBatch();
                if ((i + 1) % batch == 0) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
        }
        connection.setAutoCommit(true);
        return Long.toString(rows);
    }

    private static String insert(String table) {
        return "INSERT INTO " + table + " VALUES (?, ?, ?, 1.00)";
    }

    private void bind(PreparedStatement insert) throws SQLException {
        insert.setLong(1, rows);
        insert.setString(2, "The book of number " + rows);
        insert.setInt(3, (int) (rows % 900));
        rows++;
    }

    /** Seconds until the peer has acknowledged each tenth of the commits that are here. */
    private String push(String table, String address) throws Exception {
        long start = System.nanoTime();
        peer = address.substring(address.lastIndexOf('/') + 1);
        try (CallableStatement call = connection.prepareCall("{call set_replicator(?, ?)}")) {
            call.setString(1, table);
            call.setString(2, address);
            call.execute();
        }
        List<Double> seconds = new ArrayList<>();
        try (PreparedStatement look =
                connection.prepareStatement("SELECT acknowledged, pending FROM sys.replicators WHERE table_name = ?")) {
            look.setString(1, table);
            long all = 0;
            while (seconds.size() < PARTS - 1) {
                try (ResultSet row = look.executeQuery()) {
                    row.next();
                    long done = row.getLong(1);
                    all = all == 0
                            ? done + row.getLong(2)
                            : all; // the log grows while it is sent: by the places reached
                    while (seconds.size() < PARTS - 1 && done * PARTS >= all * (seconds.size() + 1)) {
                        seconds.add((System.nanoTime() - start) / 1e9);
                    }
                }
                LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
            }
        }
        sync(table);
        seconds.add((System.nanoTime() - start) / 1e9);
        return seconds.stream().map(s -> String.format(Locale.ROOT, "%.4f", s)).collect(Collectors.joining(" "));
    }

    /** Milliseconds from a commit to its acknowledgement, sorted. */
    private String latencies(String table, int count) throws Exception {
        double[] millis = new double[count];
        try (PreparedStatement insert = connection.prepareStatement(insert(table))) {
            for (int i = -WARM_UP; i < count; i++) {
                bind(insert);
                long start = System.nanoTime();
                insert.executeUpdate();
                sync(table);
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        Arrays.sort(millis);
        return Arrays.stream(millis)
                .mapToObj(m -> String.format(Locale.ROOT, "%.3f", m))
                .collect(Collectors.joining(" "));
    }

    private void sync(String table) throws SQLException {
        try (CallableStatement call = connection.prepareCall("{call wait_for_sync(?, ?, 120000)}")) {
            call.setString(1, table);
            call.setString(2, peer);
            call.execute();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String one(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static double cpuSeconds() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(cpu -> cpu.toNanos() / 1e9)
                .orElse(0.0);
    }

    private void watchMemory() {
        var watcher = new Thread(
                () -> {
                    while (!Thread.currentThread().isInterrupted()) {
                        anonymousMax = Math.max(anonymousMax, anonymousBytes());
                        LockSupport.parkNanos(MEMORY_INTERVAL.toNanos());
                    }
                },
                "memory");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Memory of this process that no file backs, now; 0 where the system does not tell. */
    private static long anonymousBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }
}
