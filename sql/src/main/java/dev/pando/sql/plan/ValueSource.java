package dev.pando.sql.plan;

import dev.pando.ColumnType;
import java.sql.SQLException;
import java.util.List;

/** A source of rows that are made when they are read, and can be had as the engine has values. */
public interface ValueSource extends RowSource {
    /** The types of all its columns. */
    List<ColumnType> columnTypes();

    /** Rows of all columns, in the engine's values. */
    Rows openValues(QueryContext context) throws SQLException;
}
