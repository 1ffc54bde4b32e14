package dev.pando.jdbc.cli;

import dev.pando.jdbc.PandoDriver;
import dev.pando.jdbc.node.AdminPassword;
import java.io.Console;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How commands reach a node. */
final class ConnectOptions {
    /** Environment variable that holds the password. */
    private static final String PASSWORD_VARIABLE = "PANDO_PASSWORD";

    @Option(
            names = {"-u", "--url"},
            paramLabel = "URL",
            description = "The node (default: jdbc:pando://127.0.0.1:9181).")
    private String url = "jdbc:pando://127.0.0.1:9181";

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Who connects (default: admin, or the user that the URL names).")
    private @Nullable String user;

    @Option(
            names = "--rootdir",
            paramLabel = "DIR",
            description = "The node's directory, whose admin.password is used when PANDO_PASSWORD is not set"
                    + " (default: ./pando-data).")
    private Path rootdir = Path.of("pando-data");

    Connection connect() throws SQLException {
        Properties options = new Properties();
        boolean served = url.startsWith("jdbc:pando://");
        String name = user != null ? user : inUrl("user").orElse("admin");
        if (user != null || served) {
            options.setProperty("user", name);
            if (inUrl("password").isEmpty()) {
                options.setProperty("password", password(name));
            }
        }
        Connection connection = new PandoDriver().connect(url, options);
        if (connection == null) {
            throw new SQLException(
                    "'" + url + "' is no Pando URL: expected jdbc:pando://HOST:PORT, jdbc:pando:file:PATH or"
                            + " jdbc:pando:mem:NAME",
                    "08001");
        }
        return connection;
    }

    private Optional<String> inUrl(String option) {
        return Arrays.stream(url.split(";", -1))
                .skip(1)
                .map(String::strip)
                .filter(part -> part.regionMatches(true, 0, option + "=", 0, option.length() + 1))
                .map(part -> part.substring(option.length() + 1))
                .findFirst();
    }

    private String password(String name) throws SQLException {
        String variable = System.getenv(PASSWORD_VARIABLE);
        if (variable != null) {
            return variable;
        }
        Path file = rootdir.resolve(AdminPassword.FILE);
        if (name.equalsIgnoreCase("admin") && Files.exists(file)) {
            return AdminPassword.read(file);
        }
        return prompt(name)
                .orElseThrow(() -> new SQLException(
                        "no password for " + name + ": set " + PASSWORD_VARIABLE
                                + (name.equalsIgnoreCase("admin")
                                        ? ", or give the node's --rootdir (" + file + " is not there)"
                                        : ""),
                        "28P01"));
    }

    private Optional<String> prompt(String name) {
        @Nullable Console console = System.console();
        if (console == null) {
            return Optional.empty();
        }
        char[] typed = console.readPassword("Password of %s: ", name);
        return typed == null ? Optional.empty() : Optional.of(new String(typed));
    }
}
