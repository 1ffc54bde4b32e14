package dev.pando.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.ColumnType.Family;
import dev.pando.ipld.DecodeException;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

class ValuesTest {

    @Test
    void amountsOfAnySizeAreReadBack() {
        BigInteger large = BigInteger.TEN.pow(60).negate();
        assertThat(Values.decodeAmount(Values.encodeAmount(Family.INT, BigInteger.valueOf(-7))))
                .isEqualTo(BigInteger.valueOf(-7));
        assertThat(Values.decodeAmount(Values.encodeAmount(Family.DEC, large))).isEqualTo(large);
    }

    @Test
    void anAmountWithoutBytesIsRefused() {
        Value noBytes = Value.ofEncoded(new byte[] {0x40});
        assertThatThrownBy(() -> Values.decodeAmount(noBytes)).isInstanceOf(DecodeException.class);
    }
}
