package dev.pando.sql;

import dev.pando.Cancellation;
import dev.pando.Engine;
import dev.pando.Environment;
import dev.pando.KeyRange;
import dev.pando.PandoException;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.sql.catalog.LocalObjects;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.catalog.SqlActivity;
import dev.pando.sql.exec.ExecutionContext;
import dev.pando.sql.exec.Plan;
import dev.pando.sql.exec.Results;
import dev.pando.sql.exec.SessionControl;
import dev.pando.sql.exec.Statements;
import dev.pando.sql.exec.TableUses;
import dev.pando.sql.parser.RightsStatement;
import dev.pando.sql.parser.TransactionStatement;
import dev.pando.sql.plan.MemoryBudget;
import dev.pando.sql.plan.QueryContext;
import dev.pando.sql.session.BatchResult;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.ExecuteOptions;
import dev.pando.sql.session.Isolation;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Prepared;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.Session;
import dev.pando.sql.session.SessionUser;
import dev.pando.sql.session.SqlWarningInfo;
import dev.pando.sql.session.StatementKind;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A session over the engine in process. */
final class SqlSession implements Session, SessionControl {
    /** Times that a statement runs again because rows changed under it; then 40001. */
    private static final int ATTEMPTS_MAX = 100;

    private static final @Nullable Object[] NO_PARAMETERS = new @Nullable Object[0];

    private final SqlDatabase database;
    private final SessionUser user;
    private final TransactionHolder transaction;
    private final SessionSettings settings;
    private final List<SqlWarningInfo> warnings = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Held by whoever uses the transaction: the caller's thread, and who closes the session meanwhile. */
    private final ReentrantLock turn = new ReentrantLock();

    private final long id;
    private final Instant openedAt;
    private volatile String schema = SchemaSnapshot.PUBLIC;
    /** The last statement that ran, or runs. */
    private volatile @Nullable Execution execution;
    /** Results that still read. */
    private final Set<OpenResult> reading = Collections.newSetFromMap(new IdentityHashMap<>());

    private @Nullable OpenResult openResult;
    private final IdleTimeout idle;

    SqlSession(SqlDatabase database, SessionUser user) {
        this.database = database;
        this.user = user;
        this.transaction = new TransactionHolder(database.engine());
        this.settings = new SessionSettings(database.objects());
        this.idle = new IdleTimeout(database, turn, transaction, settings);
        this.id = database.nextSessionId();
        this.openedAt = Instant.ofEpochMilli(database.environment().currentTimeMillis());
    }

    @Override
    public Prepared prepare(String sql) throws SQLException {
        Execution begun = begin(sql);
        try {
            return prepare(sql, begun);
        } finally {
            end(begun);
        }
    }

    private SqlPrepared prepare(String sql, Execution begun) throws SQLException {
        try {
            SchemaSnapshot snapshot = database.snapshot();
            return new SqlPrepared(
                    this, sql, schema, snapshot, database.plan(sql, schema, snapshot, begun.cancelCheck()));
        } catch (RuntimeException | Error e) {
            throw Errors.of(e);
        }
    }

    @Override
    public Result execute(String sql, ExecuteOptions options) throws SQLException {
        Execution begun = begin(sql);
        try {
            SqlPrepared prepared = prepare(sql, begun);
            return run(prepared, prepared.plan(), NO_PARAMETERS, options, begun);
        } finally {
            end(begun);
        }
    }

    @Override
    public Result execute(Prepared statement, @Nullable Object[] parameters, ExecuteOptions options)
            throws SQLException {
        SqlPrepared prepared = own(statement);
        Execution begun = begin(prepared.sql());
        try {
            return run(prepared, plan(prepared, begun), parameters, options, begun);
        } finally {
            end(begun);
        }
    }

    private SqlPrepared own(Prepared statement) throws SQLException {
        if (!(statement instanceof SqlPrepared prepared) || !prepared.belongsTo(this)) {
            throw PandoSqlState.NOT_IN_STATE.exception("the statement belongs to another session");
        }
        return prepared;
    }

    private Plan plan(SqlPrepared prepared, Execution begun) throws SQLException {
        try {
            return prepared.plan(database, begun);
        } catch (RuntimeException | Error e) {
            throw Errors.of(e);
        }
    }

