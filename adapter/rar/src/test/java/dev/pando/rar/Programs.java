package dev.pando.rar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the scripts and commands of a server that runs already. */
final class Programs {

    private static final long LIMIT_SECONDS = 120;

    private Programs() {}

    /** Runs a command to its end and returns what it said; an AssertionError when it failed. */
    static String run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        Path said = Files.createTempFile(Path.of("target"), "said", ".txt");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        String output = Files.readString(said);
        Files.delete(said);
        assertThat(ended).as("%s ended; it said %s", command, output).isTrue();
        assertThat(process.exitValue()).as("%s said %s", command, output).isZero();
        return output;
    }

    /** The program that this process runs. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
