package dev.pando.ipld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class MultihashTest {

    @ParameterizedTest
    @CsvFileSource(resources = "multihash.csv")
    void publishedExamples(long code, String digest, String multihash) {
        Multihash read = Multihash.fromBytes(Hex.bytes(multihash));
        assertThat(read.code()).isEqualTo(code);
        assertThat(Hex.of(read.digest())).isEqualTo(digest);
        assertThat(read).isEqualTo(new Multihash(code, Hex.bytes(digest)));
        assertThat(Hex.of(read.toBytes())).isEqualTo(multihash);
    }

    @Test
    void hashesWithSha256() {
        assertThat(Hex.of(Multihash.sha256(new byte[0]).toBytes()))
                .isEqualTo("1220e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    @ParameterizedTest
    @CsvSource({
        "'', cut off",
        "12, cut off",
        "120ae3b0c44298fc1c149afb, expected 32",
        "1120da39, cut off",
        "1102da3900, followed by 1 more",
        "00810100, at most 128",
    })
    void refuses(String hex, String reason) {
        assertThatThrownBy(() -> Multihash.fromBytes(Hex.bytes(hex)))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void doesNotShareItsDigest() {
        byte[] digest = {1, 2, 3};
        Multihash multihash = new Multihash(Multihash.IDENTITY, digest);
        digest[0] = 9;
        multihash.digest()[1] = 9;
        assertThat(multihash.digest()).containsExactly(1, 2, 3);
    }
}
