package dev.pando.sql.run;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.apache.calcite.plan.RelOptSamplingParameters;
import org.jspecify.annotations.Nullable;

/** TABLESAMPLE: each row by chance; SYSTEM, which may take rows together, does the same. */
final class Sample extends Operator {
    private final Operator input;
    private final double part;
    private final @Nullable Integer seed;

    Sample(Operator input, RelOptSamplingParameters parameters) {
        super(input.types(), input.rows() * parameters.sampleRate.doubleValue());
        this.input = input;
        this.part = parameters.sampleRate.doubleValue();
        this.seed = parameters.isRepeatable() ? parameters.getRepeatableSeed() : null;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        Random chance = new Random(seed == null ? state.randomUuid().getMostSignificantBits() : seed);
        Tuples rows = input.open(state);
        return new Tuples() {
            @Override
            public @Nullable Object @Nullable [] next() throws SQLException {
                @Nullable Object[] row = rows.next();
                while (row != null && chance.nextDouble() >= part) {
                    row = rows.next();
                }
                return row;
            }

            @Override
            public void close() {
                rows.close();
            }
        };
    }

    @Override
    String describe() {
        return "sample of " + part * 100 + " %";
    }

    @Override
    List<Operator> inputs() {
        return List.of(input);
    }
}
