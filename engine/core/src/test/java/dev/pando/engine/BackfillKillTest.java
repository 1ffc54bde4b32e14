package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static dev.pando.engine.TestDatabase.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sender or receiver of a back-fill is killed as by {@code kill -9}, again and again, in the middle of it: rows and
 * counters are exact in the end, and no more than a window is sent twice. {@code -Dpando.kills=100 -Dpando.rows=100000}
 * for more than in the build, {@code -Dpando.seed} for other moments.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class BackfillKillTest {

    private static final int KILLS = Integer.getInteger("pando.kills", 5);
    private static final int ROWS = Integer.getInteger("pando.rows", 10_000);
    private static final int ROWS_OF_COMMIT = 10;

    /** Four batches of 1 MiB; a commit of ten rows takes more than 2,500 bytes. */
    private static final long WINDOW_COMMITS = (4L << 20) / 2_500;

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("pando.seed", System.nanoTime());
    private final Random random = new Random(seed);

    private int port;
    private long position;
    private long redoneMax;

    @Test
    void killsLoseNothingAndCountNothingTwice() throws Exception {
        List<List<Object>> expected = fill();
        port = unusedPort();
        Process receiver = start("receive", "b", Integer.toString(port));
        try {
            String address = ready(receiver);
            for (int kill = 0; kill < KILLS; kill++) {
                Process sender = start("send", "a", address);
                boolean senderDies = random.nextBoolean();
                long commits = ROWS / ROWS_OF_COMMIT;
                follow(sender, (long) (commits * (kill + random.nextDouble()) / (KILLS + 1)));
                if (!senderDies) {
                    kill(receiver);
                    receiver = start("receive", "b", Integer.toString(port));
                    assertThat(ready(receiver)).isEqualTo(address);
                }
                kill(sender);
                System.out.printf(
                        "{\"kill\":%d,\"of\":%d,\"side\":\"%s\",\"position\":%d,\"commits_redone_max\":%d}%n",
                        kill + 1, KILLS, senderDies ? "sender" : "receiver", position, redoneMax);
            }
            Process sender = start("send", "a", address);
            follow(sender, Long.MAX_VALUE);
            end(sender);
        } finally {
            end(receiver);
        }
        try (Engine engine = Engine.open(EngineOptions.at(directory.resolve("b")))) {
            assertThat(rows(engine, books(engine))).as("seed %s", seed).isEqualTo(expected);
        }
        System.out.printf(
                "{\"kills\":%d,\"rows\":%d,\"lost\":0,\"commits_redone_max\":%d,\"window\":%d}%n",
                KILLS, ROWS, redoneMax, WINDOW_COMMITS);
    }

    /** One to listen at again and again: below those that systems give to connections, as while nobody listens. */
    private int unusedPort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            int candidate = 20_000 + random.nextInt(12_000);
            try (var socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                assertThat(attempt).as("ports that are in use").isLessThan(100);
            }
        }
    }

    /** Ten rows a commit, and a counter that each of them raises. */
    private List<List<Object>> fill() {
        try (Engine engine = Engine.open(EngineOptions.at(directory.resolve("a")))) {
            commit(engine, tx -> insert(tx, books(engine), "sum", "of all", 0L, 0L));
            for (int row = 0; row < ROWS; row += ROWS_OF_COMMIT) {
                int from = row;
                commit(engine, tx -> {
                    for (int i = from; i < from + ROWS_OF_COMMIT; i++) {
                        insert(tx, books(engine), "key " + i, "title " + i, (long) i, 1L);
                    }
                    update(tx, books(engine), "sum", values -> values[3] = (Long) values[3] + 1);
                });
            }
            return rows(engine, books(engine));
        }
    }

    private Process start(String side, String database, String at) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BackfillProcess.class.getName(),
                        side,
                        directory.resolve(database).toString(),
                        at))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("errors of " + side).toFile()))
                .start();
    }

    private String ready(Process receiver) throws IOException {
        String line = receiver.inputReader().readLine();
        assertThat(line).as("seed %s: %s", seed, errors()).startsWith("READY ");
        return line.substring("READY ".length());
    }

    /** Reads what the sender says until it has reached that position, or is done. */
    private void follow(Process sender, long until) throws IOException {
        BufferedReader said = sender.inputReader();
        boolean first = true;
        for (String line = said.readLine(); ; line = said.readLine()) {
            assertThat(line).as("seed %s: %s", seed, errors()).isNotNull();
            if (line.equals("DONE")) {
                return;
            }
            long at = Long.parseLong(line.substring("AT ".length(), line.length() - 1));
            if (first) {
                redoneMax = Math.max(redoneMax, position - at);
                assertThat(position - at)
                        .as("commits before %s that are sent again, seed %s", position, seed)
                        .isLessThanOrEqualTo(WINDOW_COMMITS);
            }
            first = false;
            position = at;
            if (at >= until) {
                return;
            }
        }
    }

    private static void kill(Process process) throws InterruptedException {
        process.destroyForcibly(); // SIGKILL
        process.waitFor();
    }

    /** Closes its input, upon which it closes its engine. */
    private static void end(Process process) throws IOException, InterruptedException {
        process.outputWriter().close();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            kill(process);
        }
    }

    private List<String> errors() throws IOException {
        var lines = new ArrayList<String>();
        for (String side : List.of("send", "receive")) {
            Path file = directory.resolve("errors of " + side);
            lines.addAll(Files.exists(file) ? Files.readAllLines(file) : List.of());
        }
        return lines;
    }
}
