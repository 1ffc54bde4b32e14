package dev.pando.libp2p.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.HostLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class InboundGateTest {
    private final InboundGate gate = new InboundGate(HostLimits.DEFAULT, true);

    private static InetAddress ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    @Test
    void letsFewHandshakesOfOneAddressIn() throws Exception {
        int entered = 0;
        for (int i = 0; i < 1_000; i++) {
            entered += gate.enter(ip("192.0.2.1")) ? 1 : 0;
        }
        assertThat(entered).isEqualTo(HostLimits.DEFAULT.handshakesPerAddressMax());
        assertThat(gate.enter(ip("192.0.2.2"))).isTrue();
        gate.leave(ip("192.0.2.1"), false);
        assertThat(gate.enter(ip("192.0.2.1"))).isTrue();
    }

    @Test
    void letsSomeProvenConnectionsOfOneAddressStay() throws Exception {
        for (int i = 0; i < HostLimits.DEFAULT.connectionsPerAddressMax(); i++) {
            assertThat(gate.enter(ip("192.0.2.1"))).isTrue();
            assertThat(gate.prove(ip("192.0.2.1"))).isTrue();
        }
        assertThat(gate.enter(ip("192.0.2.1"))).isTrue();
        assertThat(gate.prove(ip("192.0.2.1"))).isFalse();
    }

    @Test
    void takesANetworkOfIpv6ForOneAddress() throws Exception {
        int entered = 0;
        for (int i = 0; i < 100; i++) {
            entered += gate.enter(ip("2001:db8::" + i)) ? 1 : 0;
        }
        assertThat(entered).isEqualTo(HostLimits.DEFAULT.handshakesPerAddressMax());
    }

    @Test
    void exemptsLoopbackFromAllButTheTotal() throws Exception {
        int entered = 0;
        for (int i = 0; i < 1_000; i++) {
            entered += gate.enter(ip("127.0.0.1")) ? 1 : 0;
        }
        assertThat(entered).isEqualTo(HostLimits.DEFAULT.connectionsMax());
    }
}
