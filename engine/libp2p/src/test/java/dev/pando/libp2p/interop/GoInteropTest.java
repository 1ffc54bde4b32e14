package dev.pando.libp2p.interop;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.pattern;
import static dev.pando.libp2p.Waiting.readAll;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.KeyType;
import dev.pando.libp2p.Libp2pHost;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Waiting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The core with go-libp2p, in both directions of dialling and all kinds of identity; src/test/go-peer is the other side. */
@Tag("soak")
class GoInteropTest {
    private static final String ECHO = "/test/echo/1.0.0";
    private static final int MUCH = 5_000_000;

    /** A go-libp2p process. */
    private static final class GoPeer implements AutoCloseable {
        private final Process process;
        private final BufferedReader answers;
        private final Writer commands;
        final Multiaddr address;

        GoPeer(String kind) throws IOException {
            var program = System.getProperty("pando.gopeer");
            if (program == null) {
                throw new IllegalStateException("build src/test/go-peer, and name the program by -Dpando.gopeer");
            }
            process = new ProcessBuilder(program, kind)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            answers = process.inputReader();
            commands = process.outputWriter();
            address = Multiaddr.parse(answers.readLine().substring("ready ".length()));
        }

        String ask(String command) throws IOException {
            commands.write(command + "\n");
            commands.flush();
            return answers.readLine();
        }

        PeerId peerId() {
            return address.peerId().orElseThrow();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ed25519, true, true",
        "ed25519, true, false",
        "ed25519, false, true",
        "ed25519, false, false",
        "secp256k1, true, true",
        "rsa, true, false",
        "ecdsa, true, true"
    })
    void speaksWithGo(String kind, boolean earlyMuxer, boolean weDial) throws Exception {
        try (var host = Libp2pHost.builder(key(1))
                        .listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"))
                        .earlyMuxer(earlyMuxer)
                        .start();
                var go = new GoPeer(kind)) {
            host.handle(ECHO, Waiting::echo);
            if (weDial) {
                assertThat(await(host.connect(go.address))).isEqualTo(go.peerId());
            } else {
                assertThat(go.ask("dial " + host.addresses().get(0))).isEqualTo("ok");
            }
            until("we know go", () -> host.isConnected(go.peerId()));
            go.peerId()
                    .publicKey()
                    .ifPresent(k -> assertThat(k.type()).isIn(KeyType.ED25519, KeyType.SECP256K1, KeyType.ECDSA));

            var us = host.peerId().toString();
            assertThat(await(host.ping(go.peerId()))).isPositive();
            assertThat(go.ask("ping " + us)).isEqualTo("ok");

            var stream = await(host.newStream(go.peerId(), ECHO));
            var back = CompletableFuture.supplyAsync(() -> readAll(stream));
            stream.write(ByteBuffer.wrap(pattern(MUCH)));
            await(stream.closeWrite());
            assertThat(Arrays.equals(await(back), pattern(MUCH))).isTrue();
            assertThat(go.ask("echo " + us + " " + MUCH)).isEqualTo("ok");

            until("go knows what we serve", () -> asks(go, "protocols " + us).contains(ECHO));
            host.handle("/test/late/1.0.0", late -> late.close());
            until("go hears our push", () -> asks(go, "protocols " + us).contains("/test/late/1.0.0"));
            assertThat(host.knownAddresses(go.peerId())).contains(go.address.withoutPeerId());
        }
    }

    private static String asks(GoPeer go, String command) {
        try {
            return go.ask(command);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
