package dev.pando.sql.run;

import dev.pando.ColumnType;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Groups, and functions over each; without grouping columns one group, also of no rows. */
final class Aggregate extends Operator {
    /**
     * A function.
     *
     * @param arguments positions; none of them NULL in a row that counts
     * @param filter position of a condition; −1 for none
     * @param gathered what it is when it takes whole rows, in place of {@code maker}
     */
    record Call(
            Accumulator.@Nullable Maker maker,
            int[] arguments,
            boolean distinct,
            int filter,
            Gathered.@Nullable Function gathered) {}

    /** Bytes of a group beside its key's values. */
    private static final int GROUP = 120;

    private static final int ACCUMULATOR = 48;

    private final Operator input;
    private final int[] group;
    private final List<boolean[]> sets;
    private final List<Call> calls;
    private final String text;

    /**
     * @param group positions of the grouping columns
     * @param sets which of them each grouping set has
     */
    Aggregate(
            Operator input,
            List<@Nullable ColumnType> types,
            int[] group,
            List<boolean[]> sets,
            List<Call> calls,
            double rows,
            String text) {
        super(types, rows);
        this.input = input;
        this.group = group;
        this.sets = sets;
        this.calls = calls;
        this.text = text;
    }

    private static final class Group {
        final @Nullable Object[] key;
        final Accumulator[] accumulators;

        Group(@Nullable Object[] key, Accumulator[] accumulators) {
            this.key = key;
            this.accumulators = accumulators;
        }
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        Grouping grouping = new Grouping(state);
        try {
            if (!isPlain() || !addFields(grouping, state)) {
                addRows(grouping, state);
            }
            grouping.begin();
            return grouping;
        } catch (SQLException | RuntimeException e) {
            grouping.close();
            throw e;
        }
    }

    /** False when whole rows are needed. */
    private boolean addFields(Grouping grouping, RunState state) throws SQLException {
        try (Fields fields = input.openFields(state)) {
            if (fields == null || group.length == 1 && !fields.isNumber(group[0])) {
                return false;
            }
            grouping.addAll(fields);
            return true;
        }
    }

