package dev.pando.jdbc.sql;

import static dev.pando.jdbc.sql.TwoSessions.outcome;
import static dev.pando.jdbc.sql.TwoSessions.run;
import static dev.pando.jdbc.sql.TwoSessions.state;
import static dev.pando.jdbc.sql.TwoSessions.value;
import static dev.pando.jdbc.sql.TwoSessions.waits;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The known anomalies between two transactions, with the outcomes that docs/isolation.md states. */
class IsolationTest {
    private static final int COMMITTED = Connection.TRANSACTION_READ_COMMITTED;
    private static final int SNAPSHOT = Connection.TRANSACTION_REPEATABLE_READ;
    private static final String READ_ONE = "SELECT v FROM t WHERE id = 1";
    private static final String READ_TWO = "SELECT v FROM t WHERE id = 2";
    private static final String SUM = "SELECT SUM(v) FROM t";

    @ParameterizedTest
    @ValueSource(ints = {COMMITTED, SNAPSHOT})
    void whatIsNotCommittedIsNotRead(int isolation) throws Exception {
        try (TwoSessions s = new TwoSessions(isolation)) {
            run(s.one, "UPDATE t SET v = 11 WHERE id = 1");
            assertThat(value(s.one, READ_ONE)).isEqualTo(11);
            assertThat(value(s.other, READ_ONE)).isEqualTo(10);
            s.one.rollback();
            assertThat(value(s.other, READ_ONE)).isEqualTo(10);
        }
    }

    @Test
    void aWriterWaitsForTheOtherAndThenWritesOnTopOfIt() throws Exception {
        try (TwoSessions s = new TwoSessions(COMMITTED)) {
            run(s.one, "UPDATE t SET v = 11 WHERE id = 1");
            Future<Integer> second = s.later(s.other, "UPDATE t SET v = 12 WHERE id = 1");
            assertThat(waits(second)).isTrue();
            run(s.one, "UPDATE t SET v = 21 WHERE id = 2");
            s.one.commit();
            assertThat(outcome(second)).isEqualTo(1);
            run(s.other, "UPDATE t SET v = 22 WHERE id = 2");
            s.other.commit();
            assertThat(value(s.one, READ_ONE)).isEqualTo(12);
            assertThat(value(s.one, READ_TWO)).isEqualTo(22);
        }
    }

    @Test
    void aWriterOfARowThatChangedSinceItsSnapshotIsEnded() throws Exception {
        try (TwoSessions s = new TwoSessions(SNAPSHOT)) {
            value(s.other, READ_ONE);
            run(s.one, "UPDATE t SET v = 11 WHERE id = 1");
            Future<Integer> second = s.later(s.other, "UPDATE t SET v = 12 WHERE id = 1");
            assertThat(waits(second)).isTrue();
            s.one.commit();
            assertThat(outcome(second)).isEqualTo("40001");
            s.other.rollback();
            assertThat(value(s.other, READ_ONE)).isEqualTo(11);
        }
    }

