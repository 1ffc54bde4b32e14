package dev.pando.jdbc.connection;

import java.sql.SQLException;
import java.time.Duration;

/** A session that waits for answers over a network, and can be told how long. */
public interface ReadTimeout {
    Duration readTimeout();

    /** How long to wait for any answer from now on; {@link Duration#ZERO} waits without end. */
    void setReadTimeout(Duration timeout) throws SQLException;
}