    /* Takes the turn, which end() gives back. */
    private Execution begin(String sql) throws SQLException {
        takeTurn();
        Execution begun = new Execution(sql, database.environment().currentTimeMillis());
        execution = begun;
        if (closed.get()) {
            /* Whoever closes the session in this moment may not have seen the execution: it waits for the turn. */
            end(begun);
            requireOpen();
        }
        return begun;
    }

    private void takeTurn() throws SQLException {
        requireOpen();
        turn.lock();
    }

    private void end(Execution begun) {
        begun.ran();
        idle.begins();
        turn.unlock();
    }

    private interface Work<T> {
        T run() throws SQLException;
    }

    /* Whatever is thrown below, a user sees an SQLException. */
    private <T> T guarded(Work<T> work) throws SQLException {
        takeTurn();
        try {
            requireOpen();
            return work.run();
        } catch (RuntimeException | Error e) {
            throw Errors.of(e);
        } finally {
            idle.begins();
            turn.unlock();
        }
    }

    /** As {@code sys.sessions} shows it. From any thread. */
    SqlActivity.SessionInfo info() {
        Execution last = execution;
        return new SqlActivity.SessionInfo(
                id,
                user,
                openedAt,
                schema,
                transaction.autoCommit(),
                transaction.isolation(),
                transaction.isOpen(),
                Optional.ofNullable(last).map(Execution::shownSql),
                Optional.ofNullable(last)
                        .filter(Execution::running)
                        .map(e -> Instant.ofEpochMilli(e.startedAtMillis())));
    }

    private static void requireParameters(Plan plan, @Nullable Object[] parameters) throws SQLException {
        int expected = plan.parameters().size();
        if (parameters.length != expected) {
            throw PandoSqlState.PARAMETER_COUNT.exception(
                    "the statement has " + expected + " parameters, " + parameters.length + " were given");
        }
    }

    /* By the user's role, or by rights on what the statement names. */
    private void requireRole(SqlPrepared prepared, Plan plan) throws SQLException {
        StatementKind kind = plan.kind();
        boolean reads = kind == StatementKind.QUERY;
        boolean writes = kind.isDml() || kind == StatementKind.DDL || plan instanceof Plan.OfRows && !reads;
        Role needed = writes ? Role.WRITER : reads ? Role.READER : Role.GUEST;
        if (user.role().includes(needed)) {
            return;
        }
        if (kind == StatementKind.DDL) {
            throw PandoSqlState.NO_PRIVILEGE.exception(
                    "this needs the role WRITER; " + user.name() + " is " + user.role());
        }
        for (TableUses.Use use : guarded(() -> TableUses.of(prepared.sql(), database.snapshot(), prepared.schema()))) {
            if (!mayUse(use)) {
                throw PandoSqlState.NO_PRIVILEGE.exception("this needs the role " + needed + ", or " + use.privilege()
                        + " granted on " + use.schema() + "." + use.name() + "; " + user.name() + " is " + user.role());
            }
        }
    }

    private boolean mayUse(TableUses.Use use) {
        boolean byRole = use.privilege() == RightsStatement.Privilege.SELECT
                && (user.role().includes(Role.READER) || use.schema().equals("INFORMATION_SCHEMA"));
        return byRole
                || database.objects()
                        .rights(user.name(), use.schema(), use.name())
                        .contains(use.privilege());
    }

    private Result run(
            SqlPrepared prepared, Plan plan, @Nullable Object[] parameters, ExecuteOptions options, Execution begun)
            throws SQLException {
        detach();
        requireParameters(plan, parameters);
        requireRole(prepared, plan);
        begun.planned(plan.kind());
        database.count();
        if (plan instanceof Plan.OfSession control) {
            return runControl(control, parameters, options, begun);
        }
        Plan.OfRows rows = (Plan.OfRows) plan;
        return transaction.eachAlone()
                ? runAlone(rows, parameters, options, begun)
                : runInside(rows, parameters, options, begun);
    }

    private Result runControl(
            Plan.OfSession plan, @Nullable Object[] parameters, ExecuteOptions options, Execution begun)
            throws SQLException {
        if (plan.kind() == StatementKind.DDL) {
            if (transaction.readOnly()) {
                throw PandoSqlState.READ_ONLY.exception("the session is read only");
            }
            transaction.commit(begun);
        }
        Duration timeout = timeout(options);
        Runnable stopTimer = timeout.isZero() ? () -> {} : database.schedule(timeout, begun::timeIsOver);
        try {
            return plan.run(this, parameters);
        } catch (RuntimeException | Error e) {
            throw begun.asEnded(Errors.of(e));
        } finally {
            stopTimer.run();
        }
    }

