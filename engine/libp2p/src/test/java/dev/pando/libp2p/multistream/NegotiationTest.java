package dev.pando.libp2p.multistream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.HostException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NegotiationTest {
    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes).toString();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void writesTheBytesOfTheSpecification() throws HostException {
        var dialer = Negotiation.dialer(List.of("/noise"));
        assertThat(text(dialer.output())).isEqualTo("\u0013/multistream/1.0.0\n\u0007/noise\n");
        var listener = Negotiation.listener(Set.of("/other")::contains);
        assertThat(text(listener.output())).isEqualTo("\u0013/multistream/1.0.0\n");
        listener.receive(bytes("\u0013/multistream/1.0.0\n\u0007/noise\n"));
        assertThat(text(listener.output())).isEqualTo("\u0003na\n");
    }

    @Test
    void agreesByteByByte() throws HostException {
        var dialer = Negotiation.dialer(List.of("/a", "/b", "/c"));
        var listener = Negotiation.listener(Set.of("/b", "/c")::contains);
        for (int i = 0; i < 10 && dialer.agreed().isEmpty(); i++) {
            for (var out = dialer.output(); out.hasRemaining(); ) {
                listener.receive(ByteBuffer.wrap(new byte[] {out.get()}));
            }
            for (var out = listener.output(); out.hasRemaining(); ) {
                dialer.receive(ByteBuffer.wrap(new byte[] {out.get()}));
            }
        }
        assertThat(dialer.agreed()).contains("/b");
        assertThat(listener.agreed()).contains("/b");
    }

    @Test
    void leavesWhatFollowsToTheProtocol() throws HostException {
        var listener = Negotiation.listener("/a"::equals);
        var in = bytes("\u0013/multistream/1.0.0\n\u0003/a\nhello");
        listener.receive(in);
        assertThat(listener.agreed()).contains("/a");
        assertThat(text(in)).isEqualTo("hello");
    }

    @Test
    void readsNamesOfMoreThan127Bytes() throws HostException {
        var name = "/" + "x".repeat(300);
        var dialer = Negotiation.dialer(List.of(name));
        var listener = Negotiation.listener(name::equals);
        listener.receive(dialer.output());
        dialer.receive(listener.output());
        assertThat(dialer.agreed()).contains(name);
    }

    @Test
    void endsWithoutAProtocolInCommon() throws HostException {
        var dialer = Negotiation.dialer(List.of("/a"));
        var in = bytes("\u0013/multistream/1.0.0\n\u0003na\n");
        assertThatThrownBy(() -> dialer.receive(in))
                .isInstanceOfSatisfying(
                        HostException.class,
                        e -> assertThat(e.kind()).isEqualTo(HostException.Kind.UNSUPPORTED_PROTOCOL));
    }

    @Test
    void refusesOthersThanItself() {
        for (var bad : List.of(
                "\u0012/multistream/1.0.0",
                "\u0013/multistream/2.0.0\n",
                "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n" + "x".repeat(100),
                "\u0000",
                "\u00ff\u00ff\u00ff\u00ff",
                "\u0081\u0008",
                "\u00ff\u007f")) {
            var listener = Negotiation.listener(name -> true);
            assertThatThrownBy(() -> listener.receive(bytes(bad + "\n".repeat(200))))
                    .as(bad)
                    .isInstanceOf(HostException.class);
        }
    }

    @Test
    void refusesAnswersThatWereNotAskedFor() {
        var dialer = Negotiation.dialer(List.of("/a"));
        assertThatThrownBy(() -> dialer.receive(bytes("\u0013/multistream/1.0.0\n\u0003/b\n")))
                .isInstanceOf(HostException.class);
    }

    @Test
    void sendsAwayWhoKeepsProposing() throws HostException {
        var listener = Negotiation.listener(name -> false);
        var proposals = new ByteArrayOutputStream();
        proposals.writeBytes("\u0013/multistream/1.0.0\n".getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 1; i < Negotiation.PROPOSALS_MAX; i++) {
            proposals.writeBytes("\u0003/a\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        listener.receive(ByteBuffer.wrap(proposals.toByteArray()));
        assertThatThrownBy(() -> listener.receive(bytes("\u0003/a\n"))).isInstanceOf(HostException.class);
    }
}
