package dev.pando.ipld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CborWriterTest {

    private final CborWriter writer = new CborWriter();

    @Test
    void isReusedAfterReset() {
        writer.startList(2);
        writer.writeInt(1);
        writer.reset().writeText("a");
        assertThat(writer.toByteArray()).isEqualTo(Hex.bytes("6161"));
        assertThat(writer.size()).isEqualTo(2);
    }

    @Test
    void refusesKeysOutOfOrder() {
        writer.startMap(2);
        writer.writeKey("b");
        writer.writeNull();
        assertThatThrownBy(() -> writer.writeKey("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("key 'a'");
    }

    @Test
    void refusesTheSameKeyTwice() {
        writer.startMap(2);
        writer.writeKey("b");
        writer.writeNull();
        assertThatThrownBy(() -> writer.writeKey("b")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesWhatWouldNotBeOneWholeValue() {
        assertThatThrownBy(writer::toByteArray).isInstanceOf(IllegalStateException.class);
        writer.startList(1);
        assertThatThrownBy(writer::toByteArray).isInstanceOf(IllegalStateException.class);
        writer.writeNull();
        assertThatThrownBy(writer::writeNull).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesAValueWhereAKeyIsDueAndTheOtherWayRound() {
        writer.startMap(1);
        assertThatThrownBy(writer::writeNull).isInstanceOf(IllegalStateException.class);
        writer.reset().startList(1);
        assertThatThrownBy(() -> writer.writeKey("a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesToNestDeeperThanTheReaderReads() {
        for (int i = 0; i < 64; i++) {
            writer.startList(1);
        }
        assertThatThrownBy(() -> writer.startList(0)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void refusesWhatIsNotFinite(double value) {
        assertThatThrownBy(() -> writer.writeDouble(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a\udc00", "\ud800a", "\udc00\ud800"})
    void refusesLoneSurrogates(String text) {
        assertThatThrownBy(() -> writer.writeText(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsNotOfTheModel() {
        assertThatThrownBy(() -> DagCbor.encode(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DagCbor.encode(List.of(1.0f))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DagCbor.encode(Map.of(1L, 1L))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DagCbor.encode(Collections.singletonMap(null, 1L)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DagCbor.encode(BigInteger.ONE.shiftLeft(64)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        DagCbor.encode(BigInteger.ONE.shiftLeft(64).negate().subtract(BigInteger.ONE)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void writesUnsignedNumbersAndEncodedValues() {
        writer.startList(2);
        writer.writeUnsigned(-1L);
        writer.writeEncoded(DagCbor.encode(List.of("x")));
        assertThat(DagCbor.decode(writer.toByteArray()))
                .isEqualTo(List.of(new BigInteger("18446744073709551615"), List.of("x")));
    }

    @Test
    void growsAsNeeded() {
        byte[] large = new byte[100_000];
        large[99_999] = 1;
        CborWriter small = new CborWriter(0);
        small.startList(3);
        small.writeBytes(large);
        small.writeText("x".repeat(70_000));
        small.writeLink(Cid.ofSha256(Cid.RAW, large));
        Object decoded = DagCbor.decode(small.toByteArray());
        assertThat((byte[]) ((List<?>) decoded).get(0)).isEqualTo(large);
        assertThat(((List<?>) decoded).get(2)).isEqualTo(Cid.ofSha256(Cid.RAW, large));
    }
}
