package dev.pando.jdbc.cli;

import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Prints result sets as tables for people, or as plain values for scripts. */
final class TablePrinter {
    /** Rows whose widths are looked at before they are printed; a later one may be wider and then stands out. */
    private static final int PAGE_ROWS = 500;

    /** Characters of a column at most; longer values are cut with an ellipsis. */
    private static final int WIDTH_MAX = 200;

    private final PrintStream out;
    private final boolean plain;

    TablePrinter(PrintStream out, boolean plain) {
        this.out = out;
        this.plain = plain;
    }

    void print(ResultSet rows) throws SQLException {
        if (plain) {
            printPlain(rows);
        } else {
            printTable(rows);
        }
    }

    private void printPlain(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            StringBuilder line = new StringBuilder();
            for (int i = 1; i <= columns; i++) {
                String value = rows.getString(i);
                line.append(i == 1 ? "" : "\t").append(value == null ? "NULL" : value);
            }
            out.println(line);
        }
    }

    private void printTable(ResultSet rows) throws SQLException {
        ResultSetMetaData meta = rows.getMetaData();
        List<String> header = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            header.add(meta.getColumnLabel(i));
        }
        List<List<String>> page = new ArrayList<>();
        int[] widths = header.stream().mapToInt(String::length).toArray();
        long count = 0;
        boolean headed = false;
        boolean more = true;
        while (more) {
            more = rows.next();
            if (more) {
                page.add(row(rows, widths));
                count++;
            }
            if (page.size() == PAGE_ROWS || !more) {
                if (!headed) {
                    printHeader(header, widths);
                    headed = true;
                }
                page.forEach(row -> out.println(line(row, widths)));
                page.clear();
            }
        }
        out.println(count == 1 ? "(1 row)" : "(" + count + " rows)");
    }

    private static List<String> row(ResultSet rows, int[] widths) throws SQLException {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < widths.length; i++) {
            String value = rows.getString(i + 1);
            String shown = value == null ? "NULL" : value.replaceAll("\\R", "⏎");
            if (shown.length() > WIDTH_MAX) {
                shown = shown.substring(0, WIDTH_MAX - 1) + "…";
            }
            widths[i] = Math.max(widths[i], shown.length());
            row.add(shown);
        }
        return row;
    }

    private void printHeader(List<String> header, int[] widths) {
        out.println(line(header, widths));
        StringBuilder rule = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            rule.append(i == 0 ? "-" : "-+-").append("-".repeat(widths[i]));
        }
        out.println(rule);
    }

    private static String line(List<String> values, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String value = values.get(i);
            line.append(i == 0 ? " " : " | ").append(value).append(" ".repeat(widths[i] - value.length()));
        }
        return line.toString().stripTrailing();
    }
}
