package dev.pando.rar;

import java.time.Duration;
import java.util.List;

/** What must not be there after the resource adapter was undeployed. */
final class Leftovers {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Leftovers() {}

    /**
     * Waits until no thread, hook or MBean of the resource adapter is left: Payara stops it on a thread that has its
     * class loader for another moment.
     */
    static void assertNone() throws Exception {
        Await.until(LIMIT, "nothing is left", () -> Http.get("probe/left"), List::isEmpty);
    }
}
