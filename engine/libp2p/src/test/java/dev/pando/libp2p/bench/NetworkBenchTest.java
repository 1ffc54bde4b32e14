package dev.pando.libp2p.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pando.libp2p.Waiting;
import dev.pando.libp2p.crypto.Conscrypt;
import dev.pando.libp2p.interop.JsPeer;
import dev.pando.libp2p.transport.tcp.Attacker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs {@link NetworkBench} as two processes, js-libp2p as two more, and what the machine does without either; prints a
 * JSON line for each measure and for each ratio, with the target it has. Without Conscrypt, unless the system property
 * {@link Conscrypt#PROPERTY} is true. What is asserted is that everything was
 * measured: figures of a machine that does something else besides are not worth a failure.
 */
@Tag("bench")
class NetworkBenchTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOPIC = "bench";

    private static final int JS_STREAM_BYTES = 300_000_000;

    private final List<Process> processes = new ArrayList<>();
    private final Map<String, Double> measured = new LinkedHashMap<>();

    @AfterEach
    void endAll() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process start(Class<?> main, String... args) throws IOException {
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx512m",
                "-D" + Conscrypt.PROPERTY + "=" + System.getProperty(Conscrypt.PROPERTY, "false"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    private String server() throws IOException {
        return server("serve");
    }

    private String server(String kind) throws IOException {
        return start(NetworkBench.class, kind)
                .inputReader(StandardCharsets.UTF_8)
                .readLine();
    }

    /** Runs a client to its end and takes its measures over. */
    private Map<String, Double> client(String... args) throws Exception {
        var client = start(NetworkBench.class, args);
        var values = new LinkedHashMap<String, Double>();
        try (var lines = client.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(line);
                var json = JSON.readTree(line);
                values.put(json.get("measure").asText(), json.get("value").asDouble());
            }
        }
        assertThat(client.waitFor()).isZero();
        measured.putAll(values);
        return values;
    }

    private void js(String measure, double value) {
        measured.put("js_" + measure, value);
        NetworkBench.report(true, "js_" + measure, value);
    }

    private double of(String measure) {
        assertThat(measured).containsKey(measure);
        return measured.get(measure);
    }

    private static void target(String name, double value, String bound, double target) {
        boolean holds = bound.equals(">=") ? value >= target : value <= target;
        System.out.printf(
                Locale.ROOT,
                "{\"bench\":\"libp2p\",\"ratio\":\"%s\",\"value\":%.3f,\"target\":\"%s %s\",\"holds\":%s,\"jdk\":\"%s\"}%n",
                name,
                value,
                bound,
                target,
                holds,
                Runtime.version().feature());
        assertThat(value).isPositive();
    }

    @Test
    void streamsPingsAndDials() throws Exception {
        client("raw");
        client("measure", server());
        try (var one = JsPeer.start();
                var other = JsPeer.start()) {
            var peer = JsPeer.args().put("peer", one.peerId().toString());
            var address = one.address().toString();
            other.run(
                    "dialMany", JsPeer.args().put("addr", address).put("n", 100).put("parallel", 1));
            js(
                    "sequential_dials_per_s",
                    other.run(
                                    "dialMany",
                                    JsPeer.args()
                                            .put("addr", address)
                                            .put("n", 300)
                                            .put("parallel", 1))
                            .get("perSecond")
                            .asDouble());
            other.run("dial", JsPeer.args().put("addr", address));
            for (var direction : List.of("up", "up", "down")) {
                js(
                        "stream_" + direction + "_mb_per_s",
                        other.run(
                                        "perf",
                                        peer.deepCopy()
                                                .put(direction, JS_STREAM_BYTES)
                                                .put("timeout", 60_000))
                                .get("mbPerSecond")
                                .asDouble());
            }
            other.run("pingStream", peer.deepCopy().put("n", 1_000));
            js(
                    "ping_median_ms",
                    other.run("pingStream", peer.deepCopy().put("n", 3_000))
                            .get("medianMs")
                            .asDouble());
        }
        double bound = 1 / (1 / of("raw_cipher_mb_per_s") + 1 / of("raw_tcp_mb_per_s"));
        for (var direction : List.of("up", "down")) {
            String stream = "stream_" + direction + "_mb_per_s";
            target("stream_" + direction + "_of_bound", of(stream) / bound, ">=", 0.5);
            target("stream_" + direction + "_of_js", of(stream) / of("js_" + stream), ">=", 2);
        }
        target("ping_median_ms", of("ping_median_ms"), "<=", 0.15);
        target("dials_of_js", of("sequential_dials_per_s") / of("js_sequential_dials_per_s"), ">=", 6);
        target("idle_connection_bytes", of("idle_connection_bytes"), "<=", 40 << 10);
    }

    @Test
    void gossip() throws Exception {
        client("gossip", server());
        for (boolean signed : new boolean[] {false, true}) {
            String measure = signed ? "gossip_signed_per_s" : "gossip_unsigned_per_s";
            js(measure, jsGossip(signed ? "strict" : "none"));
            target(measure + "_of_js", of(measure) / of("js_" + measure), ">=", signed ? 5 : 10);
        }
    }

    private static double jsGossip(String sign) {
        try (var one = JsPeer.start("--gossip", "--sign", sign);
                var other = JsPeer.start("--gossip", "--sign", sign)) {
            var topic = JsPeer.args().put("topic", TOPIC);
            other.run("dial", JsPeer.args().put("addr", one.address().toString()));
            for (var js : List.of(one, other)) {
                js.run("subscribe", topic.deepCopy());
                js.run("quiet", JsPeer.args());
            }
            Waiting.until(
                    "the two are in one mesh",
                    () -> other.run("subscribers", topic.deepCopy())
                            .get("mesh")
                            .toString()
                            .contains(one.peerId().toString()));
            double rate = 0;
            for (int n : new int[] {20_000, 40_000}) {
                one.run("seen", JsPeer.args().put("reset", true));
                other.run(
                        "publishMany",
                        topic.deepCopy().put("n", n).put("size", 300).put("burst", 20));
                Waiting.until(
                        "all are delivered",
                        Duration.ofSeconds(60),
                        () -> one.run("seen", JsPeer.args()).get("count").asInt() >= n);
                rate = one.run("seen", JsPeer.args()).get("perSecond").asDouble();
            }
            return rate;
        }
    }

    @Test
    void underAttack() throws Exception {
        String address = server("victim");
        client("attacked", address); // the victim's code is compiled
        double alone = client("attacked", address).get("request_p99_ms");
        for (var attack : Attacker.Attack.values()) {
            Process attacker = start(Attacker.class, address, attack.name());
            double attacked = client("attacked", address).get("request_p99_ms");
            attacker.destroyForcibly().waitFor();
            target("p99_under_" + attack.name().toLowerCase(Locale.ROOT), attacked / alone, "<=", 3);
        }
    }
}
