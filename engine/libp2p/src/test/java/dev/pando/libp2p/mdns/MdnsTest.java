package dev.pando.libp2p.mdns;

import static dev.pando.libp2p.Waiting.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.Multiaddr;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MdnsTest {
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.1/tcp/9171");

    /* Packets are compared with this, byte by byte: a question as any tool sends it. */
    private static final String QUESTION =
            "000000000001000000000000" + "045f7032700" + "45f756470056c6f63616c00" + "000c0001";

    private final MdnsProtocol asker = new MdnsProtocol(key(1).peerId(), new SecureRandom());
    private final MdnsProtocol answerer = new MdnsProtocol(key(2).peerId(), new SecureRandom());

    @Test
    void asksAsAnyToolDoes() {
        assertThat(HexFormat.of().formatHex(asker.query().encode())).isEqualTo(QUESTION);
        assertThat(MdnsPacket.decode(HexFormat.of().parseHex(QUESTION))).isEqualTo(asker.query());
    }

    @Test
    void isFoundByWhoeverAsks() {
        var query = MdnsPacket.decode(asker.query().encode());
        var answer = answerer.answer(query, List.of(ADDRESS)).orElseThrow();
        var found = asker.found(MdnsPacket.decode(answer.encode())).orElseThrow();
        assertThat(found.peer()).isEqualTo(key(2).peerId());
        assertThat(found.addresses()).containsExactly(ADDRESS);
        assertThat(answerer.found(answer)).as("itself").isEmpty();
    }

    @Test
    void answersOnlyWhatItIsAskedAndKnows() {
        assertThat(answerer.answer(asker.query(), List.of())).isEmpty();
        assertThat(answerer.answer(MdnsPacket.query("_ipp._tcp.local", MdnsPacket.PTR), List.of(ADDRESS)))
                .isEmpty();
        assertThat(answerer.answer(MdnsPacket.query(MdnsProtocol.SERVICES, MdnsPacket.ANY), List.of(ADDRESS)))
                .hasValueSatisfying(services -> assertThat(services.records())
                        .containsExactly(new MdnsPacket.Pointer(MdnsProtocol.SERVICES, MdnsProtocol.SERVICE)));
    }

    @Test
    void believesNoAnswerThatNamesTwoPeersOrNone() {
        var pointer = new MdnsPacket.Pointer(MdnsProtocol.SERVICE, "x." + MdnsProtocol.SERVICE);
        var mixed = new MdnsPacket.Text(
                pointer.target(),
                List.of(
                        "dnsaddr=/ip4/192.0.2.1/tcp/1",
                        "dnsaddr=/no/such/thing",
                        "other=1",
                        "dnsaddr=" + ADDRESS.withPeerId(key(3).peerId()),
                        "dnsaddr=" + ADDRESS.withPeerId(key(4).peerId())));
        assertThat(asker.found(new MdnsPacket(true, List.of(), List.of(pointer, mixed))))
                .hasValueSatisfying(found -> {
                    assertThat(found.peer()).isEqualTo(key(3).peerId());
                    assertThat(found.addresses()).containsExactly(ADDRESS);
                });
        assertThat(asker.found(new MdnsPacket(true, List.of(), List.of(pointer))))
                .isEmpty();
        assertThat(asker.found(new MdnsPacket(true, List.of(), List.of(mixed)))).isEmpty();
    }

    @Test
    void followsPointersBackAndNeverRound() {
        byte[] compressed = HexFormat.of()
                .parseHex("000084000000000100000000" + "045f703270045f756470056c6f63616c00" + "000c000100000078"
                        + "0004" + "0161c00c");
        assertThat(MdnsPacket.decode(compressed).records())
                .containsExactly(new MdnsPacket.Pointer(MdnsProtocol.SERVICE, "a." + MdnsProtocol.SERVICE));
        byte[] round = HexFormat.of().parseHex("000000000001000000000000" + "c00c" + "000c0001");
        assertThatThrownBy(() -> MdnsPacket.decode(round)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatEndsTooSoon() {
        byte[] whole =
                answerer.answer(asker.query(), List.of(ADDRESS)).orElseThrow().encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> MdnsPacket.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
        try {
            assertThat(MdnsPacket.decode(bytes).records()).hasSizeLessThanOrEqualTo(256);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }
}
