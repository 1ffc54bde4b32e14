package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Figures that CPython 3.11, which hashes bytes by SipHash-1-3 too, gives with {@code PYTHONHASHSEED=0}. */
class SipHashTest {

    @ParameterizedTest
    @CsvSource({
        "a,407448d2b89b1813",
        "1234567,a33d651594fdae81",
        "12345678,3489982430560a87",
        "0123456789abcdef0123456789abcdef0123,c26a2fa573f8e3c8"
    })
    void isSipHash13(String text, String expected) {
        SipHash hash = new SipHash(new byte[SipHash.SECRET_BYTES]);
        assertThat(Long.toHexString(hash.of(text.getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo(expected);
    }
}
