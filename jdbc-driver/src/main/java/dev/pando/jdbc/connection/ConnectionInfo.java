package dev.pando.jdbc.connection;

import java.time.Duration;

/**
 * What a connection tells of itself.
 *
 * @param url without its options
 * @param productVersion of the database
 * @param driverVersion of this driver
 * @param fetchSize of statements that name none; 0 leaves it to the transport
 * @param validTimeout of {@code isValid(0)}
 */
public record ConnectionInfo(
        String url, String productVersion, String driverVersion, int fetchSize, Duration validTimeout) {}
