package dev.pando.sql;

import dev.pando.Engine;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import dev.pando.sql.session.Isolation;
import dev.pando.sql.session.PandoSqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The transaction of one session: whether there is one, its modes, its savepoints. */
final class TransactionHolder {
    private final Engine engine;
    private boolean autoCommit = true;
    private boolean explicit;
    private boolean readOnly;
    private boolean closed;
    private @Nullable Duration expiredAfter;
    private Isolation isolation = Isolation.READ_COMMITTED;
    private @Nullable Boolean nextReadOnly;
    private @Nullable Isolation nextIsolation;
    private volatile @Nullable Transaction open;
    /** Lies ready for the next statement that only reads and is alone: most are, and beginning one costs a third of it. */
    private @Nullable Transaction reading;

    private final Map<String, Transaction.Savepoint> savepoints = new LinkedHashMap<>();

    TransactionHolder(Engine engine) {
        this.engine = engine;
    }

    boolean autoCommit() {
        return autoCommit;
    }

    /** Whether a statement is a transaction of its own. */
    boolean eachAlone() {
        return autoCommit && !explicit;
    }

    /** @param by what commits the transaction that is open */
    void setAutoCommit(boolean value, Execution by) throws SQLException {
        if (value != autoCommit) {
            commit(by);
            autoCommit = value;
        }
    }

    boolean isOpen() {
        return open != null;
    }

    boolean readOnly() {
        return readOnly;
    }

    void setReadOnly(boolean value) throws SQLException {
        requireNone();
        readOnly = value;
    }

    Isolation isolation() {
        return isolation;
    }

    void setIsolation(Isolation value) throws SQLException {
        requireNone();
        isolation = value;
    }

    /** Modes of the next transaction only; null leaves one. */
    void setNext(@Nullable Isolation level, @Nullable Boolean onlyReading) throws SQLException {
        requireNone();
        nextIsolation = level == null ? nextIsolation : level;
        nextReadOnly = onlyReading == null ? nextReadOnly : onlyReading;
    }

    /** Rolls back what was open because nobody used it for {@code idleTimeout}: the next who does is told. */
    void expire(Duration idleTimeout) throws SQLException {
        rollback();
        expiredAfter = idleTimeout;
    }

    private void requireNotExpired() throws SQLException {
        Duration after = expiredAfter;
        if (after != null) {
            expiredAfter = null;
            throw PandoSqlState.IDLE_TRANSACTION.exception("the transaction was rolled back: nothing used it for "
                    + after.toMillis() + " ms (idle_timeout); begin it again");
        }
    }

    private void requireNone() throws SQLException {
        if (open != null) {
            throw PandoSqlState.ACTIVE_TRANSACTION.exception("a transaction is open: commit or roll back first");
        }
    }

    /** Begins a transaction that lasts until it is ended, whatever autocommit says. */
    void start(Duration lockTimeout) throws SQLException {
        requireNotExpired();
        requireNone();
        explicit = true;
        begin(lockTimeout);
    }

    /** A transaction for one statement that only reads. To be given back by {@link #endReading} or closed. */
    Transaction beginReading(Duration lockTimeout) throws SQLException {
        requireNotExpired();
        nextReadOnly = null;
        nextIsolation = null;
        Transaction ready = reading;
        reading = null;
        return ready != null
                ? ready
                : engine.begin(new TransactionOptions(Transaction.Isolation.READ_COMMITTED, true, lockTimeout));
    }

    /** The statement is over. */
    void endReading(Transaction transaction) {
        if (reading == null && !closed) {
            transaction.endStatement();
            reading = transaction;
        } else {
            transaction.close();
        }
    }

    /** Rolls back and keeps nothing. */
    void close() throws SQLException {
        closed = true;
        Transaction ready = reading;
        reading = null;
        if (ready != null) {
            ready.close();
        }
        rollback();
    }

    /** A new transaction that is the caller's alone. */
    Transaction beginAlone(boolean writes, Duration lockTimeout) throws SQLException {
        requireNotExpired();
        boolean onlyReading = nextReadOnly == null ? readOnly : nextReadOnly;
        Isolation level = nextIsolation == null ? isolation : nextIsolation;
        nextReadOnly = null;
        nextIsolation = null;
        return engine.begin(new TransactionOptions(engineLevel(level), onlyReading || !writes, lockTimeout));
    }

    /** The open transaction, begun when there is none. */
    Transaction current(Duration lockTimeout) throws SQLException {
        Transaction present = open;
        return present == null ? begin(lockTimeout) : present;
    }

    private Transaction begin(Duration lockTimeout) throws SQLException {
        Transaction begun = beginAlone(true, lockTimeout);
        open = begun;
        return begun;
    }

    private static Transaction.Isolation engineLevel(Isolation level) {
        return level == Isolation.READ_COMMITTED
                ? Transaction.Isolation.READ_COMMITTED
                : Transaction.Isolation.REPEATABLE_READ;
    }

    /** @param by whose cancel ends it, until it is in the log; the transaction is rolled back then */
    void commit(Execution by) throws SQLException {
        requireNotExpired();
        Transaction ending = take();
        if (ending != null) {
            try (ending) {
                /* A cancel that came late for a statement before is not meant. */
                ending.beginStatement();
                by.runsIn(ending);
                ending.commit();
            } catch (RuntimeException e) {
                throw Errors.of(e);
            }
        }
    }

    void rollback() throws SQLException {
        expiredAfter = null;
        Transaction ending = take();
        if (ending != null) {
            try (ending) {
                ending.rollback();
            } catch (RuntimeException e) {
                throw Errors.of(e);
            }
        }
    }

    private @Nullable Transaction take() {
        Transaction ending = open;
        open = null;
        explicit = false;
        savepoints.clear();
        return ending;
    }

    void setSavepoint(String name, Duration lockTimeout) throws SQLException {
        if (eachAlone()) {
            throw PandoSqlState.TRANSACTION_STATE.exception("a savepoint needs a transaction: autocommit is on");
        }
        String folded = fold(name);
        Transaction.Savepoint made = current(lockTimeout).savepoint();
        savepoints.remove(folded);
        savepoints.put(folded, made);
    }

    void rollbackTo(String name) throws SQLException {
        Transaction.Savepoint savepoint = savepoint(name);
        forgetAfter(fold(name));
        requireOpen().rollbackTo(savepoint);
    }

    void release(String name) throws SQLException {
        Transaction.Savepoint savepoint = savepoint(name);
        forgetAfter(fold(name));
        savepoints.remove(fold(name));
        requireOpen().release(savepoint);
    }

    private Transaction requireOpen() throws SQLException {
        Transaction present = open;
        if (present == null) {
            throw PandoSqlState.TRANSACTION_STATE.exception("no transaction is open");
        }
        return present;
    }

    private Transaction.Savepoint savepoint(String name) throws SQLException {
        requireNotExpired();
        Transaction.Savepoint savepoint = savepoints.get(fold(name));
        if (savepoint == null) {
            throw PandoSqlState.NO_SAVEPOINT.exception("there is no savepoint '" + name + "'");
        }
        return savepoint;
    }

    private void forgetAfter(String folded) {
        List<String> names = new ArrayList<>(savepoints.keySet());
        names.subList(names.indexOf(folded) + 1, names.size()).forEach(savepoints::remove);
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
