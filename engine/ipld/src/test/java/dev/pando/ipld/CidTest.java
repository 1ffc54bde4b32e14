package dev.pando.ipld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class CidTest {

    @ParameterizedTest
    @CsvFileSource(resources = "cid.csv")
    void publishedExamples(String text, int version, long codec, long hash, String digest) {
        Cid cid = Cid.parse(text);
        assertThat(cid.version()).isEqualTo(version);
        assertThat(cid.codec()).isEqualTo(codec);
        assertThat(cid.hashFunction()).isEqualTo(hash);
        assertThat(Hex.of(cid.digest())).isEqualTo(digest);
        assertThat(cid.multihash()).isEqualTo(new Multihash(hash, Hex.bytes(digest)));
        assertThat(Cid.fromBytes(cid.toBytes())).isEqualTo(cid).hasSameHashCodeAs(cid);
        assertThat(Cid.parse(cid.toString())).isEqualTo(cid);
        String canonical = version == 0 || text.startsWith("b") ? text : Multibase.encodeBase32(cid.toBytes());
        assertThat(cid).hasToString(canonical);
        if (version == 1) {
            assertThat(Cid.of(codec, cid.multihash())).isEqualTo(cid);
        }
    }

    @Test
    void hashesABlock() {
        byte[] block = "aaaa".getBytes(StandardCharsets.UTF_8);
        Cid cid = Cid.ofSha256(Cid.RAW, block);
        assertThat(cid).hasToString("bafkreidbxzk2ryxwwtqxem4l3xyyjvw35yu4tcct4cqeqxwo47zhxgxqwq");
        assertThat(cid.byteLength()).isEqualTo(Cid.SHA256_BYTES);
        assertThat(cid.matches(block)).isTrue();
        assertThat(cid.matches(new byte[4])).isFalse();
        assertThat(new Block(cid, block).matches()).isTrue();
        assertThat(new Block(cid, new byte[4]).matches()).isFalse();
    }

    @Test
    void matchesIdentityContentAndNoUnknownHash() {
        assertThat(Cid.parse("bafkqabiaaebagba").matches(new byte[] {0, 1, 2, 3, 4}))
                .isTrue();
        assertThat(Cid.parse("bafkqabiaaebagba").matches(new byte[] {0, 1, 2, 3, 5}))
                .isFalse();
        assertThat(Cid.parse("z8mWaJ1dZ9fH5EetPuRsj8jj26pXsgpsr").matches(new byte[0]))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "'', empty text",
        "QmQg1v4o9xdT3Q14wh4S7dxZkDjyZ9ssFzFzyep1YrVJB, multibase prefix 'Q'",
        "QmQg1v4o9xdT3Q14wh4S7dxZkDjyZ9ssFzFzyep1YrVJB0, base58btc digit",
        "zQmQg1v4o9xdT3Q14wh4S7dxZkDjyZ9ssFzFzyep1YrVJBY, without a multibase prefix",
        "bafkreiebzrnroamgos2adnbpgw5apo3z4iishhbdx77gldnbk57d4zdio, stray bits",
        "f00551220, CID version 0",
        "f02551220, CID version 2",
        "f01, cut off",
        "f0155, cut off",
        "f015512, cut off",
        "f01551220, cut off",
        "f0155000100ff, followed by 1 more",
    })
    void refusesWithAReason(String text, String reason) {
        assertThatThrownBy(() -> Cid.parse(text))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void abbreviatesWhatItQuotes() {
        assertThatThrownBy(() -> Cid.parse("!".repeat(1_000_000)))
                .isInstanceOf(DecodeException.class)
                .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(300));
    }

    @Test
    void readsOneOutOfMany() {
        Cid v1 = Cid.ofSha256(Cid.DAG_CBOR, new byte[] {1});
        Cid v0 = Cid.parse("QmQg1v4o9xdT3Q14wh4S7dxZkDjyZ9ssFzFzyep1YrVJBY");
        ByteBuffer buffer = ByteBuffer.allocate(v1.byteLength() + v0.byteLength() + 1);
        v1.write(buffer);
        v0.write(buffer);
        buffer.flip().limit(buffer.capacity());
        assertThat(Cid.read(buffer)).isEqualTo(v1);
        assertThat(Cid.read(buffer)).isEqualTo(v0);
        assertThat(buffer.remaining()).isEqualTo(1);
    }

    @Property
    void ordersByUnsignedBytes(@ForAll @Size(32) byte[] a, @ForAll @Size(32) byte[] b) {
        Cid x = Cid.ofDigest(Cid.DAG_CBOR, a);
        Cid y = Cid.ofDigest(Cid.DAG_CBOR, b);
        assertThat(Integer.signum(x.compareTo(y))).isEqualTo(Integer.signum(Arrays.compareUnsigned(a, b)));
        assertThat(x.equals(y)).isEqualTo(Arrays.equals(a, b));
        assertThat(Cid.parse(x.toString())).isEqualTo(x);
    }

    @Property
    void anyBytesAreACidThatWritesTheSameBytesOrAreRefused(@ForAll @Size(max = 40) byte[] bytes) {
        byte[] again;
        try {
            again = Cid.fromBytes(bytes).toBytes();
        } catch (DecodeException e) {
            return;
        }
        assertThat(again).isEqualTo(bytes);
    }
}
