package dev.pando.simulation;

import static org.assertj.core.api.Assertions.fail;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.libp2p.Multiaddr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A world of real engines with directories of their own, over loopback sockets. */
final class SocketWorld implements World {

    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(5);

    /** No condition tells that something will not happen; over sockets a wait only makes a false pass less likely. */
    private static final Duration SETTLE = Duration.ofMillis(500);

    private final class Node extends NodeWords {
        private final Path directory;
        private String listen = "/ip4/127.0.0.1/tcp/0";
        private @Nullable Engine engine;

        Node(Path directory) {
            this.directory = directory;
        }

        @Override
        public Engine engine() {
            if (engine == null) {
                throw new IllegalStateException("this node is down");
            }
            return engine;
        }

        void open() {
            engine = Engine.open(new EngineOptions(
                    Optional.of(directory),
                    EngineOptions.Durability.GROUP,
                    EngineOptions.NetworkOptions.listening(listen),
                    false,
                    Optional.of(new ColumnIsText()),
                    Environment.system()));
            /* The same port after a restart: peers know the node by it. */
            listen = engine.network().addresses().get(0).withoutPeerId().toString();
        }

        void close() {
            if (engine != null) {
                engine.close();
                engine = null;
            }
        }
    }

    private final List<Node> nodes;

    SocketWorld(Path directory) throws IOException {
        nodes = List.of(
                new Node(Files.createDirectories(directory.resolve("a"))),
                new Node(Files.createDirectories(directory.resolve("b"))),
                new Node(Files.createDirectories(directory.resolve("c"))));
        nodes.forEach(Node::open);
    }

    @Override
    public NodeWords node(int index) {
        return nodes.get(index);
    }

    @Override
    public Multiaddr address(int node) {
        return nodes.get(node).engine().network().addresses().get(0);
    }

    @Override
    public void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + WAIT_MAX.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                fail("not within " + WAIT_MAX + ": " + what);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    @Override
    public void settle() {
        long until = System.nanoTime() + SETTLE.toNanos();
        await("a while passes", () -> System.nanoTime() > until);
    }

    @Override
    public void stop(int node) {
        nodes.get(node).close();
    }

    /** Within one process there is no kill; processes that are killed are the business of the node's own tests. */
    @Override
    public void kill(int node) {
        nodes.get(node).close();
    }

    @Override
    public void start(int node) {
        try {
            nodes.get(node).open();
        } catch (PandoException e) {
            throw new AssertionError("node " + node + " does not start again", e);
        }
    }

    @Override
    public void close() {
        nodes.forEach(Node::close);
    }
}
