package dev.pando.jdbc.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The program {@code pando}. It exits with 0 when done, 1 with one line on the error output when the world did not
 * allow it, 2 with the usage when it was called wrongly.
 */
@Command(
        name = "pando",
        description = "A peer-to-peer replicated SQL database.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.class,
        subcommands = {StartCommand.class, SqlCommand.class, ClientCommand.class, DemoCommand.class})
public final class Main implements Runnable, CommandLine.IVersionProvider {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** For picocli. */
    Main() {}

    public static void main(String[] arguments) {
        ProgramLog.configure();
        int code = run(arguments);
        System.out.flush();
        System.exit(code);
    }

    /** Runs a command line and tells its exit code. */
    static int run(String... arguments) {
        return new CommandLine(new Main())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((failure, wrong) -> usage(failure))
                .setExecutionExceptionHandler((failure, commandLine, parsed) -> report(failure, commandLine.getErr()))
                .execute(arguments);
    }

    private static int usage(ParameterException failure) {
        PrintWriter err = failure.getCommandLine().getErr();
        err.println("pando: " + failure.getMessage());
        failure.getCommandLine().usage(err);
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int report(Exception failure, PrintWriter err) {
        String message = failure.getMessage();
        err.println("pando: " + (message == null || message.isBlank() ? failure.toString() : message));
        err.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"Pando " + dev.pando.jdbc.PandoDriver.version()};
    }
}
