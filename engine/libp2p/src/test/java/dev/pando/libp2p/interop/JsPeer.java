package dev.pando.libp2p.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A js-libp2p process, driven by JSON lines; its commands are described in {@code src/test/js-peer/README.md}. */
public final class JsPeer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long ANSWER_SECONDS = 60;

    private final Process process;
    private final Writer commands;
    private final AtomicInteger lastId = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final StringBuffer errors = new StringBuffer();
    private final JsonNode ready;

    private JsPeer(Process process) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        read(new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)), this::onLine);
        read(
                process.errorReader(StandardCharsets.UTF_8),
                line -> errors.append(line).append('\n'));
        this.ready = event(e -> "ready".equals(e.path("event").asText()));
    }

    /** Listens on loopback, with {@code flags} besides. */
    public static JsPeer start(String... flags) {
        var directory = System.getProperty("pando.jspeer");
        if (directory == null) {
            throw new IllegalStateException("run these tests with -Pinterop");
        }
        var command = new ArrayList<>(List.of("node", "peer.mjs", "--listen", "/ip4/127.0.0.1/tcp/0"));
        command.addAll(List.of(flags));
        try {
            return new JsPeer(
                    new ProcessBuilder(command).directory(new File(directory)).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(BufferedReader lines, java.util.function.Consumer<String> consumer) {
        var thread = new Thread(() -> {
            try (lines) {
                lines.lines().forEach(consumer);
            } catch (IOException | UncheckedIOException e) {
                consumer.accept("{\"event\":\"end\"}");
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void onLine(String line) {
        try {
            var message = JSON.readTree(line);
            if (message.has("id") && !message.has("event")) {
                var answer = waiting.remove(message.get("id").asInt());
                if (answer != null) {
                    answer.complete(message);
                }
            } else {
                events.add(message);
            }
        } catch (IOException e) {
            errors.append(line).append('\n');
        }
    }

    /** The first event that fits, waiting for it. */
    public JsonNode event(Predicate<JsonNode> fits) {
        var found = new JsonNode[1];
        dev.pando.libp2p.Waiting.until("an event of js; it says: " + errors, java.time.Duration.ofSeconds(60), () -> {
            found[0] = events.stream().filter(fits).findFirst().orElse(null);
            if (found[0] == null && !process.isAlive()) {
                throw new AssertionError("js ended: " + errors);
            }
            return found[0] != null;
        });
        return found[0];
    }

    public static ObjectNode args() {
        return JSON.createObjectNode();
    }

    CompletableFuture<JsonNode> send(String command, ObjectNode args) {
        int id = lastId.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        waiting.put(id, answer);
        try {
            synchronized (commands) {
                commands.write(args.put("id", id).put("cmd", command) + "\n");
                commands.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("js is gone: " + errors, e);
        }
        return answer;
    }

    /** The answer, whether it succeeded or not. */
    public JsonNode ask(String command, ObjectNode args) {
        try {
            return send(command, args).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(command + " was not answered; js says: " + errors, e);
        }
    }

    /** The answer of a command that must succeed. */
    public JsonNode run(String command, ObjectNode args) {
        var answer = ask(command, args);
        if (!answer.path("ok").asBoolean()) {
            throw new AssertionError(command + " failed: " + answer + errors);
        }
        return answer;
    }

    public PeerId peerId() {
        return PeerId.parse(ready.get("peerId").asText());
    }

    public Multiaddr address() {
        return Multiaddr.parse(ready.get("addrs").get(0).asText());
    }

    JsonNode ready() {
        return ready;
    }

    /** Stops the process as it stands, until {@link #goOn}: the system still takes connections for it. */
    void freeze() throws IOException, InterruptedException {
        signal("-STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
