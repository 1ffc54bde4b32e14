package dev.pando.ipld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Golden bytes: what the specifications publish is read, written back the same, or refused. */
class DagCborFixturesTest {

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "dag-cbor-fixtures.csv", maxCharsPerColumn = 100_000)
    void crossCodecFixture(String name, String hex, String cid) {
        byte[] bytes = Hex.bytes(hex);
        assertThat(Hex.of(DagCbor.encode(DagCbor.decode(bytes)))).isEqualTo(hex);
        assertThat(Cid.ofSha256(Cid.DAG_CBOR, bytes)).hasToString(cid);
    }

    @ParameterizedTest
    @CsvFileSource(resources = "rfc8949-values.csv")
    void integersOfTheRfc(BigInteger value, String hex) {
        boolean isLong = value.bitLength() < 64;
        assertThat(DagCbor.decode(Hex.bytes(hex))).isEqualTo(isLong ? (Object) value.longValueExact() : value);
        assertThat(Hex.of(DagCbor.encode(value))).isEqualTo(hex);
        assertThat(new CborReader(Hex.bytes(hex)).readInteger()).isEqualTo(value);
        if (isLong) {
            assertThat(Hex.of(DagCbor.encode(value.longValueExact()))).isEqualTo(hex);
            assertThat(new CborReader(Hex.bytes(hex)).readInt()).isEqualTo(value.longValueExact());
        } else {
            assertThatThrownBy(() -> new CborReader(Hex.bytes(hex)).readInt()).isInstanceOf(DecodeException.class);
        }
    }

    @ParameterizedTest(name = "{2}")
    @CsvFileSource(resources = "dag-cbor-refused.csv")
    void refused(String hex, String reason, String rule) {
        assertThatThrownBy(() -> DagCbor.decode(Hex.bytes(hex)))
                .as(rule)
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining("offset");
        assertThatThrownBy(() -> skipWhole(Hex.bytes(hex)))
                .as(rule)
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void decodesToTheModel() {
        Object value = DagCbor.decode(Hex.bytes("a6 6162 41a1 6174 63e6b0b4 626462 fb3fe0000000000000"
                + "626661 f4 626e6c f6 636c6e6b 82 20 d82a4a00015500050001020304"));
        assertThat(value).isInstanceOf(Map.class);
        Map<?, ?> map = (Map<?, ?>) value;
        assertThat(map.keySet().toArray()).containsExactly("b", "t", "db", "fa", "nl", "lnk");
        assertThat((byte[]) map.get("b")).containsExactly(0xa1);
        assertThat(map.get("t")).isEqualTo("\u6c34");
        assertThat(map.get("db")).isEqualTo(0.5);
        assertThat(map.get("fa")).isEqualTo(false);
        assertThat(map.get("nl")).isNull();
        assertThat(map.get("lnk")).isEqualTo(Arrays.asList(-1L, Cid.parse("bafkqabiaaebagba")));
    }

    @Test
    void sortsKeysByLengthThenBytes() {
        Map<String, Object> map =
                Map.of("aa", 1L, "b", 2L, "\u00e9", 3L, "", 4L, "\ud800\udd51", 5L, "\uffee", 6L, "zzzz", 7L);
        assertThat(Hex.of(DagCbor.encode(map)))
                .isEqualTo("a7" + "6004" + "616202" + "62616101" + "62c3a903" + "63efbfae06" + "647a7a7a7a07"
                        + "64f090859105");
        List<String> keys = map.keySet().stream().sorted(DagCbor.KEY_ORDER).toList();
        assertThat(keys).containsExactly("", "b", "aa", "\u00e9", "\uffee", "zzzz", "\ud800\udd51");
    }

    @Test
    void minusZeroIsKept() {
        assertThat(Hex.of(DagCbor.encode(-0.0))).isEqualTo("fb8000000000000000");
        assertThat(DagCbor.decode(Hex.bytes("fb8000000000000000"))).isEqualTo(-0.0);
    }

    @Test
    void nestsSixtyFourDeepAndNoDeeper() {
        byte[] deepest = Hex.bytes("81".repeat(63) + "80");
        assertThat(DagCbor.encode(DagCbor.decode(deepest))).isEqualTo(deepest);
        byte[] tooDeep = Hex.bytes("81".repeat(64) + "80");
        assertThatThrownBy(() -> DagCbor.decode(tooDeep))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("deeper than 64");
        assertThatThrownBy(() -> skipWhole(tooDeep)).isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> DagCbor.decode(Hex.bytes("81".repeat(1_000_000))))
                .isInstanceOf(DecodeException.class);
    }

    private static void skipWhole(byte[] bytes) {
        CborReader reader = new CborReader(bytes);
        reader.skip();
        reader.end();
    }
}
