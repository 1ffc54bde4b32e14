package dev.pando.libp2p.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Runs {@link NetworkBench} as two processes and prints its JSON lines. */
@Tag("bench")
class NetworkBenchTest {
    private static Process start(String... args) throws IOException {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                NetworkBench.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void measures() throws Exception {
        var server = start("serve");
        try (var answers = server.inputReader()) {
            var client = start("measure", answers.readLine());
            try (var lines = client.inputReader()) {
                var measures = lines.lines().peek(System.out::println).toList();
                assertThat(client.waitFor()).isZero();
                assertThat(measures).hasSize(7);
            }
        } finally {
            server.destroy();
        }
    }
}
