package dev.pando.ipld;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Sha256Test {

    @Test
    void threadsDoNotDisturbEachOther() throws Exception {
        byte[][] inputs = IntStream.range(0, 256).mapToObj(i -> new byte[i]).toArray(byte[][]::new);
        byte[][] expected = new byte[inputs.length][];
        for (int i = 0; i < inputs.length; i++) {
            expected[i] = MessageDigest.getInstance("SHA-256").digest(inputs[i]);
        }
        boolean same = IntStream.range(0, 100_000)
                .parallel()
                .allMatch(i -> MessageDigest.isEqual(Sha256.digest(inputs[i % 256]), expected[i % 256]));
        assertThat(same).isTrue();
    }

    @Test
    void digestsAPart() {
        assertThat(Sha256.digest(new byte[] {9, 1, 2, 9}, 1, 2)).isEqualTo(Sha256.digest(new byte[] {1, 2}));
    }
}
