package dev.pando.sql.plan;

import dev.pando.Engine;
import dev.pando.Environment;
import dev.pando.Transaction;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.SessionUser;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.schema.SchemaPlus;
import org.jspecify.annotations.Nullable;

/** What one execution of a statement reads: the transaction, the parameters, the time, and whether to go on. */
public final class QueryContext implements DataContext {
    /** Rows between two looks at the clock. */
    private static final int ROWS_BETWEEN_CHECKS = 256;

    private final Engine engine;
    private final Environment environment;
    private final Transaction transaction;
    private final SessionUser user;
    private final String schema;
    private final long nowMillis;
    private final AtomicBoolean cancelled;
    private final long deadlineNanos;
    private final JavaTypeFactory types;
    private final MemoryBudget memory;
    private @Nullable Object[] given = new Object[0];
    private @Nullable Object[] parameters = new Object[0];
    private Map<String, Object> planned = Map.of();
    private int rows;
    private boolean holdsRows;

    /**
     * @param nowMillis the statement's time, in ms since 1970
     * @param deadlineNanos by {@code environment.nanoTime()}; {@link Long#MAX_VALUE} for none
     */
    public QueryContext(
            Engine engine,
            Environment environment,
            Transaction transaction,
            SessionUser user,
            String schema,
            long nowMillis,
            AtomicBoolean cancelled,
            long deadlineNanos,
            JavaTypeFactory types,
            MemoryBudget memory) {
        this.engine = engine;
        this.environment = environment;
        this.transaction = transaction;
        this.user = user;
        this.schema = schema;
        this.nowMillis = nowMillis;
        this.cancelled = cancelled;
        this.deadlineNanos = deadlineNanos;
        this.types = types;
        this.memory = memory;
    }

    /**
     * Sets what the plan about to run reads: the parameters as the session gave them and as the runtime has them, and
     * what the plan keeps of its own.
     */
    void bind(
            @Nullable Object[] givenParameters,
            @Nullable Object[] runtimeParameters,
            Map<String, Object> plannedObjects) {
        this.given = givenParameters;
        this.parameters = runtimeParameters;
        this.planned = plannedObjects;
    }

    /** Whether generated code may hold what scans give it: then they count it. */
    boolean holdsRows() {
        return holdsRows;
    }

    void holdsRows(boolean value) {
        holdsRows = value;
    }

    /** The same statement, for another plan that runs inside of it. */
    QueryContext nested() {
        return new QueryContext(
                engine, environment, transaction, user, schema, nowMillis, cancelled, deadlineNanos, types, memory);
    }

    /** The value of a parameter as the session gave it. */
    @Nullable
    Object givenParameter(int index) {
        return given[index];
    }

    @Nullable
    Object[] givenParameters() {
        return given;
    }

    /** A key that no other node makes. */
    public long nextKey() {
        return engine.keys().next();
    }

    /** A key with room around it, for who counts on from it. */
    public long nextBlock() {
        return engine.keys().nextBlock();
    }

    /** A UUID that nobody guesses. */
    public UUID randomUuid() {
        byte[] bytes = new byte[16];
        environment.randomBytes(bytes);
        return Values.uuidOf(bytes);
    }

    /** The bytes that operators may hold. */
    public MemoryBudget memory() {
        return memory;
    }

    public Engine engine() {
        return engine;
    }

    public Transaction transaction() {
        return transaction;
    }

    public SessionUser user() {
        return user;
    }

    /** The session's default schema. */
    public String schema() {
        return schema;
    }

    public Instant now() {
        return Instant.ofEpochMilli(nowMillis);
    }

    /** The value of a parameter as the runtime has it. */
    public @Nullable Object parameter(int index) {
        return parameters[index];
    }

    /** To be called for each row read. */
    public void checkRow() throws SQLException {
        if (++rows % ROWS_BETWEEN_CHECKS == 0 || cancelled.get()) {
            check();
        }
    }

    /** The same order, for sorts that end when the statement is to end. */
    public <T> Comparator<T> interruptible(Comparator<T> order) {
        return (a, b) -> {
            look();
            return order.compare(a, b);
        };
    }

    /** As {@link #checkRow}, for code that throws no checked exceptions. */
    void look() {
        try {
            checkRow();
        } catch (SQLException e) {
            throw new ScanHandle.QueryFailure(e);
        }
    }

    /** Throws 57014 when the statement was cancelled or its time is over. */
    public void check() throws SQLException {
        if (cancelled.get()) {
            throw PandoSqlState.CANCELLED.exception("the statement was cancelled");
        }
        if (deadlineNanos != Long.MAX_VALUE && environment.nanoTime() - deadlineNanos > 0) {
            throw PandoSqlState.CANCELLED.exception("the statement's time is over");
        }
    }

    @Override
    public @Nullable SchemaPlus getRootSchema() {
        return null;
    }

    @Override
    public JavaTypeFactory getTypeFactory() {
        return types;
    }

    @Override
    public QueryProvider getQueryProvider() {
        throw new UnsupportedOperationException("queries inside a query");
    }

    @Override
    public @Nullable Object get(String name) {
        if (name.startsWith("?")) {
            return parameters[Integer.parseInt(name.substring(1))];
        }
        return switch (name) {
            case "utcTimestamp", "currentTimestamp", "localTimestamp", "sysTimestamp" -> nowMillis;
            case "timeZone" -> TimeZone.getTimeZone("UTC");
            case "locale" -> Locale.ROOT;
            case "user", "systemUser", "sessionUser" -> user.name();
            case "cancelFlag" -> cancelled;
            default -> planned.get(name);
        };
    }
}
