package dev.pando.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * From a new JVM to its first row, with a table in memory: as each driver stands on a class path, and for Pando as its
 * program is run, from the {@code -all} jar without and with an archive of loaded classes (AppCDS).
 */
final class ColdBenchmark {

    private static final int ROUNDS = 7;

    /** The {@code -all} jar; beside the benchmarks' module when not given. */
    private static final String JAR = "bench.jar";

    private final Report report;
    private final Path directory;

    /** @param directory for what is made here */
    ColdBenchmark(Report report, Path directory) {
        this.report = report;
        this.directory = directory;
    }

    void run() throws IOException, InterruptedException {
        for (ColdStart.Work work : ColdStart.Work.values()) {
            for (Subject subject : Subject.values()) {
                measure(subject, work, "jars", List.of("-cp", System.getProperty("java.class.path")));
            }
        }
        Optional<Path> jar = allJar();
        if (jar.isEmpty()) {
            System.err.println("no -all jar: starts with it are not measured; -D" + JAR + " says where it is");
            return;
        }
        String classPath = jar.get() + File.pathSeparator + jarOfThis();
        Path archive = directory.resolve("classes.jsa");
        start(
                Subject.PANDO,
                ColdStart.Work.PLANNED_JOIN,
                List.of(
                        "-XX:ArchiveClassesAtExit=" + archive,
                        "-Xlog:cds=off",
                        "-Xlog:cds+dynamic=off",
                        "-cp",
                        classPath));
        for (ColdStart.Work work : ColdStart.Work.values()) {
            measure(Subject.PANDO, work, "the -all jar", List.of("-cp", classPath));
            measure(
                    Subject.PANDO,
                    work,
                    "the -all jar, -XX:SharedArchiveFile",
                    List.of(
                            "-XX:SharedArchiveFile=" + archive,
                            "-Xlog:cds=off",
                            "-Xlog:cds+dynamic=off",
                            "-cp",
                            classPath));
            measure(
                    Subject.PANDO,
                    work,
                    "the -all jar, -XX:SharedArchiveFile -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
                    List.of(
                            "-XX:SharedArchiveFile=" + archive,
                            "-Xlog:cds=off",
                            "-Xlog:cds+dynamic=off",
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            classPath));
        }
    }

    private void measure(Subject subject, ColdStart.Work work, String how, List<String> options)
            throws IOException, InterruptedException {
        double[] inside = new double[ROUNDS];
        double[] whole = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            inside[round] = start(subject, work, options);
            whole[round] = (System.nanoTime() - start) / 1e6;
        }
        String name = work == ColdStart.Work.KEY_SELECT ? "cold-first-key-select" : "cold-first-planned-join";
        report.line(name, subject.name(), "ms", inside, how + "; from main() to the row");
        report.line(name + "-process", subject.name(), "ms", whole, how + "; from exec to exit");
    }

    /** Runs the process and returns the milliseconds that it says. */
    private static double start(Subject subject, ColdStart.Work work, List<String> options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(ColdStart.class.getName(), subject.name(), work.name()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("cold start of " + subject + " failed: " + output);
        }
        return output.lines()
                .filter(line -> line.startsWith("ms "))
                .mapToDouble(line -> Double.parseDouble(line.substring(3)))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<Path> allJar() throws IOException {
        String given = System.getProperty(JAR);
        if (given != null) {
            return Optional.of(Path.of(given));
        }
        Path target = Path.of("..", "..", "jdbc-driver", "target");
        if (!Files.isDirectory(target)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith("-all.jar"))
                    .findFirst()
                    .map(file -> file.toAbsolutePath().normalize());
        }
    }

    /* An archive is made of jars only: what the process needs of these classes goes into one. */
    private Path jarOfThis() throws IOException {
        Path jar = directory.resolve("cold.jar");
        List<String> names = new ArrayList<>(List.of("ColdStart", "ColdStart$Work", "Subject"));
        for (int i = 1; i <= Subject.values().length; i++) {
            names.add("Subject$" + i);
        }
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (String name : names) {
                String path = ColdBenchmark.class.getPackageName().replace('.', '/') + "/" + name + ".class";
                try (var in = ColdBenchmark.class.getResourceAsStream("/" + path)) {
                    if (in == null) {
                        throw new IllegalStateException("no class " + path);
                    }
                    out.putNextEntry(new JarEntry(path));
                    in.transferTo(out);
                }
            }
        }
        return jar;
    }
}
