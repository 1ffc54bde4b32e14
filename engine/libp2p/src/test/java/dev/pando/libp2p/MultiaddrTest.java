package dev.pando.libp2p;

import static dev.pando.libp2p.Waiting.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.pando.libp2p.record.PeerRecord;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultiaddrTest {
    private static final String PEER = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
    private static final String RELAY = "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N";

    /** Bytes put together by hand from the codes of the multicodec table. */
    @ParameterizedTest
    @CsvSource({
        "/ip4/127.0.0.1/tcp/4001, 047f000001060fa1",
        "/ip4/1.2.3.4/udp/80/quic-v1, 0401020304 91020050 cd03",
        "/ip6/2001:db8::1/tcp/443, 2920010db8000000000000000000000001 0601bb",
        "/ip6/::/tcp/0, 2900000000000000000000000000000000 060000",
        "/ip6/1:0:0:2::3/tcp/1, 2900010000000000020000000000000003 060001",
        "/dns4/example.org/tcp/443/wss, 360b6578616d706c652e6f7267 0601bb de03",
        "/dnsaddr/example.org, 380b6578616d706c652e6f7267",
        "/ip4/1.2.3.4/tcp/1/tls/sni/a.b/ws, 0401020304 060001 c003 c103 03612e62 dd03",
        "/memory/7, 8906 0000000000000007"
    })
    void readsAndWritesTextAndBytes(String text, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(HexFormat.of().formatHex(Multiaddr.parse(text).toBytes()))
                .isEqualTo(HexFormat.of().formatHex(bytes));
        assertThat(Multiaddr.fromBytes(bytes)).hasToString(text).isEqualTo(Multiaddr.parse(text));
    }

    @Test
    void writesTextInItsCanonicalForm() {
        assertThat(Multiaddr.parse("/ip6/2001:DB8:0:0:0:0:0:1/tcp/1/")).hasToString("/ip6/2001:db8::1/tcp/1");
        assertThat(Multiaddr.parse("/ip6/::ffff:1.2.3.4/tcp/1")).hasToString("/ip6/::ffff:102:304/tcp/1");
        assertThat(Multiaddr.parse("/ip6/1:2:3:4:5:6:7:0/tcp/1")).hasToString("/ip6/1:2:3:4:5:6:7:0/tcp/1");
        assertThat(Multiaddr.parse("/ip4/1.2.3.4/tcp/1/ipfs/" + PEER)).hasToString("/ip4/1.2.3.4/tcp/1/p2p/" + PEER);
        var hash = "/ip4/1.2.3.4/udp/1/webrtc-direct/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g";
        assertThat(Multiaddr.parse(hash)).hasToString(hash);
        assertThat(Multiaddr.fromBytes(Multiaddr.parse(hash).toBytes())).hasToString(hash);
    }

    @Test
    void namesThePeerAtTheEndOfTheWay() {
        var plain = Multiaddr.parse("/ip4/1.2.3.4/tcp/1");
        assertThat(plain.peerId()).isEmpty();
        assertThat(plain.withPeerId(PeerId.parse(PEER)).peerId()).contains(PeerId.parse(PEER));
        assertThat(plain.withPeerId(PeerId.parse(PEER))
                        .withPeerId(key(1).peerId())
                        .peerId())
                .contains(key(1).peerId());
        assertThat(plain.withPeerId(PeerId.parse(PEER)).withoutPeerId()).isEqualTo(plain);
        assertThat(plain.withoutPeerId()).isEqualTo(plain);
        var relayed = Multiaddr.parse("/ip4/1.2.3.4/tcp/1/p2p/" + RELAY + "/p2p-circuit/p2p/" + PEER);
        assertThat(relayed.peerId()).contains(PeerId.parse(PEER));
        assertThat(relayed.withoutPeerId()).hasToString("/ip4/1.2.3.4/tcp/1/p2p/" + RELAY + "/p2p-circuit");
        assertThat(relayed.withoutPeerId().peerId()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "ip4/1.2.3.4",
                "//",
                "/ip4",
                "/ip4/1.2.3",
                "/ip4/1.2.3.256",
                "/ip4/01.2.3.4",
                "/ip4/example.org",
                "/ip6/1.2.3.4",
                "/ip6/:::",
                "/ip6/example.org:1",
                "/ip4/1.2.3.4/tcp",
                "/ip4/1.2.3.4/tcp/65536",
                "/ip4/1.2.3.4/tcp/-1",
                "/ip4/1.2.3.4/tcp/01",
                "/ip4/1.2.3.4/tcp/1/p2p/12D3",
                "/ip4/1.2.3.4/tcp/1/unheard-of",
                "/dns/",
                "/dns//tcp/1"
            })
    void saysWhatAnAddressLooksLike(String text) {
        assertThatThrownBy(() -> Multiaddr.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/ip4/192.0.2.1/tcp/9171");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "04",
                "047f0000",
                "ffffffffffffff7f",
                "80",
                "047f00000106",
                "3680",
                "36ffffffff0f00",
                "3603612f62",
                "3602c328",
                "a50302ffff",
                "9f0f"
            })
    void refusesBytesThatAreNoAddress(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> Multiaddr.fromBytes(bytes)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsTooLong() {
        assertThatThrownBy(() -> Multiaddr.parse("/dns/" + "a".repeat(2_000)));
        assertThatThrownBy(() -> Multiaddr.parse("/ip4/1.2.3.4".repeat(40)));
        assertThatThrownBy(() -> Multiaddr.fromBytes(new byte[2_000]));
    }

    @Test
    void skipsTheUnknownOnesOfAList() {
        var known = Multiaddr.parse("/ip4/1.2.3.4/tcp/1");
        var list = List.of(
                ByteString.copyFrom(HexFormat.of().parseHex("9f0f")),
                ByteString.copyFrom(known.toBytes()),
                ByteString.copyFrom(HexFormat.of().parseHex("0401")));
        assertThat(PeerRecord.readAddresses(list)).containsExactly(known);
    }
}
