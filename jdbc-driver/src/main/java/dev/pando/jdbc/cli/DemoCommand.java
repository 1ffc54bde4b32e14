package dev.pando.jdbc.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = "Three nodes in one process, a bookshop, a partition and its healing, then a SQL shell.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    /** How long each wait for the replicators may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Option(names = "--no-shell", description = "End after the demonstration.")
    private boolean noShell;

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        Path root = Files.createTempDirectory("pando-demo");
        try {
            return demonstrate(root, out);
        } finally {
            delete(root);
        }
    }

    private int demonstrate(Path root, PrintStream out) throws Exception {
        out.println("Three nodes, each with its own directory, over loopback TCP:");
        try (DemoNode ann = DemoNode.start("ann", root);
                DemoNode bob = DemoNode.start("bob", root);
                DemoNode cyd = DemoNode.start("cyd", root)) {
            List<DemoNode> nodes = List.of(ann, bob, cyd);
            nodes.forEach(node -> out.println("  " + node.name() + "  " + node.peerId()));
            boolean equal = tellTheStory(nodes, out);
            if (!noShell) {
                out.println();
                out.println("A shell on ann; the other two follow. Try: SELECT * FROM sys.replicators;");
                try (Connection connection = ann.connect()) {
                    new Shell(connection, out, System.err, false).interact(System.in, true);
                }
            }
            return equal ? 0 : 1;
        }
    }

    private static boolean tellTheStory(List<DemoNode> nodes, PrintStream out)
            throws SQLException, IOException, InterruptedException {
        DemoNode ann = nodes.get(0);
        DemoNode bob = nodes.get(1);
        DemoNode cyd = nodes.get(2);
        step(out, "Each makes the table and lets the other two write; each pushes to the other two");
        for (DemoNode node : nodes) {
            node.createBooks(nodes);
        }
        for (DemoNode node : nodes) {
            node.replicateTo(nodes);
        }
        step(out, "Ann and Bob put books on the shelves");
        ann.run("INSERT INTO Books (isbn, title, likes, price) VALUES"
                + " ('9780553283686', 'Hyperion', 1, 9.99), ('9780441013593', 'Dune', 2, 8.50)");
        bob.run("INSERT INTO Books (isbn, title, likes, price) VALUES ('9780141439600', 'Emma', 3, 5.00)");
        awaitEqual(nodes, out);
        printRows(nodes, out);

        step(out, "Cyd's cable is pulled. All three go on: likes add up, the last price wins, rows come and go");
        cyd.unplug(nodes);
        ann.run("UPDATE Books SET likes = likes + 10, price = 7.77 WHERE title = 'Dune'");
        bob.run("UPDATE Books SET likes = likes + 5 WHERE title = 'Dune'");
        bob.run("DELETE FROM Books WHERE title = 'Emma'");
        cyd.run("UPDATE Books SET likes = likes + 100, title = 'Dune (1965)' WHERE title = 'Dune'");
        cyd.run(
                "INSERT INTO Books (isbn, title, likes, price) VALUES ('9780765377067', 'The Three-Body Problem', 0, 11.00)");
        printRows(nodes, out);
        boolean apart = !ann.stateHash().equals(cyd.stateHash());

        step(out, "The cable is back: what each missed arrives without a new write");
        cyd.plugIn(nodes);
        boolean equal = awaitEqual(nodes, out);
        printRows(nodes, out);
        if (!apart) {
            out.println("the partition did not keep the nodes apart");
            return false;
        }
        out.println(
                equal
                        ? "all nodes equal: " + ann.stateHash()
                        : "nodes differ: "
                                + nodes.stream().map(DemoNode::describe).toList());
        return equal;
    }

    private static void step(PrintStream out, String what) {
        out.println();
        out.println("== " + what + ".");
    }

    /* Polls, since no node alone can know that all are equal. */
    private static boolean awaitEqual(List<DemoNode> nodes, PrintStream out) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            if (nodes.stream().map(DemoNode::stateHash).distinct().count() == 1) {
                return true;
            }
            Thread.sleep(20);
        }
        out.println("the nodes did not become equal within " + PATIENCE.toSeconds() + " s");
        return false;
    }

    private static void printRows(List<DemoNode> nodes, PrintStream out) throws SQLException {
        for (DemoNode node : nodes) {
            out.println(node.name() + ":");
            node.printBooks(out);
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