    private Duration timeout(ExecuteOptions options) {
        return options.timeout().isZero() ? settings.now().statementTimeout() : options.timeout();
    }

    @Override
    public Cancellation cancellation() {
        Execution begun = execution;
        if (begun == null) {
            throw new IllegalStateException("no statement runs");
        }
        return begun.cancellation();
    }

    @Override
    public boolean isEmpty(Table table) throws SQLException {
        return guarded(() -> {
            try (Transaction own = transaction.beginAlone(false, settings.lockTimeout());
                    RowCursor rows = own.scan(table, KeyRange.all(), false)) {
                return rows.next() == null;
            }
        });
    }

    @Override
    public void runAlone(Plan.OfRows plan) throws SQLException {
        Execution begun = execution;
        if (begun == null) {
            throw new IllegalStateException("no statement runs");
        }
        runAlone(plan, NO_PARAMETERS, ExecuteOptions.DEFAULT, begun).close();
    }

    /* A transaction of its own: a query that streams keeps it until its rows are read or closed. */
    private Result runAlone(Plan.OfRows plan, @Nullable Object[] parameters, ExecuteOptions options, Execution begun)
            throws SQLException {
        boolean writes = plan.kind().isDml() || plan.locks();
        Transaction own = null;
        boolean goesOn = false;
        try {
            Duration lockTimeout = settings.lockTimeout();
            own = writes ? transaction.beginAlone(true, lockTimeout) : transaction.beginReading(lockTimeout);
            own.beginStatement();
            Result result = attempt(own, plan, parameters, options, begun);
            if (Results.stream(result)) {
                goesOn = true;
                return open(new OpenResult(result, begun, own));
            }
            if (writes) {
                begun.check();
                own.commit();
            } else {
                goesOn = true;
                transaction.endReading(own);
            }
            return result;
        } catch (RuntimeException | Error e) {
            throw Errors.of(e);
        } finally {
            if (!goesOn && own != null) {
                own.close();
            }
        }
    }

    private OpenResult open(OpenResult opened) {
        opened.execution.setStreaming();
        reading.add(opened);
        return opened;
    }

    private Result runInside(Plan.OfRows plan, @Nullable Object[] parameters, ExecuteOptions options, Execution begun)
            throws SQLException {
        Transaction shared = guarded(() -> transaction.current(settings.lockTimeout()));
        try {
            shared.beginStatement();
            Result result = attempt(shared, plan, parameters, options, begun);
            if (!Results.stream(result)) {
                return result;
            }
            OpenResult opened = open(new OpenResult(result, begun, null));
            openResult = opened;
            return opened;
        } catch (RuntimeException | Error | SQLException e) {
            SQLException error = Errors.of(e);
            undo(shared, error);
            throw error;
        }
    }

    /* An error of class 40 ends the transaction, any other the statement. */
    private void undo(Transaction shared, SQLException error) {
        if (endsTransaction(error)) {
            rollback(error);
            return;
        }
        try {
            shared.rollbackStatement();
        } catch (RuntimeException e) {
            error.addSuppressed(e);
        }
    }

    private static boolean endsTransaction(SQLException error) {
        return String.valueOf(error.getSQLState()).startsWith("40");
    }

    private void rollback(SQLException reason) {
        try {
            transaction.rollback();
        } catch (RuntimeException | SQLException e) {
            reason.addSuppressed(e);
        }
    }

    private Result attempt(
            Transaction within,
            Plan.OfRows plan,
            @Nullable Object[] parameters,
            ExecuteOptions options,
            Execution begun)
            throws SQLException {
        begun.runsIn(within);
        SessionSettings.Effective set = settings.now();
        Duration timeout = timeout(options);
        within.setLockTimeout(lockTimeout(set, timeout));
        long deadline =
                timeout.isZero() ? Long.MAX_VALUE : database.environment().nanoTime() + timeout.toNanos();
        for (int i = 0; i < ATTEMPTS_MAX; i++) {
            try {
                return plan.run(context(within, set, begun, deadline), parameters, options);
            } catch (PandoException e) {
                throw waited(e, set, timeout);
            } catch (Plan.Changed e) {
                afresh(within, begun);
            }
        }
        throw changedTooOften();
    }

