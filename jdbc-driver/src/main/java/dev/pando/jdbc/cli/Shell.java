package dev.pando.jdbc.cli;

import dev.pando.jdbc.cli.SqlSplitter.Piece;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
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
        return firstFailure(text).isEmpty() ? 0 : 1;
    }

    /** Runs the statements of a text up to the first that fails, which it gives. */
    private Optional<Piece> firstFailure(String text) {
        SqlSplitter splitter = new SqlSplitter();
        for (Piece statement : splitter.add(text)) {
            if (!run(statement.sql())) {
                return Optional.of(statement);
            }
        }
        return splitter.end().stream()
                .filter(statement -> !run(statement.sql()))
                .findFirst();
    }

    /** Runs the statements of a file up to the first that fails, and tells its line; whether all went well. */
    boolean runFile(Path file) throws SQLException {
        if (depth >= FILES_DEPTH_MAX) {
            throw new SQLException(
                    "cannot read " + file + ": files run each other more than " + FILES_DEPTH_MAX + " deep", "54001");
        }
        depth++;
        try {
            Optional<Piece> failed = firstFailure(SqlFile.read(file));
            failed.ifPresent(piece -> err.println("  in " + file + ", the statement of line " + piece.line()));
            err.flush();
            return failed.isEmpty();
        } finally {
            depth--;
        }
    }

    /**
     * Runs what comes in until its end or {@code \q}; an error is printed and does not end it.
     *
     * @param prompting whether a person types
     * @return the exit code: 1 when nobody types and a statement failed
     */
    int interact(InputStream in, boolean prompting) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, decoder(prompting)));
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
            String line;
            try {
                line = reader.readLine();
            } catch (CharacterCodingException e) {
                throw new IOException("what comes in is no text in UTF-8", e);
            }
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
            for (Piece statement : splitter.add(line + "\n")) {
                failed |= !run(statement.sql());
            }
        }
        for (Piece statement : splitter.end()) {
            failed |= !run(statement.sql());
        }
        return failed && !prompting ? 1 : 0;
    }

    /* A person types in the terminal's charset; scripts are in UTF-8. What is neither must not become question marks. */
    private static CharsetDecoder decoder(boolean prompting) {
        Console console = prompting ? System.console() : null;
        Charset charset = console == null ? StandardCharsets.UTF_8 : console.charset();
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
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
        try {
            return runFile(Path.of(name));
        } catch (InvalidPathException e) {
            err.println("'" + name + "' is no path: " + e.getReason());
        } catch (SQLException e) {
            err.println(e.getMessage());
        }
        err.flush();
        return false;
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
