package dev.pando.sql.plan;

import dev.pando.Engine;
import dev.pando.Transaction;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.SessionUser;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.schema.SchemaPlus;
import org.jspecify.annotations.Nullable;

/** What one execution of a statement reads: the transaction, the parameters, the time, and whether to go on. */
public final class QueryContext implements DataContext {
    /** Rows between two looks at the clock. */
    private static final int ROWS_BETWEEN_CHECKS = 256;

    /** Where random bytes come from. */
    @FunctionalInterface
    public interface RandomBytes {
        void fill(byte[] target);
    }

    private final Engine engine;
    private final Transaction transaction;
    private final SessionUser user;
    private final Instant now;
    private final AtomicBoolean cancelled;
    private final LongSupplier nanoTime;
    private final long deadlineNanos;
    private final JavaTypeFactory types;
    private final RandomBytes random;
    private final MemoryBudget memory;
    private @Nullable Object[] given = new Object[0];
    private @Nullable Object[] parameters = new Object[0];
    private Map<String, Object> planned = Map.of();
    private int rows;
    private boolean holdsRows;

    /**
     * @param deadlineNanos by {@code nanoTime}; {@link Long#MAX_VALUE} for none
     */
    public QueryContext(
            Engine engine,
            Transaction transaction,
            SessionUser user,
            Instant now,
            AtomicBoolean cancelled,
            LongSupplier nanoTime,
            long deadlineNanos,
            JavaTypeFactory types,
            RandomBytes random,
            MemoryBudget memory) {
        this.engine = engine;
        this.transaction = transaction;
        this.user = user;
        this.now = now;
        this.cancelled = cancelled;
        this.nanoTime = nanoTime;
        this.deadlineNanos = deadlineNanos;
        this.types = types;
        this.random = random;
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
                engine, transaction, user, now, cancelled, nanoTime, deadlineNanos, types, random, memory);
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

    /** A UUID that nobody guesses. */
    public UUID randomUuid() {
        byte[] bytes = new byte[16];
        random.fill(bytes);
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

    public Instant now() {
        return now;
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

    /** Throws 57014 when the statement was cancelled or its time is over. */
    public void check() throws SQLException {
        if (cancelled.get()) {
            throw PandoSqlState.CANCELLED.exception("the statement was cancelled");
        }
        if (deadlineNanos != Long.MAX_VALUE && nanoTime.getAsLong() - deadlineNanos > 0) {
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
            case "utcTimestamp", "currentTimestamp", "localTimestamp", "sysTimestamp" -> now.toEpochMilli();
            case "timeZone" -> TimeZone.getTimeZone("UTC");
            case "locale" -> Locale.ROOT;
            case "user", "systemUser" -> user.name();
            case "cancelFlag" -> cancelled;
            default -> planned.get(name);
        };
    }
}
