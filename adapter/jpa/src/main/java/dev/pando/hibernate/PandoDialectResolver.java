package dev.pando.hibernate;

import org.hibernate.dialect.Dialect;
import org.hibernate.engine.jdbc.dialect.spi.DialectResolutionInfo;
import org.hibernate.engine.jdbc.dialect.spi.DialectResolver;
import org.jspecify.annotations.Nullable;

/** Found by Hibernate as a service. */
public final class PandoDialectResolver implements DialectResolver {
    /** For the service loader. */
    public PandoDialectResolver() {}

    @Override
    public @Nullable Dialect resolveDialect(DialectResolutionInfo info) {
        return info.getDatabaseName().equals("Pando") ? new PandoDialect(info) : null;
    }
}