    /* The statement begins again, with what is there now. */
    private static void afresh(Transaction within, Execution begun) throws SQLException {
        within.rollbackStatement();
        within.beginStatement();
        begun.check();
    }

    private static SQLException changedTooOften() {
        return PandoSqlState.SERIALIZATION.exception("the rows changed under the statement " + ATTEMPTS_MAX + " times");
    }

    private ExecutionContext context(
            Transaction within, SessionSettings.Effective set, Execution begun, long deadlineNanos) {
        Environment environment = database.environment();
        QueryContext query = new QueryContext(
                database.engine(),
                environment,
                within,
                user,
                schema,
                begun.startedAtMillis(),
                begun.cancelCheck().cancelled(),
                deadlineNanos,
                database.snapshot().types(),
                new MemoryBudget(set.queryMemory()));
        return new ExecutionContext(environment, query, this::warn);
    }

    /** How long a statement waits for a lock: not beyond its own time. */
    private static Duration lockTimeout(SessionSettings.Effective set, Duration timeout) {
        return waitsShort(set, timeout) ? timeout : set.lockTimeout();
    }

    private static boolean waitsShort(SessionSettings.Effective set, Duration timeout) {
        return !timeout.isZero() && timeout.compareTo(set.lockTimeout()) < 0;
    }

    /* A wait for a lock that was cut to the statement's time ends it as that does. */
    private static SQLException waited(PandoException e, SessionSettings.Effective set, Duration timeout) {
        return waitsShort(set, timeout) && e.kind() == PandoException.Kind.LOCK_TIMEOUT
                ? PandoSqlState.CANCELLED.exception("the statement's time is over: " + e.getMessage(), e)
                : Errors.of(e);
    }

    @Override
    public BatchResult executeBatch(Prepared statement, List<@Nullable Object[]> parameterRows, ExecuteOptions options)
            throws SQLException {
        SqlPrepared prepared = own(statement);
        Execution begun = begin(prepared.sql());
        try {
            detach();
            Plan plan = plan(prepared, begun);
            requireRole(prepared, plan);
            if (!plan.columns().isEmpty()) {
                throw PandoSqlState.NOT_IN_STATE.exception("a batch holds no queries");
            }
            begun.planned(plan.kind());
            database.count();
            return new Batch(plan, options, begun).run(parameterRows);
        } finally {
            end(begun);
        }
    }

    /** One execution of a batch. */
    private final class Batch {
        private final Plan plan;
        private final ExecuteOptions options;
        private final Execution begun;
        private final List<@Nullable Object[]> keys = new ArrayList<>();
        private @Nullable List<ColumnMeta> keyColumns;
        private @Nullable Transaction within;
        private Plan.@Nullable Repetition repetition;

        Batch(Plan plan, ExecuteOptions options, Execution begun) {
            this.plan = plan;
            this.options = options;
            this.begun = begun;
        }

        BatchResult run(List<@Nullable Object[]> rows) throws SQLException {
            boolean own = transaction.eachAlone() && plan instanceof Plan.OfRows;
            long[] counts = new long[rows.size()];
            int done = 0;
            try {
                if (own) {
                    transaction.start(settings.lockTimeout());
                }
                for (@Nullable Object[] row : rows) {
                    counts[done] = one(row);
                    done++;
                }
                if (own) {
                    begun.check();
                    transaction.commit(begun);
                }
            } catch (RuntimeException | SQLException e) {
                SQLException error = Errors.of(e);
                if (own) {
                    transaction.rollback();
                    Arrays.fill(counts, Statement.EXECUTE_FAILED);
                    done = counts.length;
                }
                throw new BatchUpdateException(
                        error.getMessage(),
                        error.getSQLState(),
                        error.getErrorCode(),
                        Arrays.copyOf(counts, done),
                        error);
            }
            return new BatchResult(counts, generatedKeys(), List.of());
        }

        private @Nullable Result generatedKeys() {
            if (repetition != null) {
                return repetition.generatedKeys();
            }
            return keyColumns == null ? null : Results.rows(keyColumns, keys);
        }

