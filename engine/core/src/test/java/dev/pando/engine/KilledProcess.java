package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.insert;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Table;
import dev.pando.Transaction;
import dev.pando.TransactionOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The process that {@link KillTest} kills. First it checks what the one before left: every transaction whose commit
 * returned is there, at most one more of each writer, and all of it as a fold of the log says. Then it writes until it
 * is killed, and says so:
 *
 * <pre>
 * AT writer transaction;      how many are there: all of the acknowledged ones, or one more
 * READY                       from here on it writes
 * writer transaction;         that this commit has returned
 * </pre>
 *
 * <p>Arguments: the directory, then for each writer how many were acknowledged.
 */
final class KilledProcess {

    static final int WRITERS = 4;

    private static final int KEYS = 60;
    private static final String SUM = "sum";

    /** Kills come during checkpoints, and after some. */
    private static final long CHECKPOINT_NANOS = 300_000_000;

    private final Engine engine;
    private final Table table;

    private KilledProcess(Engine engine) {
        this.engine = engine;
        this.table = books(engine);
    }

    public static void main(String[] args) throws Exception {
        Engine engine = Engine.open(EngineOptions.at(Path.of(args[0])));
        var process = new KilledProcess(engine);
        long[] done = new long[WRITERS];
        for (int w = 0; w < WRITERS; w++) {
            done[w] = process.verify(w, Long.parseLong(args[1 + w]));
            say("AT " + w + " " + done[w] + ";");
        }
        process.verifySum(done);
        LogFold.check(engine, process.table);
        List<String> problems = engine.maintenance().check().problems();
        if (!problems.isEmpty()) {
            throw new IllegalStateException("the check found " + problems);
        }
        if (done[0] + done[1] + done[2] + done[3] == 0 && process.sum() < 0) {
            TestDatabase.commit(engine, tx -> insert(tx, process.table, SUM, "of all", 0L, 0L));
        }
        say("READY");
        for (int w = 0; w < WRITERS; w++) {
            int writer = w;
            new Thread(() -> process.write(writer, done[writer])).start();
        }
        while (true) {
            LockSupport.parkNanos(CHECKPOINT_NANOS);
            engine.maintenance().checkpoint();
        }
    }

    private static synchronized void say(String line) {
        System.out.println(line);
        if (System.out.checkError()) {
            Runtime.getRuntime().halt(1); // Nobody listens any more: the test itself was ended.
        }
    }

    // ---- the load: what a transaction does is a function of its writer and its number

    private static String prefix(int writer) {
        return "w" + writer + ".";
    }

    private void write(int writer, long from) {
        var model = model(writer, from);
        for (long i = from; ; i++) {
            try (Transaction tx = engine.begin(TransactionOptions.DEFAULT)) {
                run(tx, model, writer, i);
                tx.commit();
            }
            say(writer + " " + (i + 1) + ";");
        }
    }

    /** @param tx null to change only the model */
    private void run(@Nullable Transaction tx, TreeMap<String, List<Object>> model, int writer, long number) {
        var random = new Random(writer * 1_000_003L + number);
        int operations = random.nextInt(20) == 0 ? 200 : 1 + random.nextInt(4);
        for (int i = 0; i < operations; i++) {
            String key = prefix(writer) + random.nextInt(KEYS);
            List<Object> before = model.get(key);
            if (before == null) {
                model.put(key, List.of(key, "made by " + number, number, 1L));
                if (tx != null) {
                    insert(tx, table, key, "made by " + number, number, 1L);
                }
            } else if (random.nextInt(5) == 0) {
                model.remove(key);
                if (tx != null) {
                    TestDatabase.delete(tx, table, key);
                }
            } else {
                long likes = (Long) before.get(3) + 1 + random.nextInt(3);
                List<Object> after = List.of(key, "changed by " + number, number, likes);
                model.put(key, after);
                if (tx != null) {
                    TestDatabase.update(tx, table, key, values -> {
                        values[1] = after.get(1);
                        values[2] = after.get(2);
                        values[3] = likes;
                    });
                }
            }
        }
        List<Object> counted = List.of(counter(writer), "transactions", number + 1, 1L);
        if (tx != null && model.containsKey(counter(writer))) {
            TestDatabase.update(tx, table, counter(writer), values -> values[2] = number + 1);
        } else if (tx != null) {
            insert(tx, table, counted.toArray());
        }
        model.put(counter(writer), counted);
        if (tx != null && addsToSum(number)) {
            TestDatabase.update(tx, table, SUM, values -> values[3] = (Long) values[3] + 1);
        }
    }

    /** The row that says how many transactions of this writer there are. */
    private static String counter(int writer) {
        return prefix(writer) + "count";
    }

    private TreeMap<String, List<Object>> model(int writer, long transactions) {
        var model = new TreeMap<String, List<Object>>();
        for (long i = 0; i < transactions; i++) {
            run(null, model, writer, i);
        }
        return model;
    }

    /* A row that all writers change: one lock, one group. */

    private static boolean addsToSum(long number) {
        return number % 8 == 7;
    }

    // ---- the check

    /** How many transactions of this writer are there. */
    private long verify(int writer, long acknowledged) {
        List<List<Object>> rows = TestDatabase.rows(engine, table).stream()
                .filter(row -> ((String) row.get(0)).startsWith(prefix(writer)))
                .toList();
        long count = rows.stream()
                .filter(row -> row.get(0).equals(counter(writer)))
                .mapToLong(row -> (Long) row.get(2))
                .findFirst()
                .orElse(0);
        if (count != acknowledged && count != acknowledged + 1) {
            throw new IllegalStateException("writer " + writer + " had " + acknowledged
                    + " transactions acknowledged, and one more under way, but " + count + " are there");
        }
        List<List<Object>> expected = List.copyOf(model(writer, count).values());
        if (!rows.equals(expected)) {
            throw new IllegalStateException("writer " + writer + ": after " + count + " transactions there should be "
                    + expected + " but there is " + rows);
        }
        return count;
    }

    private void verifySum(long[] done) {
        long expected = 0;
        for (long count : done) {
            expected += count / 8;
        }
        if (Math.max(0, sum()) != expected) {
            throw new IllegalStateException("the sum is " + sum() + ", not " + expected);
        }
    }

    /** −1 when there is none. */
    private long sum() {
        return TestDatabase.rows(engine, table).stream()
                .filter(row -> row.get(0).equals(SUM))
                .mapToLong(row -> (Long) row.get(3))
                .findFirst()
                .orElse(-1);
    }
}
