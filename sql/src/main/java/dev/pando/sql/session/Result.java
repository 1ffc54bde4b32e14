package dev.pando.sql.session;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a statement gave: an update count, or rows that are fetched forwards. */
public interface Result extends AutoCloseable {
    /** Rows changed; 0 for statements that change no rows; -1 when this result has rows. */
    long updateCount();

    /** The columns of the rows; empty when this is an update count. */
    List<ColumnMeta> columns();

    /**
     * The next rows, at most {@code rowsMax}, each with one value a column in the representation of {@link SqlType};
     * empty at the end, and only then.
     */
    List<@Nullable Object[]> fetch(int rowsMax) throws SQLException;

    /** The keys asked for by {@link ExecuteOptions#generatedKeys()}; null when none were asked for. */
    @Nullable
    Result generatedKeys();

    /** Warnings of this statement. */
    List<SqlWarningInfo> warnings();

    /** Frees what the rows hold. Idempotent. */
    @Override
    void close() throws SQLException;
}
