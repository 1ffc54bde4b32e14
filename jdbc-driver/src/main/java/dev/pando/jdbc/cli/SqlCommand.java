package dev.pando.jdbc.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "sql",
        description = "Runs SQL on a node: statements, a file, or a shell.",
        mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {
    /** What to run; a shell when there is none. */
    static final class Input {
        @Option(names = "-e", paramLabel = "SQL", description = "Run these statements, separated by ';', and end.")
        @Nullable
        List<String> statements;

        @Option(names = "-f", paramLabel = "FILE", description = "Run the statements of a file, and end.")
        @Nullable
        Path file;
    }

    @Mixin
    private ConnectOptions target = new ConnectOptions();

    @ArgGroup
    private @Nullable Input input;

    @Option(names = "--plain", description = "Print values only, separated by tabs.")
    private boolean plain;

    @Override
    public Integer call() throws SQLException, IOException {
        try (Connection connection = target.connect()) {
            Shell shell = new Shell(connection, System.out, System.err, plain);
            Input given = input;
            if (given == null) {
                return shell.interact(System.in, System.console() != null);
            }
            if (given.file != null) {
                return shell.runFile(given.file) ? 0 : 1;
            }
            for (String text : given.statements == null ? List.<String>of() : given.statements) {
                int code = shell.runAll(text);
                if (code != 0) {
                    return code;
                }
            }
            return 0;
        }
    }
}
