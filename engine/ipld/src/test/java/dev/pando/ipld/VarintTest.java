package dev.pando.ipld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {

    @ParameterizedTest
    @CsvFileSource(resources = "varint.csv")
    void publishedExamples(long value, String hex) throws IOException {
        byte[] bytes = Hex.bytes(hex);
        ByteBuffer buffer = ByteBuffer.allocate(9);
        Varint.write(buffer, value);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        Varint.write(stream, value);
        byte[] array = new byte[10];
        int end = Varint.write(array, 1, value);

        assertThat(Arrays.copyOf(buffer.array(), buffer.position())).isEqualTo(bytes);
        assertThat(stream.toByteArray()).isEqualTo(bytes);
        assertThat(Arrays.copyOfRange(array, 1, end)).isEqualTo(bytes);
        assertThat(Varint.size(value)).isEqualTo(bytes.length);
        assertThat(Varint.read(ByteBuffer.wrap(bytes))).isEqualTo(value);
        assertThat(Varint.read(new ByteArrayInputStream(bytes))).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "ffff", "8000", "ff00", "808000", "ffffffffffffffffff", "80808080808080808001"})
    void refusesWhatIsCutOffOrNotMinimalOrTooLong(String hex) {
        assertThatThrownBy(() -> Varint.read(ByteBuffer.wrap(Hex.bytes(hex)))).isInstanceOf(DecodeException.class);
    }

    @Test
    void aStreamEndsBetweenVarintsOrWithinOne() throws IOException {
        assertThat(Varint.read(new ByteArrayInputStream(new byte[0]))).isEqualTo(-1);
        assertThatThrownBy(() -> Varint.read(new ByteArrayInputStream(Hex.bytes("80"))))
                .isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> Varint.read(new ByteArrayInputStream(Hex.bytes("8000"))))
                .isInstanceOf(DecodeException.class);
        assertThatThrownBy(() -> Varint.read(new ByteArrayInputStream(Hex.bytes("80808080808080808001"))))
                .isInstanceOf(DecodeException.class);
    }

    @Test
    void negativeNumbersAreTheCallersMistake() {
        assertThatThrownBy(() -> Varint.size(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Varint.write(new byte[9], 0, Long.MIN_VALUE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void readsWhatItWrote(@ForAll @LongRange(min = 0) long value) {
        byte[] out = new byte[Varint.size(value)];
        assertThat(Varint.write(out, 0, value)).isEqualTo(out.length);
        assertThat(Varint.read(ByteBuffer.wrap(out))).isEqualTo(value);
    }
}
