package dev.pando.sql.run;

import dev.pando.sql.expr.Expression;
import dev.pando.sql.plan.QueryContext;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One execution: the row that expressions look at, the rows around subqueries, and what subqueries gave. */
public final class RunState implements Expression.Scope {
    private static final @Nullable Object[] NONE = new Object[0];

    private final QueryContext context;
    private final @Nullable Object[] parameters;
    private final @Nullable Object[][] outer;
    private final @Nullable Object[] remembered;
    private @Nullable Object[] row = NONE;

    /**
     * @param parameters engine values
     * @param outers number of rows around subqueries
     * @param subqueries number of subqueries
     */
    public RunState(QueryContext context, @Nullable Object[] parameters, int outers, int subqueries) {
        this.context = context;
        this.parameters = parameters;
        this.outer = new Object[outers][];
        this.remembered = new Object[subqueries];
    }

    QueryContext context() {
        return context;
    }

    @Nullable
    Object[] row() {
        return row;
    }

    RunState over(@Nullable Object[] value) {
        row = value;
        return this;
    }

    @Nullable
    Object[] outer(int slot) {
        return outer[slot];
    }

    void setOuter(int slot, @Nullable Object[] value) {
        outer[slot] = value;
    }

    @Nullable
    Object remembered(int subquery) {
        return remembered[subquery];
    }

    void remember(int subquery, Object value) {
        remembered[subquery] = value;
    }

    @Override
    public @Nullable Object column(int ordinal) {
        return row[ordinal];
    }

    @Override
    public @Nullable Object parameter(int index) {
        return parameters[index];
    }

    @Override
    public Instant now() {
        return context.now();
    }

    @Override
    public UUID randomUuid() {
        return context.randomUuid();
    }

    @Override
    public String user() {
        return context.user().name();
    }

    @Override
    public String schema() {
        return context.schema();
    }

    @Override
    public long nextKey() {
        return context.nextKey();
    }

    @Override
    public long nextBlock() {
        return context.nextBlock();
    }
}
