package dev.pando.sql.session;

import java.util.List;

/** Which columns of the written rows {@link Result#generatedKeys()} returns. */
public sealed interface GeneratedKeys {
    GeneratedKeys NONE = new None();
    GeneratedKeys ALL = new All();

    /** No generated keys. */
    record None() implements GeneratedKeys {}

    /** The primary key columns, and every other column whose value the database made. */
    record All() implements GeneratedKeys {}

    /** The columns of these names; 42S22 when one does not exist. */
    record Named(List<String> columns) implements GeneratedKeys {
        public Named {
            columns = List.copyOf(columns);
        }
    }

    /** The columns at these positions of the table, from 1; 42S22 when one does not exist. */
    record Positions(List<Integer> positions) implements GeneratedKeys {
        public Positions {
            positions = List.copyOf(positions);
        }
    }
}
