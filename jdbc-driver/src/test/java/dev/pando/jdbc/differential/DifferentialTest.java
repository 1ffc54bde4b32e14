package dev.pando.jdbc.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Generated statements give in Pando what they give in H2. */
class DifferentialTest {
    /** Statements on one set of tables; then they begin anew, small. */
    private static final int EACH = 150;

    @Test
    void generatedStatementsGiveWhatTheyGiveInH2() throws SQLException {
        compare(1, 1_500);
    }

    /** {@code -Dpando.statements=20000 -Dpando.seed=1}. */
    @Test
    @Tag("soak")
    void manyGeneratedStatementsGiveWhatTheyGiveInH2() throws SQLException {
        compare(Long.getLong("pando.seed", 1_000), Integer.getInteger("pando.statements", 20_000));
    }

    private static void compare(long firstSeed, int statements) throws SQLException {
        List<String> differences = new ArrayList<>();
        int both = 0;
        for (int done = 0; done < statements; done += EACH) {
            long seed = firstSeed + done / EACH;
            both += compareOne(seed, Math.min(EACH, statements - done), differences);
        }
        System.out.println("differential: " + statements + " statements, " + both + " answered by both, "
                + differences.size() + " differences");
        assertThat(differences).isEmpty();
        assertThat(both).as("statements that both answer").isGreaterThan(statements * 9 / 10);
    }

    private static int compareOne(long seed, int statements, List<String> differences) throws SQLException {
        int both = 0;
        Generator generator = new Generator(seed);
        try (Connection pando = DriverManager.getConnection("jdbc:pando:mem:differential" + seed);
                Connection h2 = DriverManager.getConnection("jdbc:h2:mem:differential" + seed);
                Statement ofPando = pando.createStatement();
                Statement ofH2 = h2.createStatement()) {
            for (String sql : generator.setUp()) {
                ofPando.execute(sql);
                ofH2.execute(sql);
            }
            for (int i = 0; i < statements; i++) {
                String sql = generator.next();
                String expected = outcome(ofH2, sql);
                String given = outcome(ofPando, sql);
                if (expected.equals(given)) {
                    both += given.startsWith("error") ? 0 : 1;
                } else {
                    differences.add("seed " + seed + ", statement " + i + ": " + sql + "\n  H2:    " + expected
                            + "\n  Pando: " + given);
                    if (!Generator.isQuery(sql)) {
                        return both;
                    }
                }
            }
        }
        return both;
    }

    private static String outcome(Statement statement, String sql) {
        try {
            if (!Generator.isQuery(sql)) {
                return statement.executeUpdate(sql) + " rows";
            }
            try (ResultSet rows = statement.executeQuery(sql)) {
                return rows(rows, sql.contains(" ORDER BY "));
            }
        } catch (SQLException e) {
            return "error of class " + errorClass(e) + (isData(e) ? "" : ": " + e.getMessage());
        }
    }

    /* Errors of the data are errors in both, whatever they say. */
    private static boolean isData(SQLException e) {
        return errorClass(e).equals("22")
                || errorClass(e).equals("21")
                || errorClass(e).equals("23");
    }

    private static String errorClass(SQLException e) {
        String state = e.getSQLState() == null ? "?????" : e.getSQLState();
        /* H2 has states of its own for some of these. */
        return state.equals("90053") ? "21" : state.substring(0, 2);
    }

    private static String rows(ResultSet rows, boolean ordered) throws SQLException {
        List<String> lines = new ArrayList<>();
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
            StringBuilder line = new StringBuilder();
            for (int i = 1; i <= columns; i++) {
                line.append(i == 1 ? "" : " | ").append(text(rows.getObject(i)));
            }
            lines.add(line.toString());
        }
        if (!ordered) {
            lines.sort(null);
        }
        return lines.size() + " rows: " + lines;
    }

    private static String text(Object value) {
        if (value instanceof Number number) {
            BigDecimal exact = new BigDecimal(number.toString());
            return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
        }
        return value instanceof String text ? "'" + text + "'" : String.valueOf(value);
    }
}
