package dev.pando.jdbc.logic;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A file of sql-logic-test: statements, and queries with their answers, as any standard database gives them. */
record LogicFile(String name, List<Record> records) {

    /** One entry of the file, at its line. */
    sealed interface Record {}

    /** @param fails whether an error is what the file expects */
    record Statement(int line, String sql, boolean fails) implements Record {}

    /**
     * @param types a letter a column: I, R or T
     * @param sort nosort, rowsort or valuesort
     * @param answer the values, or one line "n values hashing to …"
     */
    record Query(int line, String sql, String types, String sort, List<String> answer) implements Record {}

    long queries() {
        return records.stream().filter(Query.class::isInstance).count();
    }

    /** Reads a file of the class path; what is for one other product only is left out. */
    static LogicFile read(String name) throws IOException {
        var stream = LogicFile.class.getResourceAsStream("/" + name);
        if (stream == null) {
            throw new IOException(name + " is not on the class path");
        }
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return new LogicFile(name, new Reading(reader).records());
        }
    }

    private static final class Reading {
        private final BufferedReader reader;
        private int line;

        Reading(BufferedReader reader) {
            this.reader = reader;
        }

        private String next() throws IOException {
            line++;
            return reader.readLine();
        }

        List<Record> records() throws IOException {
            List<Record> records = new ArrayList<>();
            boolean applies = true;
            for (String text = next(); text != null; text = next()) {
                String[] words = text.strip().split("\\s+");
                switch (words[0]) {
                    case "onlyif" -> applies = false;
                    case "halt" -> {
                        if (applies) {
                            return records;
                        }
                        applies = true;
                    }
                    case "statement" -> {
                        int at = line;
                        String sql = sql();
                        if (applies) {
                            records.add(new Statement(at, sql, words[1].equals("error")));
                        }
                        applies = true;
                    }
                    case "query" -> {
                        int at = line;
                        String sql = sql();
                        List<String> answer = answer();
                        if (applies) {
                            records.add(new Query(at, sql, words[1], words.length > 2 ? words[2] : "nosort", answer));
                        }
                        applies = true;
                    }
                    default -> {
                        /* Comments, empty lines, hash-threshold, skipif of other products. */
                    }
                }
            }
            return records;
        }

        /* Up to an empty line or the line of dashes, which is taken too. */
        private String sql() throws IOException {
            StringBuilder sql = new StringBuilder();
            for (String text = next(); text != null && !text.isBlank() && !text.equals("----"); text = next()) {
                sql.append(sql.isEmpty() ? "" : "\n").append(text);
            }
            return sql.toString();
        }

        private List<String> answer() throws IOException {
            List<String> lines = new ArrayList<>();
            for (String text = next(); text != null && !text.isEmpty(); text = next()) {
                lines.add(text);
            }
            return lines;
        }
    }
}
