package dev.pando.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.DocumentId;
import dev.pando.dag.Golden;
import dev.pando.dag.Made;
import dev.pando.ipld.Cid;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClockAndFingerprintTest {

    @Test
    void theClockGrowsPastItsParentsAndItself() {
        HybridClock clock = new HybridClock(0);
        assertThat(clock.next(1_000, -1)).isEqualTo(1_000L << 16);
        assertThat(clock.next(1_000, -1)).isEqualTo((1_000L << 16) + 1);
        assertThat(clock.next(900, -1)).isEqualTo((1_000L << 16) + 2);
        assertThat(clock.next(1_000, (2_000L << 16) + 0xffff)).isEqualTo(2_001L << 16);
    }

    @Test
    void aClockThatWasFarAheadIsLeftBehindOnceCorrected() {
        HybridClock clock = new HybridClock(0);
        clock.next(10_000_000, -1);
        long corrected = clock.next(1_000, -1);
        assertThat(corrected).isEqualTo(1_000L << 16);
        assertThat(HybridClock.isAhead(corrected, 1_000)).isFalse();
        clock.observe((1_000L + 299_999) << 16);
        assertThat(clock.next(1_000, -1)).isEqualTo(((1_000L + 299_999) << 16) + 1);
    }

    @Test
    void fiveMinutesAheadIsTheLimit() {
        long limit = 300_000L << 16;
        assertThat(HybridClock.isAhead(limit, 0)).isFalse();
        assertThat(HybridClock.isAhead(limit + 1, 0)).isTrue();
        assertThat(HybridClock.isAhead(limit + 1, HybridClock.admissibleAtMillis(limit + 1)))
                .isFalse();
        assertThat(HybridClock.asOf(5)).isEqualTo((5L << 16) + 65_535);
    }

    @Test
    void fingerprintsOfEqualSetsAreEqual() {
        Random random = new Random(1);
        List<byte[]> leaves = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byte[] id = new byte[32];
            random.nextBytes(id);
            leaves.add(Fingerprint.leaf(DocumentId.of(id), List.of(Made.BOOKS)));
        }
        byte[] ones = Made.filled(32, 0xff);
        leaves.add(ones);
        Fingerprint forward = new Fingerprint();
        leaves.forEach(forward::add);
        Collections.shuffle(leaves, random);
        Fingerprint other = new Fingerprint();
        other.add(ones);
        leaves.forEach(other::add);
        other.remove(ones);
        assertThat(other.encode()).isEqualTo(forward.encode());
        assertThat(Fingerprint.decode(other.encode()).stateHash()).isEqualTo(forward.stateHash());
        java.math.BigInteger sum = java.math.BigInteger.ZERO;
        for (byte[] leaf : leaves) {
            sum = sum.add(new java.math.BigInteger(1, leaf));
        }
        sum = sum.mod(java.math.BigInteger.ONE.shiftLeft(256));
        assertThat(new java.math.BigInteger(1, java.util.Arrays.copyOf(forward.encode(), 32)))
                .isEqualTo(sum);
        leaves.forEach(other::remove);
        assertThat(other.encode()).isEqualTo(new Fingerprint().encode());
        Fingerprint twice = new Fingerprint();
        twice.add(forward);
        assertThat(twice.encode()).isEqualTo(forward.encode());
        Golden.check("fingerprint", forwardOfOne().encode());
        Golden.check("state-hash", forwardOfOne().stateHash().toBytes());
    }

    private static Fingerprint forwardOfOne() {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.add(Fingerprint.leaf(
                DocumentId.of(Made.filled(32, 1)), List.of(Made.BOOKS, Cid.ofSha256(Cid.DAG_CBOR, new byte[3]))));
        return fingerprint;
    }
}