    @Test
    void anUpdateOfWhatWasReadBeforeIsLostAtReadCommittedOnly() throws Exception {
        try (TwoSessions s = new TwoSessions(COMMITTED)) {
            int seen = value(s.one, READ_ONE);
            assertThat(value(s.other, READ_ONE)).isEqualTo(seen);
            run(s.other, "UPDATE t SET v = " + (seen + 5) + " WHERE id = 1");
            s.other.commit();
            run(s.one, "UPDATE t SET v = " + (seen + 1) + " WHERE id = 1");
            s.one.commit();
            assertThat(value(s.one, READ_ONE)).as("the first update is lost").isEqualTo(11);
        }
        try (TwoSessions s = new TwoSessions(SNAPSHOT)) {
            int seen = value(s.one, READ_ONE);
            run(s.other, "UPDATE t SET v = " + (seen + 5) + " WHERE id = 1");
            s.other.commit();
            assertThat(state(s.one, "UPDATE t SET v = " + (seen + 1) + " WHERE id = 1"))
                    .isEqualTo("40001");
            s.one.rollback();
            assertThat(value(s.one, READ_ONE)).isEqualTo(15);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {COMMITTED, SNAPSHOT})
    void aRowReadForUpdateIsNotLost(int isolation) throws Exception {
        try (TwoSessions s = new TwoSessions(isolation)) {
            int seen = value(s.one, READ_ONE + " FOR UPDATE");
            Future<Integer> second = s.later(s.other, "UPDATE t SET v = v + 5 WHERE id = 1");
            assertThat(waits(second)).isTrue();
            run(s.one, "UPDATE t SET v = " + (seen + 1) + " WHERE id = 1");
            s.one.commit();
            assertThat(outcome(second)).isEqualTo(isolation == COMMITTED ? (Object) 1 : "40001");
        }
    }

    @Test
    void aRowReadTwiceMayDifferAtReadCommittedOnly() throws Exception {
        for (int isolation : new int[] {COMMITTED, SNAPSHOT}) {
            try (TwoSessions s = new TwoSessions(isolation)) {
                assertThat(value(s.one, READ_ONE)).isEqualTo(10);
                run(s.other, "UPDATE t SET v = 11 WHERE id = 1");
                s.other.commit();
                assertThat(value(s.one, READ_ONE)).isEqualTo(isolation == COMMITTED ? 11 : 10);
            }
        }
    }

    @Test
    void rowsAppearAtReadCommittedOnly() throws Exception {
        for (int isolation : new int[] {COMMITTED, SNAPSHOT}) {
            try (TwoSessions s = new TwoSessions(isolation)) {
                assertThat(value(s.one, "SELECT COUNT(*) FROM t WHERE v > 5")).isEqualTo(2);
                run(s.other, "INSERT INTO t VALUES (3, 30)");
                s.other.commit();
                int count = isolation == COMMITTED ? 3 : 2;
                assertThat(value(s.one, "SELECT COUNT(*) FROM t WHERE v > 5")).isEqualTo(count);
            }
        }
    }

    @Test
    void twoRowsReadOneAfterTheOtherMayNotFitAtReadCommittedOnly() throws Exception {
        for (int isolation : new int[] {COMMITTED, SNAPSHOT}) {
            try (TwoSessions s = new TwoSessions(isolation)) {
                int first = value(s.one, READ_ONE);
                run(s.other, "UPDATE t SET v = v - 5 WHERE id = 1");
                run(s.other, "UPDATE t SET v = v + 5 WHERE id = 2");
                s.other.commit();
                int sum = first + value(s.one, READ_TWO);
                assertThat(sum).isEqualTo(isolation == COMMITTED ? 35 : 30);
                s.one.commit();
                assertThat(value(s.one, SUM)).as("one statement sees one state").isEqualTo(30);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {COMMITTED, SNAPSHOT})
    void twoWritesThatEachWouldForbidTheOtherBothHappen(int isolation) throws Exception {
        try (TwoSessions s = new TwoSessions(isolation)) {
            assertThat(value(s.one, SUM)).isEqualTo(30);
            assertThat(value(s.other, SUM)).isEqualTo(30);
            run(s.one, "UPDATE t SET v = v - 30 WHERE id = 1");
            run(s.other, "UPDATE t SET v = v - 30 WHERE id = 2");
            s.one.commit();
            s.other.commit();
            assertThat(value(s.one, SUM)).as("write skew").isEqualTo(-30);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {COMMITTED, SNAPSHOT})
    void rowsReadForUpdateKeepWritesFromSkewing(int isolation) throws Exception {
        try (TwoSessions s = new TwoSessions(isolation)) {
            run(s.one, "SELECT v FROM t FOR UPDATE");
            Future<Integer> second = s.later(s.other, "UPDATE t SET v = v - 30 WHERE id = 2");
            assertThat(waits(second)).isTrue();
            run(s.one, "UPDATE t SET v = v - 30 WHERE id = 1");
            s.one.commit();
            assertThat(outcome(second)).isEqualTo(1);
        }
    }

    @Test
    void serializableIsRefused() throws Exception {
        try (TwoSessions s = new TwoSessions(COMMITTED)) {
            assertThat(state(s.one, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
                    .isEqualTo("0A000");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {COMMITTED, SNAPSHOT})
    void oneOfTwoThatWaitForEachOtherIsEnded(int isolation) throws Exception {
        try (TwoSessions s = new TwoSessions(isolation)) {
            run(s.one, "UPDATE t SET v = 11 WHERE id = 1");
            run(s.other, "UPDATE t SET v = 21 WHERE id = 2");
            Future<Integer> waiting = s.later(s.other, "UPDATE t SET v = 12 WHERE id = 1");
            assertThat(waits(waiting)).isTrue();
            String ended = state(s.one, "UPDATE t SET v = 22 WHERE id = 2");
            assertThat(ended).isEqualTo("40001");
            assertThat(outcome(waiting)).as("the other goes on").isEqualTo(1);
        }
    }

    @Test
    void aLockThatIsNotGivenInTimeEndsTheStatementAlone() throws Exception {
        try (TwoSessions s = new TwoSessions(COMMITTED)) {
            run(s.other, "SET lock_timeout = 100");
            run(s.one, "UPDATE t SET v = 11 WHERE id = 1");
            run(s.other, "UPDATE t SET v = 21 WHERE id = 2");
            assertThat(state(s.other, "UPDATE t SET v = 12 WHERE id = 1")).isEqualTo("HYT00");
            s.one.commit();
            s.other.commit();
            assertThat(value(s.one, READ_TWO))
                    .as("what was written before stays")
                    .isEqualTo(21);
        }
    }

    @Test
    void fiftyThreadsLoseNoIncrement() throws Exception {
        int threads = 50;
        int each = Integer.getInteger("pando.increments", 100);
        try (TwoSessions s = new TwoSessions(COMMITTED)) {
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Callable<Integer>> work = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                work.add(() -> increment(s.url, each));
            }
            for (Future<Integer> done : pool.invokeAll(work)) {
                assertThat(done.get()).isEqualTo(each);
            }
            pool.shutdown();
            assertThat(value(s.one, READ_ONE)).isEqualTo(10 + threads * each);
        }
    }

    private static int increment(String url, int times) throws SQLException {
        int changed = 0;
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement update = connection.prepareStatement("UPDATE t SET v = v + 1 WHERE id = 1")) {
            for (int i = 0; i < times; i++) {
                changed += update.executeUpdate();
            }
        }
        return changed;
    }
}
