package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Comparisons;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/**
 * A subquery inside an expression. What it gives is kept for the time of the statement by the values of the rows around
 * it that it looks at: one that looks at none runs once.
 */
final class SubQueryValue implements Expression {
    /** Answers of one subquery kept at most; beyond, it runs again. */
    private static final int ANSWERS_MAX = 100_000;

    /** What a subquery is asked for. */
    enum Question {
        EXISTS,
        VALUE,
        ARRAY,
        IN,
        SOME
    }

    /** A value of a row around. */
    record OuterField(int slot, int field) {}

    /**
     * What makes it up.
     *
     * @param comparison of SOME
     * @param operands left of IN and SOME
     * @param number among the subqueries of the statement
     * @param ownSlots where the row that the expression is over is to be found by the query
     * @param looksAt the values of rows around that it depends on
     */
    record Parts(
            Question question,
            SqlKind comparison,
            List<Expression> operands,
            Operator query,
            int number,
            int[] ownSlots,
            List<OuterField> looksAt) {}

    private final Parts parts;
    private final @Nullable ColumnType type;

    SubQueryValue(Parts parts, @Nullable ColumnType type) {
        this.parts = parts;
        this.type = type;
    }

    @Override
    public @Nullable ColumnType type() {
        return type;
    }

    /** The rows of IN: those without NULLs by key, and those with. */
    private static final class Members {
        final Set<Object> keys = new HashSet<>();
        final Set<Object> withNull = new HashSet<>();
        boolean any;
        long bytes;
    }

    /** The values of SOME. */
    private record Candidates(List<@Nullable Object> values, long bytes) {}

    private record Answer(@Nullable Object value, long bytes) {}

    @Override
    public @Nullable Object evaluate(Scope scope) throws SQLException {
        RunState state = (RunState) scope;
        @Nullable Object[] row = state.row();
        @Nullable Object[] operands = new Object[parts.operands.size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = parts.operands.get(i).evaluate(state.over(row));
        }
        for (int slot : parts.ownSlots) {
            state.setOuter(slot, row);
        }
        Object answer = answer(state);
        state.over(row);
        return switch (parts.question) {
            case EXISTS, VALUE, ARRAY -> ((Answer) answer).value;
            case IN -> isMember((Members) answer, operands);
            case SOME -> some(((Candidates) answer).values, operands[0]);
        };
    }

    @SuppressWarnings("unchecked")
    private Object answer(RunState state) throws SQLException {
        Map<Object, Object> known = (Map<Object, Object>) state.remembered(parts.number);
        if (known == null) {
            known = new HashMap<>();
            state.remember(parts.number, known);
        }
        @Nullable Object[] around = new Object[parts.looksAt.size()];
        for (int i = 0; i < around.length; i++) {
            OuterField field = parts.looksAt.get(i);
            around[i] = HashKeys.key(state.outer(field.slot)[field.field]);
        }
        Object key = HashKeys.Several.of(around);
        Object answer = known.get(key);
        if (answer == null) {
            answer = ask(state);
            if (known.size() < ANSWERS_MAX) {
                if (around.length > 0) {
                    state.context().memory().take(Sizes.of(around) + Sizes.ENTRY);
                }
                known.put(key, answer);
            } else {
                state.context().memory().release(held(answer));
            }
        }
        return answer;
    }

    private static long held(Object answer) {
        if (answer instanceof Members members) {
            return members.bytes;
        }
        if (answer instanceof Answer single) {
            return single.bytes;
        }
        return answer instanceof Candidates candidates ? candidates.bytes : 0;
    }

    private Object ask(RunState state) throws SQLException {
        try (Tuples rows = parts.query.open(state)) {
            return switch (parts.question) {
                case EXISTS -> new Answer(rows.next() != null, 0);
                case VALUE -> value(rows);
                case ARRAY -> {
                    Candidates all = values(state, rows);
                    yield new Answer(all.values, all.bytes);
                }
                case IN -> members(state, rows);
                case SOME -> values(state, rows);
            };
        }
    }

    private static Answer value(Tuples rows) throws SQLException {
        @Nullable Object[] row = rows.next();
        if (row == null) {
            return new Answer(null, 0);
        }
        if (rows.next() != null) {
            throw PandoSqlState.CARDINALITY.exception("a subquery that is a value gave more than one row");
        }
        return new Answer(row[0], 0);
    }

    private Members members(RunState state, Tuples rows) throws SQLException {
        Members members = new Members();
        for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
            members.any = true;
            @Nullable Object[] keys = keys(row, true);
            boolean hasNull = Arrays.asList(keys).contains(null);
            if ((hasNull ? members.withNull : members.keys).add(HashKeys.Several.of(keys))) {
                long size = Sizes.of(row) + Sizes.ENTRY;
                members.bytes += size;
                state.context().memory().take(size);
            }
        }
        return members;
    }

    private @Nullable Object[] keys(@Nullable Object[] values, boolean ofQuery) {
        @Nullable Object[] keys = new Object[parts.operands.size()];
        for (int i = 0; i < keys.length; i++) {
            ColumnType left = parts.operands.get(i).type();
            ColumnType right = parts.query.types().get(i);
            HashKeys.Meeting meeting =
                    left == null || right == null ? HashKeys.Meeting.AS_THEY_ARE : HashKeys.meeting(left, right);
            keys[i] = HashKeys.key(values[i], meeting);
        }
        return keys;
    }

    private @Nullable Object isMember(Members members, @Nullable Object[] operands) {
        if (!members.any) {
            return false;
        }
        @Nullable Object[] keys = keys(operands, false);
        boolean unknown = Arrays.asList(keys).contains(null);
        if (!unknown && members.keys.contains(HashKeys.Several.of(keys))) {
            return true;
        }
        if (!unknown) {
            return mayEqualOne(members.withNull, keys) ? null : (Object) false;
        }
        boolean may = mayEqualOne(members.withNull, keys) || mayEqualOne(members.keys, keys);
        return may ? null : (Object) false;
    }

    private static boolean mayEqualOne(Set<Object> members, @Nullable Object[] keys) {
        return members.stream().anyMatch(member -> mayEqual(((HashKeys.Several) member).values(), keys));
    }

    private static boolean mayEqual(@Nullable Object[] a, @Nullable Object[] b) {
        for (int i = 0; i < a.length; i++) {
            if (a[i] != null && b[i] != null && !a[i].equals(b[i])) {
                return false;
            }
        }
        return true;
    }

    private static Candidates values(RunState state, Tuples rows) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>();
        long bytes = 0;
        for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
            long size = Sizes.of(row);
            bytes += size;
            state.context().memory().take(size);
            values.add(row[0]);
        }
        return new Candidates(values, bytes);
    }

    private @Nullable Object some(List<@Nullable Object> values, @Nullable Object operand) {
        ColumnType left = parts.operands.get(0).type();
        ColumnType right = parts.query.types().get(0);
        boolean unknown = false;
        for (Object value : values) {
            if (operand == null || value == null || left == null || right == null) {
                unknown = true;
            } else if (matches(parts.comparison, Comparisons.order(left, right).compare(operand, value))) {
                return true;
            }
        }
        return unknown ? null : (Object) false;
    }

    /** Whether values that compare so meet a comparison. */
    static boolean matches(SqlKind comparison, int sign) {
        return switch (comparison) {
            case EQUALS -> sign == 0;
            case NOT_EQUALS -> sign != 0;
            case LESS_THAN -> sign < 0;
            case LESS_THAN_OR_EQUAL -> sign <= 0;
            case GREATER_THAN -> sign > 0;
            default -> sign >= 0;
        };
    }
}
