package dev.pando.sql.expr;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The functions that depend on nothing but their arguments, by name. */
final class Library {
    private static final Map<String, List<Entry>> ENTRIES = new HashMap<>();

    static {
        TextFunctions.addTo(Library::add);
        NumberFunctions.addTo(Library::add);
        TimeFunctions.addTo(Library::add);
    }

    private Library() {}

    /** What a function is, given the values of its arguments, none of them null. */
    interface Body {
        @Nullable
        Object apply(Object[] arguments) throws SQLException;
    }

    /** Finds a function's type and body for arguments of these types; null when it does not take them. */
    interface Maker {
        @Nullable
        Made of(List<ColumnType> arguments);
    }

    record Made(ColumnType type, Body body) {}

    /** Takes definitions. */
    interface Sink {
        void add(String name, int least, int most, Maker maker);
    }

    private record Entry(int least, int most, Maker maker) {}

    private static void add(String name, int least, int most, Maker maker) {
        ENTRIES.computeIfAbsent(name, n -> new java.util.ArrayList<>()).add(new Entry(least, most, maker));
    }

    /** The call of a function; null when there is none of that name that takes these arguments. */
    static @Nullable Expression bind(String name, List<Expression> arguments) {
        List<ColumnType> types = new java.util.ArrayList<>();
        for (Expression argument : arguments) {
            ColumnType type = argument.type();
            if (type == null) {
                return null;
            }
            types.add(type);
        }
        for (Entry entry : ENTRIES.getOrDefault(name.toUpperCase(Locale.ROOT), List.of())) {
            Made made = arguments.size() < entry.least || arguments.size() > entry.most ? null : entry.maker.of(types);
            if (made != null) {
                return new Call(made.type, arguments, made.body);
            }
        }
        return null;
    }

    /** NULL for a NULL argument. */
    private record Call(ColumnType type, List<Expression> arguments, Body body) implements Expression {
        @Override
        public boolean deterministic() {
            return arguments.stream().allMatch(Expression::deterministic);
        }

        @Override
        public @Nullable Object evaluate(Scope scope) throws SQLException {
            Object[] values = new Object[arguments.size()];
            for (int i = 0; i < values.length; i++) {
                Object value = arguments.get(i).evaluate(scope);
                if (value == null) {
                    return null;
                }
                values[i] = value;
            }
            return body.apply(values);
        }
    }

    /** Whether the arguments are of these families: {@code T} a text, {@code I} an integer, {@code N} a number. */
    static boolean are(List<ColumnType> types, String wanted) {
        if (types.size() > wanted.length()) {
            return false;
        }
        for (int i = 0; i < types.size(); i++) {
            ColumnType type = types.get(i);
            boolean fits = switch (wanted.charAt(i)) {
                case 'T' -> type.family() == Family.TEXT;
                case 'B' -> type.family() == Family.BYTES;
                case 'I' -> type.family() == Family.INT;
                default -> Numbers.isNumeric(type);
            };
            if (!fits) {
                return false;
            }
        }
        return true;
    }
}
