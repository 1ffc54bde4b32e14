package dev.pando.sql;

import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.Result;
import dev.pando.sql.session.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A script: paragraphs with a blank line between. A paragraph is a comment ({@code --}), or a statement that begins with
 * {@code > } (or {@code name> } for the session of that name) and goes on in lines that begin with two spaces, followed
 * by what it gives.
 */
final class GoldenScript {
    private static final Pattern STATEMENT = Pattern.compile("([a-z]*)> (.*)", Pattern.DOTALL);

    /** Rows of one statement at most: a query without end must not take all memory. */
    private static final int ROWS_MAX = 500;

    private final String text;
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    GoldenScript(String text) {
        this.text = text;
    }

    /** Runs the script and returns it with what came in place of what was expected. */
    String run(TestDatabase database) throws SQLException {
        List<String> paragraphs = new ArrayList<>();
        for (String paragraph : text.strip().split("\n\n")) {
            paragraphs.add(paragraph.startsWith("--") ? paragraph : statement(paragraph, database));
        }
        for (Session session : sessions.values()) {
            session.close();
        }
        return String.join("\n\n", paragraphs) + "\n";
    }

    private String statement(String paragraph, TestDatabase database) throws SQLException {
        List<String> lines = paragraph.lines().toList();
        StringBuilder statement = new StringBuilder(lines.get(0));
        for (String line : lines.subList(1, lines.size())) {
            if (!line.startsWith("  ")) {
                break;
            }
            statement.append('\n').append(line);
        }
        var matcher = STATEMENT.matcher(statement);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a statement: " + statement);
        }
        Session session = sessions.get(matcher.group(1));
        if (session == null) {
            session = database.session();
            sessions.put(matcher.group(1), session);
        }
        return statement + "\n" + outcome(session, matcher.group(2));
    }

    private static String outcome(Session session, String sql) {
        clearWarnings(session);
        try (Result result = session.execute(sql)) {
            String shown = result.updateCount() < 0 ? rows(result) : count(result.updateCount());
            String warned = session.warnings().stream()
                    .map(warning -> "\nwarning " + warning.sqlState() + ": " + warning.message())
                    .collect(Collectors.joining());
            return shown + warned;
        } catch (SQLException e) {
            return "error " + e.getSQLState() + ": " + e.getMessage();
        }
    }

    private static void clearWarnings(Session session) {
        try {
            session.clearWarnings();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String count(long rows) {
        return rows == 1 ? "1 row" : rows + " rows";
    }

    private static String rows(Result result) throws SQLException {
        StringBuilder shown = new StringBuilder();
        shown.append(result.columns().stream()
                .map(column -> column.label() + " " + type(column))
                .collect(Collectors.joining(" | ")));
        int left = ROWS_MAX;
        for (List<@Nullable Object[]> page = result.fetch(7); !page.isEmpty(); page = result.fetch(7)) {
            for (@Nullable Object[] row : page) {
                if (left-- == 0) {
                    return shown.append("\n… and more rows than a script may have")
                            .toString();
                }
                shown.append('\n');
                for (int i = 0; i < row.length; i++) {
                    shown.append(i == 0 ? "" : " | ").append(value(row[i]));
                }
            }
        }
        return shown.toString().stripTrailing();
    }

    private static String type(ColumnMeta column) {
        return column.type().name();
    }

    private static String value(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return "x'" + HexFormat.of().formatHex(bytes) + "'";
        }
        return value == null ? "NULL" : value.toString();
    }
}
