package dev.pando.libp2p.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.libp2p.Waiting;
import dev.pando.libp2p.crypto.Conscrypt;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What one of the ciphers sealed, the other opens, and neither opens what was spoiled. */
class CiphersTest {
    private static final byte[] KEY = Waiting.pattern(CipherState.KEY_BYTES);

    private static CipherState state(boolean conscrypt) {
        Cipher cipher =
                conscrypt ? CipherState.cipherOf(Conscrypt.provider().orElseThrow()) : CipherState.cipherOfJdk();
        return new CipherState(KEY, cipher);
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "true, true", "false, false"})
    void speakToEachOther(boolean oneConscrypt, boolean otherConscrypt) throws Exception {
        var one = state(oneConscrypt);
        var other = state(otherConscrypt);
        for (int length : new int[] {0, 1, 63, 64, 300, NoiseChannel.PLAIN_BYTES_MAX}) {
            byte[] plain = Waiting.pattern(length);
            byte[] associated = length == 63 ? new byte[] {1, 2, 3} : null;
            byte[] sealed = new byte[length + CipherState.TAG_BYTES + 2];
            one.seal(associated, plain, 0, length, sealed, 2);
            byte[] opened = new byte[length];
            other.open(associated, sealed, 2, length + CipherState.TAG_BYTES, opened, 0);
            assertThat(Arrays.equals(opened, plain)).isTrue();
        }
        byte[] sealed = new byte[100 + CipherState.TAG_BYTES];
        one.seal(null, new byte[100], 0, 100, sealed, 0);
        sealed[50] ^= 1;
        assertThatThrownBy(() -> other.open(null, sealed, 0, sealed.length, new byte[100], 0))
                .isInstanceOf(AEADBadTagException.class);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void servesOneKeyAfterTheOther(boolean conscrypt) throws Exception {
        var sealing = state(conscrypt).withKey(new byte[CipherState.KEY_BYTES]);
        var opening = state(!conscrypt).withKey(new byte[CipherState.KEY_BYTES]);
        byte[] sealed = new byte[10 + CipherState.TAG_BYTES];
        sealing.seal(null, Waiting.pattern(10), 0, 10, sealed, 0);
        byte[] opened = new byte[10];
        opening.open(null, sealed, 0, sealed.length, opened, 0);
        assertThat(opened).isEqualTo(Waiting.pattern(10));
    }
}
