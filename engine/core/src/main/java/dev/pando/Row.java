package dev.pando;

import org.jspecify.annotations.Nullable;

/**
 * One version of a document as a table shows it. Immutable and independent of its transaction; columns are decoded when
 * asked for.
 */
public interface Row {

    DocumentId id();

    /** The table whose ordinals {@link #get} takes. */
    Table table();

    /** The commit sequence that wrote this version; a number above all others for one not yet committed. */
    long version();

    /** The value of the column, of the class that {@link ColumnType} tells. */
    @Nullable
    Object get(int ordinal);

    boolean isNull(int ordinal);

    /** The value of a column of family INT, DATE, TIME, TS or TSTZ that is not NULL, without boxing. */
    long getLong(int ordinal);
}
