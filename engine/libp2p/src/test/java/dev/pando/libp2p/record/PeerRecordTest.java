package dev.pando.libp2p.record;

import static dev.pando.libp2p.Waiting.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.Multiaddr;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerRecordTest {
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.1/tcp/9171");

    /** What go-libp2p 0.51 seals for the key whose seed is all ones: the specification has no bytes to show. */
    private static final String OF_GO = "0a24080112208a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"
            + "120203011a4f0a260024080112208a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c1080d095ffbc"
            + "311a0a0a0804c00002010623d31a120a10360b6578616d706c652e6f72670623d32a40c4c7411f1bc7df641d9aaefceb8a53c9f2"
            + "fae5129f0cec5776083a6765d95f19c5af7e3f48b9b504a9b7b8d86c14e48c03348827a6bf910eb75375d67044880b";

    @Test
    void writesTheBytesThatOthersWrite() {
        var record = new PeerRecord(
                key(1).peerId(), 1_700_000_000_000L, List.of(ADDRESS, Multiaddr.parse("/dns4/example.org/tcp/9171")));
        assertThat(HexFormat.of().formatHex(record.seal(key(1)))).isEqualTo(OF_GO);
        assertThat(PeerRecord.open(HexFormat.of().parseHex(OF_GO))).isEqualTo(record);
    }

    @Test
    void readsWhatItWrote() {
        var record = new PeerRecord(key(1).peerId(), 7, List.of(ADDRESS));
        assertThat(PeerRecord.open(record.seal(key(1)))).isEqualTo(record);
    }

    @Test
    void refusesARecordThatSomebodyElseSigned() {
        byte[] forged = new PeerRecord(key(1).peerId(), 7, List.of(ADDRESS)).seal(key(2));
        assertThatThrownBy(() -> PeerRecord.open(forged)).hasMessageContaining("somebody else");
    }

    @Test
    void refusesEachSpoiledByte() {
        byte[] sealed = new PeerRecord(key(1).peerId(), 7, List.of(ADDRESS)).seal(key(1));
        for (int i = 0; i < sealed.length; i++) {
            byte[] spoiled = sealed.clone();
            spoiled[i] ^= 0x10;
            assertThatThrownBy(() -> PeerRecord.open(spoiled))
                    .as("byte " + i)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void keepsPurposesApart() {
        byte[] sealed = Envelope.seal(key(1), "one", new byte[] {3, 1}, new byte[5]);
        assertThat(Envelope.open(sealed, "one", new byte[] {3, 1}).payload()).hasSize(5);
        assertThatThrownBy(() -> Envelope.open(sealed, "two", new byte[] {3, 1}))
                .hasMessageContaining("signature");
        assertThatThrownBy(() -> Envelope.open(sealed, "one", new byte[] {3, 2}))
                .hasMessageContaining("type");
    }
}
