package dev.pando.jdbc.connection;

import dev.pando.sql.session.SqlType;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An array's elements, in memory. */
final class PandoArray implements Array {
    private final SqlType elementType;
    private @Nullable List<? extends @Nullable Object> elements;

    /** @param elementType null when nobody told it */
    PandoArray(@Nullable SqlType elementType, List<? extends @Nullable Object> elements) {
        this.elementType = elementType == null ? SqlType.OTHER : elementType;
        this.elements = elements;
    }

    private List<? extends @Nullable Object> elements() throws SQLException {
        List<? extends @Nullable Object> present = elements;
        if (present == null) {
            throw JdbcErrors.closed("array");
        }
        return present;
    }

    @Override
    public String getBaseTypeName() {
        return elementType.typeName();
    }

    @Override
    public int getBaseType() {
        return elementType.jdbcType();
    }

    @Override
    public Object getArray() throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        for (Object element : elements()) {
            values.add(element == null ? null : FromSql.toDefault(element, elementType));
        }
        return values.toArray();
    }

    @Override
    public Object getArray(long index, int count) throws SQLException {
        return slice(index, count).getArray();
    }

    private PandoArray slice(long index, int count) throws SQLException {
        List<? extends @Nullable Object> all = elements();
        if (index < 1 || count < 0 || index > all.size() + 1L) {
            throw JdbcErrors.badArgument("an array of " + all.size() + " elements has none at " + index);
        }
        int from = (int) index - 1;
        return new PandoArray(elementType, all.subList(from, Math.min(all.size(), from + count)));
    }

    @Override
    public ResultSet getResultSet() throws SQLException {
        MemoryResult rows = new MemoryResult(MemoryResult.columns("INDEX", SqlType.INTEGER, "VALUE", elementType));
        int index = 1;
        for (Object element : elements()) {
            rows.add(index++, element);
        }
        return new PandoResultSet(null, rows, 0);
    }

    @Override
    public ResultSet getResultSet(long index, int count) throws SQLException {
        return slice(index, count).getResultSet();
    }

    @Override
    public Object getArray(Map<String, Class<?>> map) throws SQLException {
        throw JdbcErrors.refused("user-defined types");
    }

    @Override
    public Object getArray(long index, int count, Map<String, Class<?>> map) throws SQLException {
        throw JdbcErrors.refused("user-defined types");
    }

    @Override
    public ResultSet getResultSet(Map<String, Class<?>> map) throws SQLException {
        throw JdbcErrors.refused("user-defined types");
    }

    @Override
    public ResultSet getResultSet(long index, int count, Map<String, Class<?>> map) throws SQLException {
        throw JdbcErrors.refused("user-defined types");
    }

    @Override
    public void free() {
        elements = null;
    }

    @Override
    public String toString() {
        List<? extends @Nullable Object> present = elements;
        return present == null ? "(freed)" : FromSql.toText(present);
    }
}
