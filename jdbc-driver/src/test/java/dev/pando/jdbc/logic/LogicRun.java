package dev.pando.jdbc.logic;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs files of sql-logic-test against databases in memory, and keeps what went wrong. */
final class LogicRun {
    /** A query whose answer was not the file's, or a statement that failed. */
    record Wrong(String file, int line, String sql, String what) {
        @Override
        public String toString() {
            return file + ":" + line + "  " + what + "\n    " + sql.replace('\n', ' ');
        }
    }

    /** Which queries of a file are run; all its statements are. */
    interface Choice {
        boolean takes(int queryOfFile);
    }

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final List<Wrong> wrong = new ArrayList<>();
    private final List<Wrong> refused = new ArrayList<>();
    private long queries;
    private long statements;
    private long queryNanos;
    private long statementNanos;

    /** Queries that were answered wrong or not at all. */
    List<Wrong> wrong() {
        return wrong;
    }

    /** Statements that failed and should not have, or the other way round. */
    List<Wrong> refused() {
        return refused;
    }

    List<Wrong> all() {
        List<Wrong> all = new ArrayList<>(refused);
        all.addAll(wrong);
        return all;
    }

    long queries() {
        return queries;
    }

    /** One line about all that was run. */
    String summary() {
        return String.format(
                Locale.ROOT,
                "%d queries in %.1f s (%.0f/s), %d statements in %.1f s, %d wrong, %d statements refused",
                queries,
                queryNanos / 1e9,
                queries / (queryNanos / 1e9),
                statements,
                statementNanos / 1e9,
                wrong.size(),
                refused.size());
    }

    void run(LogicFile file, Choice choice) throws SQLException {
        String url = "jdbc:pando:mem:logic" + DATABASES.incrementAndGet();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            /* One commit for all rows between two queries: signing each would be most of the time. */
            connection.setAutoCommit(false);
            int query = 0;
            int last = lastTaken(file, choice);
            for (LogicFile.Record record : file.records()) {
                if (record instanceof LogicFile.Statement each) {
                    execute(file, each, statement);
                } else if (record instanceof LogicFile.Query each) {
                    if (choice.takes(query)) {
                        connection.commit();
                        query(file, each, statement);
                    }
                    if (query++ == last) {
                        break;
                    }
                }
            }
            connection.commit();
        }
    }

    private static int lastTaken(LogicFile file, Choice choice) {
        int last = -1;
        int queries = (int) file.queries();
        for (int i = 0; i < queries; i++) {
            last = choice.takes(i) ? i : last;
        }
        return last;
    }

    private void execute(LogicFile file, LogicFile.Statement each, Statement statement) {
        long start = System.nanoTime();
        statements++;
        try {
            statement.execute(each.sql());
            if (each.fails()) {
                refused.add(new Wrong(file.name(), each.line(), each.sql(), "an error is expected"));
            }
        } catch (SQLException e) {
            if (!each.fails()) {
                refused.add(new Wrong(file.name(), each.line(), each.sql(), describe(e)));
            }
        } finally {
            statementNanos += System.nanoTime() - start;
        }
    }

    private static String describe(SQLException e) {
        return e.getSQLState() + " " + e.getMessage();
    }

    private void query(LogicFile file, LogicFile.Query each, Statement statement) {
        long start = System.nanoTime();
        queries++;
        List<String> values;
        try (ResultSet rows = statement.executeQuery(each.sql())) {
            values = values(rows, each);
        } catch (SQLException e) {
            wrong.add(new Wrong(file.name(), each.line(), each.sql(), describe(e)));
            return;
        } finally {
            queryNanos += System.nanoTime() - start;
        }
        String expected = String.join(",", each.answer());
        String given = each.answer().size() == 1 && expected.contains(" values hashing to ")
                ? values.size() + " values hashing to " + hash(values)
                : String.join(",", values);
        if (!given.equals(expected)) {
            wrong.add(new Wrong(file.name(), each.line(), each.sql(), "gave " + given + " instead of " + expected));
        }
    }

    private static List<String> values(ResultSet rows, LogicFile.Query query) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        if (columns != query.types().length()) {
            throw new SQLException(
                    columns + " columns instead of " + query.types().length());
        }
        List<List<String>> all = new ArrayList<>();
        while (rows.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 0; i < columns; i++) {
                Object value = rows.getObject(i + 1);
                Object plain = value instanceof Clob ? rows.getString(i + 1) : value;
                row.add(text(plain, query.types().charAt(i)));
            }
            all.add(row);
        }
        if (query.sort().equals("rowsort")) {
            all.sort(LogicRun::compareRows);
        }
        List<String> values = new ArrayList<>();
        all.forEach(values::addAll);
        if (query.sort().equals("valuesort")) {
            values.sort(Comparator.naturalOrder());
        }
        return values;
    }

    private static int compareRows(List<String> a, List<String> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = a.get(i).compareTo(b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static String text(Object value, char type) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof Boolean flag) {
            return flag ? "1" : "0";
        }
        if (type != 'T' && value instanceof String) {
            /* The files' answers are those of printf: a text is no number. */
            return type == 'I' ? "0" : "0.000";
        }
        if (type == 'T' || !(value instanceof Number number)) {
            String text = value.toString();
            return text.isEmpty() ? "(empty)" : text.replaceAll("[^\\x20-\\x7e]", "@");
        }
        BigDecimal exact = number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
        return type == 'I'
                ? exact.setScale(0, RoundingMode.DOWN).toPlainString()
                : exact.setScale(3, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String hash(List<String> values) {
        try {
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            for (String value : values) {
                md5.update((value + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(md5.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
