package dev.pando.sql.exec;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.Index;
import dev.pando.KeyRange;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.ExpressionBinder;
import dev.pando.sql.expr.Names;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.types.Assign;
import dev.pando.sql.types.Values;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table that meet a condition, read without the planner: by key, by a range of a key or an index, or
 * all of them.
 *
 * @param index whose order the bounds are of; null for the primary key
 * @param prefix values of the leading key columns
 * @param condition the whole condition; null for every row
 */
record ShortScan(
        Table table,
        @Nullable Index index,
        List<Expression> prefix,
        @Nullable Limit low,
        @Nullable Limit high,
        @Nullable Expression condition) {
    /** One end of a range of the key column after the prefix. */
    record Limit(Expression value, boolean inclusive) {}

    /** Finds the way to the rows. */
    static ShortScan bind(Table table, Names names, ExpressionBinder binder, @Nullable SqlNode where)
            throws Unsupported, SQLException {
        Expression condition = where == null ? null : binder.condition(where);
        List<SqlCall> parts = new ArrayList<>();
        conjunctions(where, parts);
        ShortScan best = new ShortScan(table, null, List.of(), null, null, condition);
        if (!table.primaryKey().isEmpty()) {
            best = new Search(table, names, binder, parts, condition).over(null, table.primaryKey());
        }
        for (Index each : table.indexes()) {
            ShortScan other = new Search(table, names, binder, parts, condition).over(each, each.columns());
            best = other.strength() > best.strength() ? other : best;
        }
        return best.isKeyLookup() && best.saysAll(where) ? best.unconditional() : best;
    }

    /* Whole numbers are compared as keys just as they are compared as values. */
    private boolean saysAll(@Nullable SqlNode where) {
        return conjunctions(where) == prefix.size()
                && table.primaryKey().stream()
                        .allMatch(ordinal -> table.columns().get(ordinal).type().family() == Family.INT)
                && prefix.stream()
                        .allMatch(value -> value.type() != null && value.type().family() == Family.INT);
    }

    private ShortScan unconditional() {
        return new ShortScan(table, index, prefix, low, high, null);
    }

    private static int conjunctions(@Nullable SqlNode node) {
        if (node instanceof SqlCall call && call.getKind() == SqlKind.AND) {
            return call.getOperandList().stream()
                    .mapToInt(ShortScan::conjunctions)
                    .sum();
        }
        return node == null ? 0 : 1;
    }

    private int strength() {
        boolean whole = index == null
                && !prefix.isEmpty()
                && prefix.size() == table.primaryKey().size();
        int range = (low == null ? 0 : 1) + (high == null ? 0 : 1);
        return whole ? Integer.MAX_VALUE : prefix.size() * 4 + range;
    }

    /** Whether at most one row can come. */
    boolean isKeyLookup() {
        return strength() == Integer.MAX_VALUE;
    }

    private static void conjunctions(@Nullable SqlNode node, List<SqlCall> parts) {
        if (node instanceof SqlCall call) {
            if (call.getKind() == SqlKind.AND) {
                call.getOperandList().forEach(operand -> conjunctions(operand, parts));
            } else {
                parts.add(call);
            }
        }
    }

    private record Search(
            Table table,
            Names names,
            ExpressionBinder binder,
            List<SqlCall> parts,
            @Nullable Expression condition) {
        ShortScan over(@Nullable Index index, List<Integer> key) throws SQLException {
            List<Expression> prefix = new ArrayList<>();
            for (int ordinal : key) {
                Column column = table.columns().get(ordinal);
                Limit equal = limit(column, SqlKind.EQUALS, SqlKind.EQUALS);
                if (equal == null) {
                    Limit low = limit(column, SqlKind.GREATER_THAN, SqlKind.GREATER_THAN_OR_EQUAL);
                    Limit high = limit(column, SqlKind.LESS_THAN, SqlKind.LESS_THAN_OR_EQUAL);
                    return new ShortScan(table, index, prefix, low, high, condition);
                }
                prefix.add(equal.value);
            }
            return new ShortScan(table, index, prefix, null, null, condition);
        }

        private @Nullable Limit limit(Column column, SqlKind strict, SqlKind inclusive) throws SQLException {
            for (SqlCall part : parts) {
                if (part.operandCount() != 2) {
                    continue;
                }
                boolean swapped = !isColumn(part.operand(0), column);
                SqlKind kind = swapped ? part.getKind().reverse() : part.getKind();
                SqlNode reference = part.operand(swapped ? 1 : 0);
                SqlNode value = part.operand(swapped ? 0 : 1);
                if ((kind == strict || kind == inclusive) && isColumn(reference, column)) {
                    Expression bound = value(value, column.type());
                    if (bound != null) {
                        return new Limit(bound, kind == inclusive);
                    }
                }
            }
            return null;
        }

        private boolean isColumn(SqlNode node, Column column) {
            return node instanceof SqlIdentifier identifier
                    && names.column(identifier).filter(column::equals).isPresent();
        }

        /* Only values that lose nothing when they become the column's. */
        private @Nullable Expression value(SqlNode node, ColumnType column) throws SQLException {
            Expression bound;
            try {
                bound = binder.bind(node, column);
            } catch (Unsupported e) {
                return null;
            }
            ColumnType type = bound.type();
            boolean free = bound instanceof Expression.Constant || node.getKind() == SqlKind.DYNAMIC_PARAM;
            if (!free || type == null) {
                return null;
            }
            boolean same =
                    type.family() == column.family() && (type.family() != Family.DEC || type.scale() <= column.scale());
            boolean wider = type.family() == Family.INT && column.family() == Family.DEC;
            boolean parsed =
                    type.family() == Family.TEXT && (column.family() == Family.DATE || column.family() == Family.UUID);
            return (same || wider || parsed) && fits(bound, type, column) ? bound : null;
        }
    }

    /* A number that the key's type cannot hold bounds nothing: the condition still looks at it. */
    private static boolean fits(Expression bound, ColumnType type, ColumnType column) {
        if (!(bound instanceof Expression.Constant constant)) {
            return true;
        }
        try {
            Assign.to(column, Values.toSession(type, constant.value()), "bound");
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** The one row of a {@linkplain #isKeyLookup key lookup} that meets the condition; null when there is none. */
    @Nullable
    Row lookUp(ExecutionContext context, @Nullable Object[] parameters) throws SQLException {
        context.query().checkRow();
        Row row = single(context, parameters);
        return row == null || !matches(context, parameters, row) ? null : row;
    }

    private @Nullable Row single(ExecutionContext context, @Nullable Object[] parameters) throws SQLException {
        List<Integer> ordinals = table.primaryKey();
        Expression.Scope scope = context.scope(null, parameters);
        Object[] key = new Object[prefix.size()];
        for (int i = 0; i < key.length; i++) {
            Object value = value(prefix.get(i), scope, ordinals.get(i));
            if (value == null || value == NO_KEY) {
                return null;
            }
            key[i] = value;
        }
        return context.transaction().get(table, key.length == 1 ? List.of(key[0]) : List.of(key));
    }

    /** Opens the rows within the bounds; {@link #matches} is still to be asked of each. */
    RowCursor open(ExecutionContext context, @Nullable Object[] parameters) throws SQLException {
        List<Integer> key = index == null ? table.primaryKey() : index.columns();
        Expression.Scope scope = context.scope(null, parameters);
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 0; i < prefix.size(); i++) {
            values.add(value(prefix.get(i), scope, key.get(i)));
        }
        if (values.contains(null) || values.contains(NO_KEY)) {
            return NOTHING;
        }
        if (isKeyLookup()) {
            return single(context.transaction().get(table, notNull(values)));
        }
        List<@Nullable Object> from = new ArrayList<>(values);
        List<@Nullable Object> to = new ArrayList<>(values);
        if (low != null) {
            from.add(value(low.value, scope, key.get(values.size())));
        }
        if (high != null) {
            to.add(value(high.value, scope, key.get(values.size())));
        }
        if (from.contains(null) || to.contains(null)) {
            return NOTHING;
        }
        /* What no key equals still bounds them: the condition looks at it. */
        from.remove(NO_KEY);
        to.remove(NO_KEY);
        boolean fromInclusive = low == null || low.inclusive || from.size() == values.size();
        boolean toInclusive = high == null || high.inclusive || to.size() == values.size();
        KeyRange range = new KeyRange(from, fromInclusive, to, toInclusive);
        return index == null
                ? context.transaction().scan(table, range, false)
                : context.transaction().scan(table, index, range, false);
    }

    /** The same in whatever order is quickest. A row is good only until the next one is asked for. */
    RowCursor openBriefly(ExecutionContext context, @Nullable Object[] parameters) throws SQLException {
        boolean whole = prefix.isEmpty() && low == null && high == null && index == null;
        return whole ? new WalkedRows(table, context.transaction().walk(table)) : open(context, parameters);
    }

    private static List<Object> notNull(List<@Nullable Object> values) {
        List<Object> present = new ArrayList<>(values.size());
        for (Object value : values) {
            if (value != null) {
                present.add(value);
            }
        }
        return present;
    }

    private @Nullable Object value(Expression expression, Expression.Scope scope, int ordinal) throws SQLException {
        Object value = expression.evaluate(scope);
        ColumnType type = expression.type();
        Column column = table.columns().get(ordinal);
        if (value == null || type == null) {
            return null;
        }
        if (value instanceof BigDecimal number) {
            return key(column, number);
        }
        return type.equals(column.type())
                ? value
                : Assign.to(column.type(), Values.toSession(type, value), column.name());
    }

    /* A number that the column would round or not hold is none of its values. */
    private static Object key(Column column, BigDecimal number) {
        if (column.type().family() == Family.INT) {
            return NO_KEY;
        }
        try {
            Object key = Assign.to(column.type(), number, column.name());
            return key instanceof BigDecimal decimal && decimal.compareTo(number) == 0 ? key : NO_KEY;
        } catch (SQLException e) {
            return NO_KEY;
        }
    }

    /** Whether a row meets the condition. */
    boolean matches(ExecutionContext context, @Nullable Object[] parameters, Row row) throws SQLException {
        return condition == null || Boolean.TRUE.equals(condition.evaluate(context.scope(row, parameters)));
    }

    /** Reads all rows that meet the condition. */
    List<Row> read(ExecutionContext context, @Nullable Object[] parameters) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (RowCursor cursor = open(context, parameters)) {
            for (Row row = cursor.next(); row != null; row = cursor.next()) {
                context.query().checkRow();
                if (matches(context, parameters, row)) {
                    rows.add(row);
                }
            }
        }
        return rows;
    }

    /** As EXPLAIN shows it. */
    String describe() {
        String way;
        if (isKeyLookup()) {
            way = "key lookup";
        } else if (!prefix.isEmpty() || low != null || high != null) {
            way = index == null ? "range of the primary key" : "range of index " + index.name();
        } else {
            way = "scan";
        }
        return way + " of " + table.qualifiedName() + (condition == null ? "" : ", filtered");
    }

    /** In the place of a value that the column cannot have. */
    private static final Object NO_KEY = new Object();

    private static final RowCursor NOTHING = single(null);

    private static RowCursor single(@Nullable Row row) {
        return new RowCursor() {
            private @Nullable Row next = row;

            @Override
            public @Nullable Row next() {
                Row given = next;
                next = null;
                return given;
            }

            @Override
            public void close() {}
        };
    }
}
