package dev.pando.sql.plan;

import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether a statement is to end: looked at between the stages of its planning, and by the planner between its rules.
 *
 * @param cancelled set by whoever wants it ended; never unset
 */
public record CancelCheck(AtomicBoolean cancelled) {
    /** A statement that nobody ends. */
    public static CancelCheck none() {
        return new CancelCheck(new AtomicBoolean());
    }

    /** @throws SQLException 57014 */
    public void check() throws SQLException {
        if (cancelled.get()) {
            throw PandoSqlState.CANCELLED.exception("the statement was cancelled");
        }
    }
}