        private long one(@Nullable Object[] row) throws SQLException {
            requireParameters(plan, row);
            begun.check();
            if (plan instanceof Plan.OfSession control) {
                return Math.max(0, runControl(control, row, options, begun).updateCount());
            }
            Plan.OfRows rows = (Plan.OfRows) plan;
            if (rows.repeats()) {
                return again(rows, row);
            }
            Result result = runInside(rows, row, options, begun);
            Result generated = result.generatedKeys();
            if (generated != null) {
                keyColumns = generated.columns();
                keys.addAll(generated.fetch(Integer.MAX_VALUE));
            }
            return result.updateCount();
        }

        private long again(Plan.OfRows rows, @Nullable Object[] row) throws SQLException {
            SessionSettings.Effective set = settings.now();
            Transaction shared = within;
            if (shared == null) {
                shared = guarded(() -> transaction.current(set.lockTimeout()));
                within = shared;
            }
            try {
                shared.beginStatement();
                Plan.Repetition runs = repetition;
                if (runs == null) {
                    runs = rows.repeat(contextOfRuns(shared, set), options);
                    repetition = runs;
                }
                return again(runs, row, shared);
            } catch (RuntimeException | Error | SQLException e) {
                SQLException error =
                        e instanceof PandoException known ? waited(known, set, timeout(options)) : Errors.of(e);
                undo(shared, error);
                throw error;
            }
        }

        private long again(Plan.Repetition runs, @Nullable Object[] row, Transaction shared) throws SQLException {
            for (int i = 0; i < ATTEMPTS_MAX; i++) {
                try {
                    return runs.run(row);
                } catch (Plan.Changed e) {
                    afresh(shared, begun);
                }
            }
            throw changedTooOften();
        }

        /* Only waits take time here, each of them limited by itself: there is no deadline. */
        private ExecutionContext contextOfRuns(Transaction shared, SessionSettings.Effective set) {
            begun.runsIn(shared);
            shared.setLockTimeout(lockTimeout(set, timeout(options)));
            return context(shared, set, begun, Long.MAX_VALUE);
        }
    }

    /** Rows that are not yet read, which the next statement of the transaction moves out of its way. */
    private final class OpenResult extends BufferedResult {
        private final Execution execution;
        private final @Nullable Transaction own;

        OpenResult(Result result, Execution execution, @Nullable Transaction own) {
            super(result, turn, settings.now().queryMemory());
            this.execution = execution;
            this.own = own;
        }

        /* Who reads rows uses the transaction, as who runs statements does. */
        @Override
        public List<@Nullable Object[]> fetch(int rowsMax) throws SQLException {
            turn.lock();
            try {
                return super.fetch(rowsMax);
            } finally {
                idle.begins();
                turn.unlock();
            }
        }

        @Override
        protected void ended() {
            reading.remove(this);
            execution.over();
            if (openResult == this) {
                openResult = null;
            }
            if (own != null) {
                transaction.endReading(own);
            }
        }
    }

    private void detach() throws SQLException {
        OpenResult open = openResult;
        if (open != null) {
            openResult = null;
            open.buffer();
        }
    }

    @Override
    public boolean autoCommit() {
        return transaction.autoCommit();
    }

    @Override
    public void setAutoCommit(boolean autoCommit) throws SQLException {
        if (autoCommit != transaction.autoCommit()) {
            committing(by -> transaction.setAutoCommit(autoCommit, by));
        }
    }

    @Override
    public void commit() throws SQLException {
        committing(transaction::commit);
    }

    private interface Commit {
        void run(Execution by) throws SQLException;
    }

    /* Others see a statement and may cancel it: the one that runs already, or one of its own. */
    private void committing(Commit commit) throws SQLException {
        Execution running = turn.isHeldByCurrentThread() ? execution : null;
        Execution by = running == null ? begin("COMMIT") : running;
        try {
            by.planned(StatementKind.CONTROL);
            detach();
            commit.run(by);
        } catch (RuntimeException | Error e) {
            throw Errors.of(e);
        } finally {
            if (running == null) {
                end(by);
            }
        }
    }

    @Override
    public void rollback() throws SQLException {
        guarded(() -> {
            detach();
            transaction.rollback();
            return true;
        });
    }

