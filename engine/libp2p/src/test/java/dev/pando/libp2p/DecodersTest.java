package dev.pando.libp2p;

import static dev.pando.libp2p.Waiting.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.multistream.Negotiation;
import dev.pando.libp2p.record.PeerRecord;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, a decoder gives a value that it can write again, or refuses in its one way. */
class DecodersTest {
    private static final byte[] ADDRESS =
            Multiaddr.parse("/ip4/192.0.2.1/tcp/1/p2p/" + key(1).peerId()).toBytes();
    private static final byte[] RECORD =
            new PeerRecord(key(1).peerId(), 1, List.of(Multiaddr.fromBytes(ADDRESS))).seal(key(1));

    private static <T> Optional<T> decode(Function<byte[], T> decoder, byte[] bytes) {
        try {
            return Optional.of(decoder.apply(bytes));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Property
    void takeAnyBytes(@ForAll @Size(max = 200) byte[] bytes) {
        decode(Multiaddr::fromBytes, bytes)
                .ifPresent(a -> assertThat(Multiaddr.fromBytes(a.toBytes())).isEqualTo(a));
        decode(PeerId::fromBytes, bytes).ifPresent(p -> assertThat(p.toBytes()).isEqualTo(bytes));
        decode(PublicKey::fromBytes, bytes)
                .ifPresent(k -> assertThat(k.toBytes()).isEqualTo(bytes));
        decode(KeyPair::fromBytes, bytes);
        decode(PeerRecord::open, bytes);
        assertThat(key(1).publicKey().verify(new byte[0], bytes)).isFalse();
        negotiate(Negotiation.listener(name -> false), bytes);
        negotiate(Negotiation.dialer(List.of("/a")), bytes);
    }

    private static void negotiate(Negotiation negotiation, byte[] bytes) {
        try {
            negotiation.receive(ByteBuffer.wrap(bytes));
        } catch (HostException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    @Property
    void takeValuesWithAByteChanged(@ForAll @IntRange(max = 500) int at, @ForAll byte value) {
        byte[] address = ADDRESS.clone();
        address[at % address.length] = value;
        decode(Multiaddr::fromBytes, address)
                .ifPresent(a -> assertThat(Multiaddr.parse(a.toString())).isEqualTo(a));
        byte[] record = RECORD.clone();
        boolean changed = record[at % record.length] != value;
        record[at % record.length] = value;
        assertThat(decode(PeerRecord::open, record).isPresent()).isEqualTo(!changed);
    }

    @Test
    void refuseAKeyThatSpellsOutItsCurve() throws Exception {
        var curve = SECNamedCurves.getByName("secp256r1");
        var explicit = new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve.toASN1Primitive()),
                curve.getG().getEncoded(false));
        assertThatThrownBy(() -> PublicKey.of(KeyType.ECDSA, explicit.getEncoded()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("named curve");
    }
}
