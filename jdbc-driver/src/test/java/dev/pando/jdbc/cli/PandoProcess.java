package dev.pando.jdbc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A process of the -all jar. */
final class PandoProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
    private final List<String> outSeen = new ArrayList<>();
    private final Path err;
    private final Thread reader;

    private PandoProcess(Process process, Path err) {
        this.process = process;
        this.err = err;
        reader = new Thread(this::readOut, "pando-out");
        reader.setDaemon(true);
        reader.start();
    }

    /** What a process that ended left. */
    record Ended(int code, List<String> out, List<String> err) {}

    static PandoProcess start(Path directory, String... arguments) throws IOException {
        String jar = System.getProperty("pando.jar");
        assertThat(jar).as("the system property pando.jar").isNotNull();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar));
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile(directory, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(err.toFile());
        builder.environment().remove("PANDO_PASSWORD");
        return new PandoProcess(builder.start(), err);
    }

    /** Runs to the end. */
    static Ended run(Path directory, String... arguments) throws IOException, InterruptedException {
        try (PandoProcess started = start(directory, arguments)) {
            started.process.getOutputStream().close();
            return started.awaitEnd();
        }
    }

    private void readOut() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.add(line);
            }
        } catch (IOException e) {
            out.add("(" + e + ")");
        }
    }

    /** The rest of the first line that begins with {@code prefix}. */
    String awaitLine(String prefix) throws InterruptedException, IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (String line : outSeen) {
            if (line.startsWith(prefix)) {
                return line.substring(prefix.length());
            }
        }
        while (System.nanoTime() < end) {
            String line = out.poll(100, TimeUnit.MILLISECONDS);
            if (line != null) {
                outSeen.add(line);
                if (line.startsWith(prefix)) {
                    return line.substring(prefix.length());
                }
            } else if (!process.isAlive() && !reader.isAlive() && out.isEmpty()) {
                break;
            }
        }
        throw new AssertionError("no line '" + prefix + "…' in " + outSeen + ", errors " + Files.readAllLines(err));
    }

    Ended awaitEnd() throws InterruptedException, IOException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .as("the process ended")
                .isTrue();
        reader.join();
        out.drainTo(outSeen);
        return new Ended(process.exitValue(), List.copyOf(outSeen), Files.readAllLines(err));
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    /** SIGTERM. */
    Ended terminate() throws InterruptedException, IOException {
        /* Process.destroy() would close the pipes before the last lines are read. */
        process.toHandle().destroy();
        return awaitEnd();
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            kill();
        }
    }
}
