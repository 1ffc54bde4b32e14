package dev.pando.engine;

import dev.pando.libp2p.KeyPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** What the engine is held against: the bare disk, the bare signature, SQLite. */
final class BenchLimits {

    /** About what a small commit puts into the log. */
    static final int COMMIT_BYTES = 700;

    private static final int FILE_BYTES = 64 << 20;

    private final Path directory;
    private final double seconds;

    BenchLimits(Path directory, double seconds) {
        this.directory = directory;
        this.seconds = seconds;
    }

    /** Appends of {@code bytes} a second, each with its fdatasync, into a file that has its size already. */
    double appends(int bytes) throws IOException {
        Path file = directory.resolve("raw");
        try (FileChannel raw = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (long at = 0; at < FILE_BYTES; at += zeros.capacity()) {
                raw.write(zeros.clear(), at);
            }
            raw.force(true);
            ByteBuffer block = ByteBuffer.allocateDirect(bytes);
            long start = System.nanoTime();
            long count = 0;
            for (long at = 0; System.nanoTime() - start < seconds * 1e9; count++) {
                raw.write(block.clear(), at);
                raw.force(false);
                at = at + 2L * bytes > FILE_BYTES ? 0 : at + bytes;
            }
            return count / ((System.nanoTime() - start) / 1e9);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Signatures a second on one thread by BouncyCastle. */
    double plainSignatures() {
        byte[] seed = new byte[32];
        byte[] author = KeyPair.fromSeed(seed).publicKey().raw();
        byte[] message = new byte[200];
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        return rate(() -> Ed25519.sign(seed, 0, author, 0, null, message, 0, message.length, signature, 0));
    }

    private double rate(Runnable operation) {
        double rate = 0;
        for (int round = 0; round < 2; round++) {
            long start = System.nanoTime();
            long count = 0;
            for (; System.nanoTime() - start < seconds * 5e8; count++) {
                operation.run();
            }
            rate = count / ((System.nanoTime() - start) / 1e9);
        }
        return rate;
    }

    /** Rows a second of SQLite with WAL and synchronous=FULL through JDBC, in transactions of {@code batch} rows. */
    double sqlite(int batch) throws SQLException {
        var properties = new Properties();
        properties.put("journal_mode", "WAL");
        properties.put("synchronous", "FULL");
        try (Connection connection =
                DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("sqlite" + batch), properties)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE IF EXISTS books");
                statement.execute(
                        "CREATE TABLE books (isbn TEXT PRIMARY KEY, title TEXT, pages INTEGER, likes INTEGER)");
            }
            connection.setAutoCommit(false);
            double rate = 0;
            long key = 0;
            for (int round = 0; round < 2; round++) {
                long start = System.nanoTime();
                long from = key;
                while (System.nanoTime() - start < seconds * 1e9) {
                    key = insert(connection, key, batch);
                }
                rate = (key - from) / ((System.nanoTime() - start) / 1e9);
            }
            return rate;
        }
    }

    private static long insert(Connection connection, long from, int batch) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO books VALUES (?, ?, ?, ?)")) {
            for (long key = from; key < from + batch; key++) {
                insert.setString(1, "key" + key);
                insert.setString(2, "a title of middling length " + key);
                insert.setLong(3, key);
                insert.setLong(4, 1);
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
        return from + batch;
    }
}
