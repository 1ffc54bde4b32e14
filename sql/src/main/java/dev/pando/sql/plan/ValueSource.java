package dev.pando.sql.plan;

import dev.pando.ColumnType;
import dev.pando.Table;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source of rows that are made when they are read, and can be had as the engine has values. */
public interface ValueSource extends RowSource {
    /** The types of all its columns. */
    List<ColumnType> columnTypes();

    /** Rows of all columns, in the engine's values. */
    Rows openValues(QueryContext context) throws SQLException;

    /** The table whose rows it gives by primary key too; null when it only gives all. */
    default @Nullable Table keyed() {
        return null;
    }

    /** The row of a primary key, or none. */
    default Rows openKey(QueryContext context, List<Object> key) throws SQLException {
        throw new IllegalStateException("not by key");
    }
}
