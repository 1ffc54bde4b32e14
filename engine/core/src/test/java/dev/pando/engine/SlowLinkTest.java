package dev.pando.engine;

import static dev.pando.engine.SlowLinkMeasure.at;
import static dev.pando.engine.SlowLinkMeasure.fill;
import static dev.pando.engine.SlowLinkMeasure.letEverybodyWrite;
import static dev.pando.engine.SlowLinkMeasure.open;
import static dev.pando.engine.SlowLinkMeasure.port;
import static dev.pando.engine.SlowLinkMeasure.replicate;
import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Engine;
import dev.pando.PandoException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two engines with a bad link between them: what is missed goes on arriving, and who writes does not notice. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SlowLinkTest {

    /** As in the build: everything ten times as fast. */
    private static final SlowLink.Quality QUICK =
            new SlowLink.Quality(Duration.ofMillis(20), 320 << 10, Duration.ofMillis(300), 150_000, 350_000);

    /** 256 kbit/s, 200 ms, stands still for three seconds about every ten, breaks about once a minute. */
    private static final SlowLink.Quality SLOW =
            new SlowLink.Quality(Duration.ofMillis(200), 32 << 10, Duration.ofSeconds(3), 250_000, 1_500_000);

    @TempDir
    private Path directory;

    @Test
    void aBackfillGetsThroughDelaysStallsAndResets() throws Exception {
        try (Engine b = open(directory.resolve("b"), Optional.empty());
                var link = new SlowLink(QUICK, port(b));
                Engine a = open(directory.resolve("a"), Optional.of(link.port()))) {
            letEverybodyWrite(b);
            fill(a, 500, 1);
            replicate(a, b, link.port());
            until(
                    "all is there",
                    Duration.ofMinutes(2),
                    () -> a.stateHash(books(a)).equals(b.stateHash(books(b))));
            assertThat(rows(b, books(b))).isEqualTo(rows(a, books(a)));
            assertThat(link.stalls()).isPositive();
            assertThat(link.resets()).isPositive();
        }
    }

    @Test
    void aPullGetsThroughDelaysStallsAndResets() throws Exception {
        try (Engine a = open(directory.resolve("a"), Optional.empty());
                var link = new SlowLink(QUICK, port(a));
                Engine b = open(directory.resolve("b"), Optional.of(link.port()))) {
            letEverybodyWrite(a);
            letEverybodyWrite(b);
            fill(a, 500, 1);
            b.subscriptions().subscribe(List.of(books(b)));
            until("all is there", Duration.ofMinutes(2), () -> {
                keepConnected(b, a, link.port());
                b.subscriptions().sync(books(b), Duration.ofMillis(500));
                return a.stateHash(books(a)).equals(b.stateHash(books(b)));
            });
            assertThat(rows(b, books(b))).isEqualTo(rows(a, books(a)));
            assertThat(link.resets()).isPositive();
        }
    }

    /** Prints how far a back-fill came in a time that is too short for it, and what it cost who writes meanwhile. */
    @Test
    @Tag("bench")
    void writersDoNotNoticeASlowPeer() throws Exception {
        SlowLinkMeasure.through(directory, Optional.of(SLOW));
    }

    /** Exit code of the shell when the kernel made no such link. */
    private static final int NO_LINK = 97;

    /**
     * The same over a link that the kernel makes slow and lossy, in a network namespace of its own: Linux, root, iproute2
     * and the kernel's netem. {@code -Dpando.netem=} another quality than that of the other link.
     */
    @Test
    @Tag("soak")
    void writersDoNotNoticeALossyPeer() throws Exception {
        String netem = System.getProperty(
                "pando.netem", "tc qdisc add dev lo root netem delay 200ms 20ms loss 1% rate 256kbit");
        var process = new ProcessBuilder(
                        "unshare",
                        "--net",
                        "sh",
                        "-c",
                        "{ ip link set lo up && " + netem + "; } || exit " + NO_LINK + "; exec \"$@\"",
                        "namespace",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SlowLinkMeasure.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.print(said);
        int code = process.waitFor();
        boolean made = code != NO_LINK && !said.startsWith("unshare:");
        assertThat(made)
                .as("this needs root, unshare, iproute2 and a kernel with netem (sch_netem), which said: " + said)
                .isTrue();
        assertThat(code).as(said).isZero();
        assertThat(said).contains("\"benchmark\":\"slow-link\"");
    }

    private static void until(String what, Duration max, BooleanSupplier condition) {
        long end = System.nanoTime() + max.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static void keepConnected(Engine from, Engine to, int port) {
        if (from.network().peers().stream().noneMatch(peer -> peer.connected())) {
            try {
                from.network().connect(at(port).withPeerId(to.peerId()));
            } catch (PandoException e) {
                assertThat(e.kind()).as("the link broke meanwhile").isEqualTo(PandoException.Kind.UNREACHABLE);
            }
        }
    }
}
