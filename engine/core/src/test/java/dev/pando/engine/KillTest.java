package dev.pando.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process under load is killed as by {@code kill -9}, again and again, always on the same directory: nothing that it
 * acknowledged is missing. {@code -Dpando.kills=100} for more than in the build, {@code -Dpando.seed} for other moments.
 */
class KillTest {

    private static final int KILLS = Integer.getInteger("pando.kills", 3);
    private static final int LIFE_MILLIS_MAX = 1_500;

    /** After how many kills it is told how far many of them have got: each life first folds all that was written. */
    private static final int TOLD = 10;

    private static final int FURTHER_MAX = 20;

    @TempDir
    private Path directory;

    private final long[] acknowledged = new long[KilledProcess.WRITERS];

    @Test
    void nothingAcknowledgedIsLost() throws Exception {
        long seed = Long.getLong("pando.seed", System.nanoTime());
        var random = new Random(seed);
        /* Further ones where all were killed before anything was acknowledged, as on a slow machine. */
        for (int kill = 1; kill <= KILLS || sum(acknowledged) == 0 && kill <= KILLS + FURTHER_MAX; kill++) {
            live(1 + random.nextInt(LIFE_MILLIS_MAX), "seed " + seed + ", life " + kill);
            if (kill % TOLD == 0) {
                System.out.printf("%d of %d kills, %d acknowledged%n", kill, KILLS, sum(acknowledged));
            }
        }
        live(1, "seed " + seed + ", after the last kill");
        long all = sum(acknowledged);
        assertThat(all).isPositive();
        System.out.printf("{\"kills\":%d,\"acknowledged\":%d,\"lost\":0}%n", KILLS, all);
    }

    private static long sum(long[] counts) {
        return Arrays.stream(counts).sum();
    }

    /** Starts a process, which checks what is there, and kills it after some time of load. */
    private void live(long millis, String when) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledProcess.class.getName(),
                directory.resolve("db").toString()));
        Arrays.stream(acknowledged).forEach(count -> command.add(Long.toString(count)));
        Path errors = directory.resolve("errors");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try (BufferedReader said = process.inputReader()) {
            boolean ready = false;
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                ready |= line.equals("READY");
                if (line.equals("READY")) {
                    killAfter(process, millis);
                } else {
                    note(line);
                }
            }
            assertThat(ready).as("%s: %s", when, errors(errors)).isTrue();
        } finally {
            process.destroyForcibly().waitFor(1, TimeUnit.MINUTES);
        }
    }

    private static void killAfter(Process process, long millis) {
        var killer = new Thread(() -> {
            try {
                if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                    /* SIGKILL; unlike the process itself, its handle leaves what it said to be read. */
                    process.toHandle().destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.toHandle().destroyForcibly();
            }
        });
        killer.setDaemon(true);
        killer.start();
    }

    /** A line that the kill cut off acknowledges nothing. */
    private void note(String line) {
        String[] words = line.split(" ");
        if (words.length == 3 && words[0].equals("AT") && words[2].endsWith(";")) {
            acknowledged[Integer.parseInt(words[1])] = count(words[2]);
        } else if (words.length == 2 && words[1].endsWith(";")) {
            int writer = Integer.parseInt(words[0]);
            long count = count(words[1]);
            assertThat(count).isGreaterThan(acknowledged[writer]);
            acknowledged[writer] = count;
        }
    }

    private static long count(String word) {
        return Long.parseLong(word.substring(0, word.length() - 1));
    }

    private static String errors(Path file) throws IOException {
        return java.nio.file.Files.readString(file);
    }
}
