package dev.pando.jdbc.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs statements on a connection and prints what they give. */
final class Shell {
    private static final String HELP = """
            Statements end with ';' and may go over several lines.
              EXECUTE 'FILE';   run the statements of a file
              \\i FILE   run the statements of a file
              \\d        the tables
              \\q        quit
            """;

    private static final Pattern EXECUTE =
            Pattern.compile("\\s*EXECUTE\\s+'((?:[^']|'')*)'\\s*;?\\s*", Pattern.CASE_INSENSITIVE);

    /** Files that run files that run files; one more is refused. */
    private static final int FILES_DEPTH_MAX = 16;

    private final Connection connection;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean plain;
    private final TablePrinter printer;
    private int depth;

    Shell(Connection connection, PrintStream out, PrintStream err, boolean plain) {
        this.connection = connection;
        this.out = out;
        this.err = err;
        this.plain = plain;
        this.printer = new TablePrinter(out, plain);
    }

    /** Runs the statements of a text up to the first that fails; the exit code. */
    int runAll(String text) {
        SqlSplitter splitter = new SqlSplitter();
        List<String> statements = splitter.add(text);
        for (String sql : statements) {
            if (!run(sql)) {
                return 1;
            }
        }
        for (String sql : splitter.end()) {
            if (!run(sql)) {
                return 1;
            }
        }
        return 0;
    }

    /**
     * Runs what comes in until its end or {@code \q}; an error is printed and does not end it.
     *
     * @param prompting whether a person types
     * @return the exit code: 1 when nobody types and a statement failed
     */
    int interact(InputStream in, boolean prompting) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, Charset.defaultCharset()));
        SqlSplitter splitter = new SqlSplitter();
        boolean failed = false;
        if (prompting) {
            out.println("Type SQL, ended by ';', or \\? for help.");
        }
        while (true) {
            if (prompting) {
                out.print(splitter.inStatement() ? "     > " : "pando> ");
                out.flush();
            }
            String line = reader.readLine();
            if (line == null) {
                break;
            }
            if (!splitter.inStatement() && line.strip().startsWith("\\")) {
                if (line.strip().equals("\\q")) {
                    return failed && !prompting ? 1 : 0;
                }
                failed |= !command(line.strip());
                continue;
            }
            if (!splitter.inStatement() && line.strip().toLowerCase(Locale.ROOT).matches("quit|exit")) {
                return failed && !prompting ? 1 : 0;
            }
            for (String sql : splitter.add(line + "\n")) {
                failed |= !run(sql);
            }
        }
        for (String sql : splitter.end()) {
            failed |= !run(sql);
        }
        return failed && !prompting ? 1 : 0;
    }

    private boolean command(String line) {
        if (line.startsWith("\\i ")) {
            return runFile(line.substring(3).strip());
        }
        if (line.equals("\\d")) {
            return listTables();
        }
        out.print(HELP);
        return line.equals("\\?");
    }

    private boolean runFile(String name) {
        if (depth >= FILES_DEPTH_MAX) {
            err.println("cannot read " + name + ": files run each other more than " + FILES_DEPTH_MAX + " deep");
            return false;
        }
        depth++;
        try {
            return runAll(Files.readString(Path.of(name))) == 0;
        } catch (IOException | InvalidPathException e) {
            err.println("cannot read " + name + ": " + e.getMessage());
            return false;
        } finally {
            depth--;
        }
    }

    private boolean listTables() {
        try (ResultSet tables = connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE", "VIEW"})) {
            while (tables.next()) {
                out.println(tables.getString("TABLE_SCHEM") + "." + tables.getString("TABLE_NAME") + "  "
                        + tables.getString("TABLE_TYPE"));
            }
            return true;
        } catch (SQLException e) {
            printError(e);
            return false;
        }
    }

    /** Runs one statement; whether it went well. A file is the shell's, not the node's. */
    boolean run(String sql) {
        Matcher file = EXECUTE.matcher(sql);
        if (file.matches()) {
            return runFile(file.group(1).replace("''", "'"));
        }
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    printer.print(rows);
                }
            } else if (!plain) {
                printCount(sql, statement.getLargeUpdateCount());
            }
            printWarnings(statement.getWarnings());
            return true;
        } catch (SQLException e) {
            printError(e);
            return false;
        } finally {
            out.flush();
        }
    }

    private void printCount(String sql, long count) {
        boolean dml =
                sql.stripLeading().toUpperCase(Locale.ROOT).matches("(?s)(INSERT|UPDATE|DELETE|MERGE|UPSERT)\\b.*");
        out.println(dml ? count == 1 ? "1 row" : count + " rows" : "OK");
    }

    private void printWarnings(java.sql.@org.jspecify.annotations.Nullable SQLWarning first) {
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            err.println("WARNING " + warning.getSQLState() + ": " + warning.getMessage());
        }
    }

    private void printError(SQLException e) {
        out.flush();
        err.println("ERROR " + e.getSQLState() + ": " + e.getMessage());
        err.flush();
    }
}