    @Override
    public void setSavepoint(String name) throws SQLException {
        guarded(() -> {
            transaction.setSavepoint(name, settings.lockTimeout());
            return true;
        });
    }

    @Override
    public void rollbackTo(String name) throws SQLException {
        guarded(() -> {
            detach();
            transaction.rollbackTo(name);
            return true;
        });
    }

    @Override
    public void releaseSavepoint(String name) throws SQLException {
        guarded(() -> {
            transaction.release(name);
            return true;
        });
    }

    @Override
    public void start(TransactionStatement.Modes modes) throws SQLException {
        transaction.setNext(isolation(modes.level()), modes.readOnly());
        transaction.start(settings.lockTimeout());
    }

    @Override
    public void setModes(boolean forSession, TransactionStatement.Modes modes) throws SQLException {
        Isolation level = isolation(modes.level());
        if (!forSession) {
            transaction.setNext(level, modes.readOnly());
            return;
        }
        if (level != null) {
            transaction.setIsolation(level);
        }
        if (modes.readOnly() != null) {
            transaction.setReadOnly(modes.readOnly());
        }
    }

    private static @Nullable Isolation isolation(TransactionStatement.@Nullable Level level) throws SQLException {
        if (level == null) {
            return null;
        }
        return switch (level) {
            case READ_UNCOMMITTED, READ_COMMITTED -> Isolation.READ_COMMITTED;
            case REPEATABLE_READ -> Isolation.REPEATABLE_READ;
            case SERIALIZABLE ->
                throw PandoSqlState.NOT_SUPPORTED.exception(
                        "SERIALIZABLE is not offered; REPEATABLE READ is the strongest level");
        };
    }

    @Override
    public boolean readOnly() {
        return transaction.readOnly();
    }

    @Override
    public void setReadOnly(boolean readOnly) throws SQLException {
        requireOpen();
        transaction.setReadOnly(readOnly);
    }

    @Override
    public Isolation isolation() {
        return transaction.isolation();
    }

    @Override
    public void setIsolation(Isolation isolation) throws SQLException {
        requireOpen();
        transaction.setIsolation(isolation);
    }

    @Override
    public String schema() {
        return schema;
    }

    @Override
    public void setSchema(String name) throws SQLException {
        schema = guarded(() -> database.snapshot()
                .schemaName(name)
                .orElseThrow(() -> PandoSqlState.NO_SCHEMA.exception("there is no schema '" + name + "'")));
    }

    @Override
    public void set(String name, @Nullable String value) throws SQLException {
        if (name.equalsIgnoreCase("autocommit")) {
            setAutoCommit(SessionSettings.flag(name, value == null ? "on" : value));
        } else {
            settings.set(name, value);
        }
    }

    @Override
    public boolean inTransaction() {
        return transaction.isOpen();
    }

    @Override
    public SessionUser user() {
        return user;
    }

    @Override
    public void warn(String message, String sqlState) {
        if (warnings.size() < SqlWarningInfo.KEPT_MAX) {
            warnings.add(new SqlWarningInfo(message, sqlState));
        }
    }

    @Override
    public List<SqlWarningInfo> warnings() {
        return List.copyOf(warnings);
    }

    @Override
    public void clearWarnings() {
        warnings.clear();
    }

    @Override
    public void cancel() {
        Execution last = execution;
        if (last != null) {
            last.cancel();
        }
    }

    @Override
    public boolean isValid(Duration timeout) {
        if (closed.get()) {
            return false;
        }
        try {
            database.engine().catalog().version();
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    @Override
    public void close() throws SQLException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        cancel();
        turn.lock();
        try {
            for (OpenResult open : List.copyOf(reading)) {
                open.close();
            }
            transaction.close();
        } catch (RuntimeException e) {
            throw Errors.of(e);
        } finally {
            turn.unlock();
            database.forget(this);
        }
    }

    private void requireOpen() throws SQLException {
        if (closed.get()) {
            throw PandoSqlState.CONNECTION_CLOSED.exception("the session is closed");
        }
    }

    @Override
    public Engine engine() {
        return database.engine();
    }

    @Override
    public Environment environment() {
        return database.environment();
    }

    @Override
    public LocalObjects objects() {
        return database.objects();
    }

    @Override
    public SchemaSnapshot snapshot() {
        return database.snapshot();
    }

    @Override
    public Statements statements() {
        return database.statements();
    }
}
