package dev.pando.libp2p;

import static dev.pando.libp2p.Waiting.await;
import static dev.pando.libp2p.Waiting.key;
import static dev.pando.libp2p.Waiting.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What 10,000 connections and 100,000 streams leave behind: nothing. */
@Tag("slow")
class LeakTest {
    private static final Multiaddr ANY_PORT = Multiaddr.parse("/ip4/127.0.0.1/tcp/0");
    private static final String ECHO = "/test/echo/1.0.0";
    private static final int CONNECTIONS = 10_000;
    private static final int STREAMS_OF_EACH = 10;
    private static final int SETTLED_AFTER = 1_000;
    private static final long RETAINED_BYTES_MAX = 1 << 20;

    /** Dialling hosts, each of which has one connection at a time. */
    private static final int DIALLERS = 8;

    @Test
    void retainsNothingOfWhatIsClosed() throws Exception {
        var server = Libp2pHost.builder(key(1)).listen(ANY_PORT).start();
        server.handle(ECHO, Waiting::echo);
        List<Libp2pHost> diallers = new ArrayList<>();
        for (int i = 0; i < DIALLERS; i++) {
            diallers.add(Libp2pHost.builder(key(10 + i)).threads(1).start());
        }
        round(server, diallers, SETTLED_AFTER);
        long settled = retained();
        round(server, diallers, CONNECTIONS - SETTLED_AFTER);
        long end = retained();
        diallers.forEach(Libp2pHost::close);
        server.close();
        assertThat(end - settled).isLessThan(RETAINED_BYTES_MAX);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().contains("pando-net"));
    }

    private static void round(Libp2pHost server, List<Libp2pHost> diallers, int connections) {
        var all = new ArrayList<CompletableFuture<Void>>();
        for (var dialler : diallers) {
            all.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < connections / diallers.size(); i++) {
                    connectAndTalk(server, dialler);
                }
            }));
        }
        all.forEach(CompletableFuture::join);
        until("all are gone", () -> server.connections().isEmpty());
    }

    private static void connectAndTalk(Libp2pHost server, Libp2pHost dialler) {
        await(dialler.connect(server.addresses().get(0)));
        var streams = new ArrayList<Stream>();
        for (int i = 0; i < STREAMS_OF_EACH; i++) {
            streams.add(await(dialler.newStream(server.peerId(), ECHO)));
        }
        for (int i = 0; i < STREAMS_OF_EACH; i++) {
            var stream = streams.get(i);
            stream.write(ByteBuffer.wrap(new byte[1_000]));
            if (i % 3 == 0) {
                stream.reset();
            } else {
                stream.closeWrite();
                assertThat(Waiting.readAll(stream)).hasSize(1_000);
            }
        }
        await(dialler.disconnect(server.peerId()));
    }

    private static long retained() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory() + direct;
    }
}
