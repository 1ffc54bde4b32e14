package dev.pando.jdbc;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens {@code jdbc:pando:mem:NAME}, {@code jdbc:pando:file:PATH} and {@code jdbc:pando://HOST:PORT}; the options are
 * those of {@link PandoProperty}. Thread-safe.
 */
public final class PandoDriver implements Driver {
    static {
        try {
            DriverManager.registerDriver(new PandoDriver());
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** For {@link java.util.ServiceLoader}. */
    public PandoDriver() {}

    @Override
    public @Nullable Connection connect(String url, @Nullable Properties options) throws SQLException {
        return acceptsURL(url) ? Connections.open(url, options == null ? new Properties() : options) : null;
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith(PandoUrl.PREFIX);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties options) throws SQLException {
        PandoUrl parsed = PandoUrl.parse(url, options == null ? new Properties() : options);
        boolean embedded = !(parsed.target() instanceof PandoUrl.Server);
        Map<PandoProperty, String> given = parsed.options();
        return Arrays.stream(PandoProperty.values())
                .filter(property -> property.fits(embedded))
                .map(property -> info(property, given.getOrDefault(property, property.defaultValue()), embedded))
                .toArray(DriverPropertyInfo[]::new);
    }

    private static DriverPropertyInfo info(PandoProperty property, String value, boolean embedded) {
        DriverPropertyInfo info = new DriverPropertyInfo(property.key(), value);
        info.description = property.description();
        info.required = !embedded && (property == PandoProperty.USER || property == PandoProperty.PASSWORD);
        if (!property.choices().isEmpty()) {
            info.choices = property.choices().toArray(String[]::new);
        }
        return info;
    }

    /** The driver's version, such as {@code 0.1.0}. */
    public static String version() {
        return Version.text();
    }

    @Override
    public int getMajorVersion() {
        return Version.major();
    }

    @Override
    public int getMinorVersion() {
        return Version.minor();
    }

    /** False: some of SQL-92 and of JDBC is missing, and answers with 0A000. */
    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return Logger.getLogger("dev.pando");
    }
}
