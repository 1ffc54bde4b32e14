package dev.pando.libp2p.record;

import static dev.pando.libp2p.Waiting.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.Multiaddr;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerRecordTest {
    private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.1/tcp/9171");

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
