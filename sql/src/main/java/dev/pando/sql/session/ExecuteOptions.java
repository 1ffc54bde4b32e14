package dev.pando.sql.session;

import java.time.Duration;

/**
 * How to run one statement.
 *
 * @param maxRows rows after which a result ends silently, as {@code Statement.setMaxRows}; 0 is no limit
 * @param fetchSize rows that a transport should carry at once; 0 leaves it to the transport
 * @param timeout after which the statement ends with 57014; {@link Duration#ZERO} is no limit
 * @param generatedKeys which generated columns of an INSERT or MERGE to return
 */
public record ExecuteOptions(long maxRows, int fetchSize, Duration timeout, GeneratedKeys generatedKeys) {
    public static final ExecuteOptions DEFAULT = new ExecuteOptions(0, 0, Duration.ZERO, GeneratedKeys.NONE);

    public ExecuteOptions {
        if (maxRows < 0 || fetchSize < 0 || timeout.isNegative()) {
            throw new IllegalArgumentException("limits are not negative");
        }
    }

    public ExecuteOptions withMaxRows(long rows) {
        return new ExecuteOptions(rows, fetchSize, timeout, generatedKeys);
    }

    public ExecuteOptions withFetchSize(int rows) {
        return new ExecuteOptions(maxRows, rows, timeout, generatedKeys);
    }

    public ExecuteOptions withTimeout(Duration limit) {
        return new ExecuteOptions(maxRows, fetchSize, limit, generatedKeys);
    }

    public ExecuteOptions withGeneratedKeys(GeneratedKeys keys) {
        return keys == generatedKeys ? this : new ExecuteOptions(maxRows, fetchSize, timeout, keys);
    }
}
