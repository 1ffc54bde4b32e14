package dev.pando.sql.plan;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;

/**
 * The bytes that operators of one statement may hold at a time: {@code query_memory}. Beyond, the statement ends with
 * 53200. One thread at a time.
 */
public final class MemoryBudget {
    /** What a statement may hold by itself: the lesser of 256 MiB and a tenth of the heap. */
    public static final long DEFAULT_BYTES =
            Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 10);

    private final long bytesMax;
    private long bytes;

    public MemoryBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes from the budget. */
    public void take(long wanted) throws SQLException {
        bytes += wanted;
        if (bytes > bytesMax) {
            throw PandoSqlState.OUT_OF_MEMORY.exception("the statement needs more than the " + bytesMax
                    + " bytes of query_memory: narrow it, add an index in its order, or SET query_memory");
        }
    }

    /** Gives back what was taken. */
    public void release(long held) {
        bytes -= held;
    }
}
