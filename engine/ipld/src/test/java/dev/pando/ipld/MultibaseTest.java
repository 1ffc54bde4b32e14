package dev.pando.ipld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultibaseTest {

    @ParameterizedTest
    @CsvFileSource(resources = "multibase.csv")
    void publishedExamples(String hex, String text) {
        byte[] bytes = Hex.bytes(hex);
        assertThat(Multibase.decode(text)).isEqualTo(bytes);
        switch (text.charAt(0)) {
            case 'b' -> assertThat(Multibase.encodeBase32(bytes)).isEqualTo(text);
            case 'f' -> assertThat(Multibase.encodeBase16(bytes)).isEqualTo(text);
            case 'u' -> assertThat(Multibase.encodeBase64url(bytes)).isEqualTo(text);
            case 'z' -> assertThat(Multibase.encodeBase58btc(bytes)).isEqualTo(text);
            default -> assertThat(text.charAt(0)).as("decoded only").isIn('B', 'F', 'k');
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "Zabc", // no base, or not one of ours
                "b1",
                "bMY",
                "Bmy",
                "bmy======",
                "bmz",
                "ba",
                "baaa", // digits, case, padding, stray bits
                "f1",
                "f0g",
                "fAB",
                "Fab",
                "f+1",
                "z0",
                "zO",
                "zI",
                "zl",
                "z\u00e9",
                "kA",
                "uIQ==",
                "uIR",
                "u+/",
                "uA",
            })
    void refusesAllButOneTextOfTheBytes(String text) {
        assertThatThrownBy(() -> Multibase.decode(text)).isInstanceOf(DecodeException.class);
    }

    @Test
    void refusesLongBase58BecauseItsCostIsQuadratic() {
        assertThatThrownBy(() -> Multibase.fromBase58("2".repeat(1_025)))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("at most 1024");
        assertThat(Multibase.fromBase58("2".repeat(1_024))).isNotEmpty();
    }

    @Test
    void keepsLeadingZeros() {
        assertThat(Multibase.toBase58(new byte[] {0, 0, 1})).isEqualTo("112");
        assertThat(Multibase.fromBase58("112")).containsExactly(0, 0, 1);
        assertThat(Multibase.toBase58(new byte[0])).isEmpty();
    }

    @Property
    void decodesWhatItEncoded(@ForAll @Size(max = 80) byte[] bytes) {
        assertThat(Multibase.decode(Multibase.encodeBase16(bytes))).isEqualTo(bytes);
        assertThat(Multibase.decode(Multibase.encodeBase32(bytes))).isEqualTo(bytes);
        assertThat(Multibase.decode(Multibase.encodeBase58btc(bytes))).isEqualTo(bytes);
        assertThat(Multibase.decode(Multibase.encodeBase64url(bytes))).isEqualTo(bytes);
        assertThat(Multibase.fromBase58(Multibase.toBase58(bytes))).isEqualTo(bytes);
        assertThat(BigBase.BASE36.decode(BigBase.BASE36.encode(bytes))).isEqualTo(bytes);
    }
}
