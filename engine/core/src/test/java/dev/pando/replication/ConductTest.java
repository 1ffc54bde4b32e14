package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.PeerId;
import org.junit.jupiter.api.Test;

class ConductTest {

    private long now = 1_000_000;
    private final Conduct conduct = new Conduct(() -> now);
    private final PeerId peer = new MemoryNode(1).peer;

    private boolean isTooMuch(AdmissionOutcome outcome, int times) {
        boolean tooMuch = false;
        for (int i = 0; i < times; i++) {
            tooMuch |= conduct.isTooMuch(peer, outcome);
        }
        return tooMuch;
    }

    @Test
    void whoSendsForgedSharesIsShutOutForAWhile() {
        var invalid = new AdmissionOutcome.Invalid("forged");
        assertThat(isTooMuch(invalid, Conduct.INVALID_MAX)).isFalse();
        assertThat(conduct.isShutOut(peer)).isFalse();
        assertThat(isTooMuch(invalid, 1)).isTrue();
        assertThat(conduct.isShutOut(peer)).isTrue();
        now += Conduct.MEMORY.toMillis();
        assertThat(conduct.isShutOut(peer)).isFalse();
    }

    @Test
    void whoPassesOnWhatItsAuthorSignedAgainstTheRulesIsNot() {
        var discordant = new AdmissionOutcome.Discordant("two deltas of one document");
        assertThat(isTooMuch(discordant, Conduct.REFUSED_MAX)).isFalse();
        assertThat(isTooMuch(discordant, 1)).as("the stream ends").isTrue();
        assertThat(conduct.isShutOut(peer)).isFalse();
        now += 60_000;
        assertThat(isTooMuch(discordant, 1)).isFalse();
    }
}