    private void addRows(Grouping grouping, RunState state) throws SQLException {
        try (Tuples rows = input.openBriefly(state)) {
            for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
                for (int i = 0; i < sets.size(); i++) {
                    grouping.add(row, i);
                }
            }
        }
    }

    /** Whether single fields of the rows will do: one grouping column or none, functions of one column or none. */
    private boolean isPlain() {
        return group.length <= 1
                && sets.size() == 1
                && calls.stream()
                        .allMatch(call -> call.arguments.length <= 1 && call.filter < 0 && call.gathered == null);
    }

    private final class Grouping implements Tuples {
        private final RunState state;
        private final Map<Object, Group> groups = new LinkedHashMap<>();
        private Iterator<Group> given = List.<Group>of().iterator();
        private long bytes;

        Grouping(RunState state) {
            this.state = state;
        }

        /** All rows, by the number in the one grouping column. */
        void addAll(Fields fields) throws SQLException {
            int[] arguments = new int[calls.size()];
            boolean[] numbers = new boolean[calls.size()];
            for (int i = 0; i < arguments.length; i++) {
                int[] named = calls.get(i).arguments;
                arguments[i] = named.length == 0 ? -1 : named[0];
                numbers[i] = named.length == 1 && fields.isNumber(named[0]);
            }
            NumberGroups<Group> byNumber = new NumberGroups<>();
            Group ofNull = null;
            while (fields.next()) {
                Group found;
                if (group.length == 0 || fields.isNull(group[0])) {
                    if (ofNull == null) {
                        @Nullable Object[] none = new Object[group.length];
                        ofNull = make(group.length == 0 ? several(none, 0) : this, none);
                    }
                    found = ofNull;
                } else {
                    long number = fields.number(group[0]);
                    found = byNumber.get(number);
                    if (found == null) {
                        take(NumberGroups.ENTRY_BYTES);
                        found = make(number, new Object[] {number});
                        byNumber.put(number, found);
                    }
                }
                feed(found.accumulators, fields, arguments, numbers);
            }
        }

        private void feed(Accumulator[] accumulators, Fields fields, int[] arguments, boolean[] numbers)
                throws SQLException {
            for (int i = 0; i < accumulators.length; i++) {
                int argument = arguments[i];
                if (argument < 0) {
                    accumulators[i].addNumber(1);
                } else if (numbers[i]) {
                    if (!fields.isNull(argument)) {
                        accumulators[i].addNumber(fields.number(argument));
                    }
                } else {
                    Object value = fields.get(argument);
                    if (value != null) {
                        accumulators[i].add(value);
                    }
                }
            }
        }

        void add(@Nullable Object[] row, int set) throws SQLException {
            boolean single = group.length == 1 && sets.size() == 1;
            Object key = single ? HashKeys.key(row[group[0]]) : several(row, set);
            Group found = groups.get(key == null ? this : key);
            if (found == null) {
                @Nullable Object[] values = new Object[group.length];
                for (int i = 0; i < group.length; i++) {
                    values[i] = sets.get(set)[i] ? row[group[i]] : null;
                }
                found = make(key == null ? this : key, values);
            }
            for (int i = 0; i < calls.size(); i++) {
                feed(calls.get(i), found.accumulators[i], row);
            }
        }

        private Object several(@Nullable Object[] row, int set) {
            @Nullable Object[] keys = new Object[group.length + (sets.size() > 1 ? 1 : 0)];
            for (int i = 0; i < group.length; i++) {
                keys[i] = sets.get(set)[i] ? HashKeys.key(row[group[i]]) : null;
            }
            if (sets.size() > 1) {
                keys[group.length] = set;
            }
            return HashKeys.Several.of(keys);
        }

        private Group make(Object key, @Nullable Object[] values) throws SQLException {
            Accumulator[] accumulators = new Accumulator[calls.size()];
            for (int i = 0; i < accumulators.length; i++) {
                accumulators[i] = accumulator(calls.get(i));
            }
            long size = Sizes.of(values) + GROUP + (long) ACCUMULATOR * accumulators.length;
            take(size);
            Group made = new Group(values, accumulators);
            groups.put(key, made);
            return made;
        }

        private Accumulator accumulator(Call call) {
            if (call.gathered != null) {
                return call.gathered.make(state);
            }
            if (call.maker == null) {
                throw new IllegalStateException("a function that is nothing");
            }
            Accumulator made = call.maker.make();
            return call.distinct ? new Accumulator.Distinct(made, state) : made;
        }

        private void take(long size) throws SQLException {
            bytes += size;
            state.context().memory().take(size);
        }

        private void feed(Call call, Accumulator accumulator, @Nullable Object[] row) throws SQLException {
            if (call.filter >= 0 && !Boolean.TRUE.equals(row[call.filter])) {
                return;
            }
            accumulator.addRow(row, call.arguments);
        }

        void begin() throws SQLException {
            for (int i = 0; i < sets.size(); i++) {
                boolean whole = true;
                for (boolean has : sets.get(i)) {
                    whole &= !has;
                }
                @Nullable Object[] none = new Object[group.length];
                Object key = several(none, i);
                if (whole && !groups.containsKey(key)) {
                    make(key, none);
                }
            }
            given = groups.values().iterator();
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            if (!given.hasNext()) {
                return null;
            }
            state.context().checkRow();
            Group next = given.next();
            @Nullable Object[] row = new Object[width()];
            System.arraycopy(next.key, 0, row, 0, next.key.length);
            for (int i = 0; i < next.accumulators.length; i++) {
                row[next.key.length + i] = next.accumulators[i].result();
            }
            return row;
        }

        @Override
        public void close() {
            for (Group each : groups.values()) {
                for (Accumulator accumulator : each.accumulators) {
                    bytes += accumulator instanceof Accumulator.Distinct distinct ? distinct.bytes() : 0;
                    bytes += accumulator instanceof Gathered gathering ? gathering.bytes() : 0;
                }
            }
            state.context().memory().release(bytes);
            bytes = 0;
            groups.clear();
            given = List.<Group>of().iterator();
        }
    }

    @Override
    String describe() {
        return "group" + text;
    }

    @Override
    boolean readsBriefly(Operator read, boolean briefly) {
        return true;
    }

    @Override
    List<Operator> inputs() {
        return List.of(input);
    }
}
