package dev.pando;

import java.time.Duration;

/**
 * How a transaction behaves.
 *
 * @param lockTimeout how long a write waits for another local writer
 */
public record TransactionOptions(Transaction.Isolation isolation, boolean readOnly, Duration lockTimeout) {

    /** READ COMMITTED, read and write, 10 s. */
    public static final TransactionOptions DEFAULT =
            new TransactionOptions(Transaction.Isolation.READ_COMMITTED, false, Duration.ofSeconds(10));
}
