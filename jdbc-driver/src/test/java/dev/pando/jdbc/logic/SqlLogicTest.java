package dev.pando.jdbc.logic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import net.hydromatic.sqllogictest.TestStatistics;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The queries of sql-logic-test, whose answers several databases agreed upon. What is known to differ, and why, is in
 * docs/sql-logic-test.md.
 */
class SqlLogicTest {
    private static final int QUERIES = 3_000;

    /** Files of each folder that the fixed list is drawn from; those of the topmost folder all are. */
    private static final int FILES_OF_A_FOLDER = 3;

    private static final List<String> DIALECT = List.of(
            "(?s)CREATE (TEMP |TEMPORARY )?TRIGGER.*",
            "(?s)DROP TRIGGER.*",
            "(?s)(INSERT OR )?REPLACE .*",
            "(?s)INSERT OR .*",
            "(?s)REINDEX.*",
            "(?s)CREATE (TEMP|TEMPORARY) VIEW.*");

    @Test
    void aFixedListOverAllFamiliesIsAnsweredRight() throws Exception {
        List<LogicFile> files = fixedFiles();
        int each = evenShare(files);
        LogicRun run = new LogicRun();
        for (LogicFile file : files) {
            long all = file.queries();
            double step = Math.max(1.0, (double) all / each);
            run.run(file, query -> (int) (query / step) != (int) ((query - 1) / step) || query == 0);
        }
        check(run);
    }

    /** {@code -Dpando.logic.percent=1 -Dpando.logic.seed=1}: that part of all queries of all files. */
    @Test
    @Tag("soak")
    void aSampleOfAllFilesIsAnsweredRight() throws Exception {
        double percent = Double.parseDouble(System.getProperty("pando.logic.percent", "1"));
        long seed = Long.getLong("pando.logic.seed", 1);
        String part = System.getProperty("pando.logic.files", "");
        LogicRun run = new LogicRun();
        for (String name : names()) {
            if (name.contains(part)) {
                LogicFile file = LogicFile.read(name);
                boolean[] taken = new boolean[(int) file.queries()];
                Random random = new Random(seed ^ name.hashCode());
                for (int i = 0; i < taken.length; i++) {
                    taken[i] = random.nextDouble() * 100 < percent;
                }
                run.run(file, query -> taken[query]);
                System.out.println(name + ": " + run.summary());
            }
        }
        check(run);
    }

    private static void check(LogicRun run) {
        System.out.println("sql-logic-test: " + run.summary());
        run.wrong().forEach(System.out::println);
        assertThat(run.wrong())
                .as("errors that are no answer to a user")
                .noneMatch(wrong ->
                        wrong.what().contains("AssertionError") || wrong.what().startsWith("XX"));
        assertThat(run.wrong()).as(run.summary()).hasSizeLessThanOrEqualTo((int) (run.queries() / 200));
    }

    private static List<LogicFile> fixedFiles() throws IOException, URISyntaxException, SQLException {
        Map<String, List<String>> folders = new TreeMap<>();
        for (String name : names()) {
            folders.computeIfAbsent(name.substring(0, name.lastIndexOf('/')), f -> new ArrayList<>())
                    .add(name);
        }
        List<LogicFile> files = new ArrayList<>();
        for (Map.Entry<String, List<String>> folder : folders.entrySet()) {
            List<String> names = folder.getValue();
            boolean all = folder.getKey().equals("test");
            /* Thousands of rows take long to insert, and no longer to query than ten. */
            boolean large = folder.getKey().endsWith("000");
            int wanted = large ? 1 : folder.getKey().endsWith("evidence") ? 2 * FILES_OF_A_FOLDER : FILES_OF_A_FOLDER;
            int step = all ? 1 : Math.max(1, names.size() / wanted);
            for (int i = 0; i < names.size() && (all || i < step * wanted); i += step) {
                files.add(LogicFile.read(names.get(i)));
            }
        }
        return files;
    }

    /** Queries of each file at most, so that all together are as many as wanted. */
    private static int evenShare(List<LogicFile> files) {
        for (int share = 1; ; share++) {
            long total = 0;
            for (LogicFile file : files) {
                total += Math.min(share, file.queries());
            }
            if (total >= QUERIES) {
                return share;
            }
        }
    }

    private static List<String> names() throws IOException, URISyntaxException {
        Path jar = Path.of(TestStatistics.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> names = new ArrayList<>();
        try (JarFile opened = new JarFile(jar.toFile())) {
            for (Enumeration<JarEntry> entries = opened.entries(); entries.hasMoreElements(); ) {
                String name = entries.nextElement().getName();
                if (name.endsWith(".test")) {
                    names.add(name);
                }
            }
        }
        names.sort(null);
        return names;
    }
}
