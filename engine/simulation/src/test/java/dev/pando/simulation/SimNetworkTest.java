package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.HostListener;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.MessageStream;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Stream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimNetworkTest {

    private static final String PROTOCOL = "/test/1";
    private static final Duration SHORT = Duration.ofSeconds(5);

    private Simulation simulation = new Simulation(0);
    private SimNetwork network = new SimNetwork(simulation);
    private SimMachine[] machines = new SimMachine[0];
    private Host[] hosts = new Host[0];
    private final List<String> seen = new ArrayList<>();

    @BeforeEach
    void twoHosts() throws Exception {
        begin(7);
    }

    private void begin(long seed) throws HostException {
        simulation = new Simulation(seed);
        network = new SimNetwork(simulation);
        machines = new SimMachine[] {new SimMachine(simulation, 0), new SimMachine(simulation, 1)};
        hosts = new Host[2];
        for (int i = 0; i < 2; i++) {
            byte[] key = new byte[KeyPair.SEED_BYTES];
            machines[i].random().nextBytes(key);
            hosts[i] = network.newHost(machines[i], KeyPair.fromSeed(key), List.of(machines[i].address()));
            String name = "host " + i;
            hosts[i].addListener(new HostListener() {
                @Override
                public void onConnected(PeerId peer) {
                    seen.add(name + " connected");
                }

                @Override
                public void onDisconnected(PeerId peer) {
                    seen.add(name + " disconnected");
                }
            });
        }
    }

    private <T> T get(CompletableFuture<T> future) {
        simulation.runUntil(future::isDone, Duration.ofMinutes(2), "a future completes");
        return future.join();
    }

    private Multiaddr addressOf(int host) {
        return hosts[host].addresses().get(0);
    }

    private Stream[] openStream() {
        var accepted = new CompletableFuture<Stream>();
        hosts[1].handle(PROTOCOL, accepted::complete);
        get(hosts[0].connect(addressOf(1)));
        Stream opened = get(hosts[0].newStream(hosts[1].peerId(), PROTOCOL));
        return new Stream[] {opened, get(accepted)};
    }

    @Test
    void messagesArriveWholeAndInOrder() {
        Stream[] ends = openStream();
        var out = new MessageStream(ends[0], 1 << 20);
        var in = new MessageStream(ends[1], 1 << 20);
        for (int length : new int[] {0, 1, 100_000, 5, 1 << 20}) {
            byte[] message = new byte[length];
            Arrays.fill(message, (byte) length);
            var written = out.write(message);
            assertThat(get(in.read())).isEqualTo(message);
            get(written);
        }
        assertThat(seen).containsExactlyInAnyOrder("host 0 connected", "host 1 connected");
    }

    @Test
    void aWriterIsHeldBackByAReaderThatDoesNotRead() {
        Stream[] ends = openStream();
        var written = ends[0].write(ByteBuffer.wrap(new byte[2 << 20]));
        simulation.runFor(SHORT);
        assertThat(written).isNotDone();
        int got = 0;
        while (got < 2 << 20) {
            got += get(ends[1].read()).remaining();
        }
        assertThat(written).isCompleted();
    }

    @Test
    void whoWritesWithoutWaitingIsCutOff() {
        Stream[] ends = openStream();
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        for (int i = 0; i < 20 && !last.isCompletedExceptionally(); i++) {
            last = ends[0].write(ByteBuffer.wrap(new byte[1 << 20]));
        }
        assertThat(last).isCompletedExceptionally();
        simulation.runFor(SHORT);
        assertThat(ends[1].closed()).isCompletedExceptionally();
    }

    @Test
    void bytesWaitWhileADirectionIsCut() {
        Stream[] ends = openStream();
        network.cut(0, 1);
        ends[0].write(ByteBuffer.wrap(new byte[] {42}));
        var read = ends[1].read();
        simulation.runFor(SHORT);
        assertThat(read).isNotDone();
        network.mend(0, 1);
        assertThat(get(read).get()).isEqualTo((byte) 42);
    }

    @Test
    void aLongCutEndsTheConnectionAtBothEnds() {
        Stream[] ends = openStream();
        network.cut(1, 0);
        simulation.runFor(Duration.ofMinutes(1));
        assertThat(ends[0].closed()).isCompletedExceptionally();
        assertThat(ends[1].closed()).isCompletedExceptionally();
        assertThat(seen).contains("host 0 disconnected", "host 1 disconnected");
        assertThatThrownBy(() -> get(hosts[0].connect(addressOf(1))))
                .hasRootCauseInstanceOf(HostException.class)
                .hasMessageContaining("no answer");
    }

    @Test
    void aResetLosesWhatIsUnderWay() {
        Stream[] ends = openStream();
        ends[0].write(ByteBuffer.wrap(new byte[100]));
        network.reset(0, 1);
        assertThat(ends[1].read()).isCompletedExceptionally();
        assertThat(hosts[0].isConnected(hosts[1].peerId())).isFalse();
    }

    @Test
    void theOtherEndLearnsOfACrash() {
        Stream[] ends = openStream();
        var read = ends[1].read();
        network.crashed(machines[0], false);
        machines[0].crash();
        simulation.runFor(SHORT);
        assertThat(read).isCompletedExceptionally();
    }

    @Test
    void theOtherEndLearnsLateOfAPowerLoss() {
        Stream[] ends = openStream();
        var read = ends[1].read();
        network.crashed(machines[0], true);
        machines[0].crash();
        simulation.runFor(SHORT);
        assertThat(read).isNotDone();
        simulation.runFor(Duration.ofMinutes(1));
        assertThat(read).isCompletedExceptionally();
    }

    @Test
    void anotherIdentityThanTheExpectedOneIsRefused() {
        var wrong = addressOf(1).withPeerId(hosts[0].peerId());
        assertThatThrownBy(() -> get(hosts[0].connect(wrong))).hasMessageContaining("answered at");
    }

    @Test
    void aProtocolThatIsNotServedIsRefused() {
        get(hosts[0].connect(addressOf(1)));
        assertThatThrownBy(() -> get(hosts[0].newStream(hosts[1].peerId(), "/other/1")))
                .hasMessageContaining("serves none of");
    }

    @Test
    void aSeedRepeatsAndAnotherOneDiffers() throws Exception {
        long first = traceOf(1);
        assertThat(traceOf(1)).isEqualTo(first);
        assertThat(traceOf(2)).isNotEqualTo(first);
    }

    private long traceOf(long seed) throws HostException {
        begin(seed);
        messagesArriveWholeAndInOrderUnchecked();
        return simulation.traceHash();
    }

    private void messagesArriveWholeAndInOrderUnchecked() {
        Stream[] ends = openStream();
        ends[0].write(ByteBuffer.wrap(new byte[300_000]));
        simulation.runFor(SHORT);
    }
}
