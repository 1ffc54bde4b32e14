package dev.pando.jdbc;

import dev.pando.sql.session.PandoSqlState;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A parsed URL and its options.
 *
 * @param url without options
 * @param options those that were given, checked
 */
record PandoUrl(String url, Target target, Map<PandoProperty, String> options) {
    static final String PREFIX = "jdbc:pando:";

    private static final int DEFAULT_PORT = 9181;
    private static final String FORMS =
            "expected jdbc:pando:mem:NAME, jdbc:pando:file:PATH or jdbc:pando://HOST:PORT, options after ';'";

    /** What a URL points to. */
    sealed interface Target {}

    /** A database in memory, shared by its name within this class loader. */
    record Memory(String name) implements Target {}

    /** A directory, absolute and normal. */
    record Directory(Path path) implements Target {}

    /** A server. */
    record Server(String host, int port) implements Target {}

    /** Parses {@code text}; options in {@code properties} stand for those in the URL. */
    static PandoUrl parse(String text, Properties properties) throws SQLException {
        String[] parts = text.split(";", -1);
        Target target = target(parts[0]);
        boolean embedded = !(target instanceof Server);
        Map<PandoProperty, String> options = new EnumMap<>(PandoProperty.class);
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].isBlank()) {
                continue;
            }
            int equals = parts[i].indexOf('=');
            if (equals < 1) {
                /* The part is not shown: it may be the rest of a password. */
                throw bad("what stands after ';' number " + i
                        + " is not name=value; a value with ';' in it is given as a property");
            }
            put(options, parts[i].substring(0, equals).strip(), parts[i].substring(equals + 1), embedded);
        }
        for (String name : properties.stringPropertyNames()) {
            put(options, name, properties.getProperty(name), embedded);
        }
        return new PandoUrl(parts[0], target, options);
    }

    private static void put(Map<PandoProperty, String> options, String name, String value, boolean embedded)
            throws SQLException {
        PandoProperty property = PandoProperty.named(name, embedded);
        options.put(property, property == PandoProperty.PASSWORD ? value : property.check(value.strip()));
    }

    private static SQLException bad(String message) {
        return PandoSqlState.BAD_PARAMETER_VALUE.exception(message);
    }

    private static Target target(String url) throws SQLException {
        String rest = url.substring(PREFIX.length());
        if (rest.startsWith("mem:") && rest.length() > 4) {
            return new Memory(rest.substring(4));
        }
        if (rest.startsWith("file:") && rest.length() > 5) {
            try {
                return new Directory(Path.of(rest.substring(5)).toAbsolutePath().normalize());
            } catch (InvalidPathException e) {
                throw bad("'" + rest.substring(5) + "' is no path: " + e.getReason());
            }
        }
        if (rest.startsWith("//") && rest.length() > 2) {
            String authority = rest.substring(2);
            return server(
                    authority.endsWith("/") ? authority.substring(0, authority.length() - 1) : authority, DEFAULT_PORT);
        }
        throw bad("'" + url + "' is no Pando URL: " + FORMS);
    }

    /** Parses {@code HOST:PORT}, {@code HOST} or {@code [IPV6]:PORT}. */
    static Server server(String authority, int defaultPort) throws SQLException {
        int colon = authority.lastIndexOf(':');
        boolean bracketed = authority.startsWith("[");
        if (colon < 0 || bracketed && authority.endsWith("]")) {
            return new Server(unbracket(authority), defaultPort);
        }
        String host = unbracket(authority.substring(0, colon));
        String port = authority.substring(colon + 1);
        boolean number = port.matches("\\d{1,5}") && Integer.parseInt(port) <= 65_535;
        if (host.isEmpty() || !number || !bracketed && host.indexOf(':') >= 0) {
            throw bad("'" + authority + "' is no HOST:PORT");
        }
        return new Server(host, Integer.parseInt(port));
    }

    private static String unbracket(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    /** What was given, or the default. */
    String get(PandoProperty property) {
        String value = options.get(property);
        return value == null ? property.defaultValue() : value;
    }

    /** What was given and is not empty. */
    Optional<String> given(PandoProperty property) {
        @Nullable String value = options.get(property);
        return value == null || value.isBlank() ? Optional.empty() : Optional.of(value.strip());
    }

    /** A whole number that is not negative. */
    int number(PandoProperty property) throws SQLException {
        String value = get(property).strip();
        if (!value.matches("\\d{1,9}")) {
            throw bad("the option '" + property.key() + "' is a number, not '" + value + "'");
        }
        return Integer.parseInt(value);
    }
}
