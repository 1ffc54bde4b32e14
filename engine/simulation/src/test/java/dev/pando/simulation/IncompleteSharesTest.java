package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Replication.PendingCommit;
import dev.pando.dag.Signer;
import dev.pando.dag.VerifiedShare;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/rules.md §2 and §9.5: of a commit that changes several documents a node that holds their collection in full shows
 * all or none, unless the rest does not come in time.
 */
@ParameterizedClass
@MethodSource("seeds")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IncompleteSharesTest extends HostilePeer {

    private static final long LATER = 0;

    /** As long as an incomplete share waits for its rest, and a little. */
    private static final Duration WAITED = Duration.ofSeconds(62);

    private List<PendingCommit> pending() {
        return cluster.node(0).engine().replication().pending();
    }

    @Test
    void aWithheldSiblingFreezesNothingAndItsAbsenceIsShown() {
        VerifiedShare commit = shareOfSeveral(liarKey, Signer.of(liarKey), 0, 2, 3, 4);
        var stream = openStream();
        assertThat(push(stream, only(commit, 2, 3))).contains(List.of(LATER));
        cluster.runFor(Duration.ofSeconds(50));
        assertThat(cluster.node(0).rows("notes")).hasSize(1);
        assertThat(pending()).singleElement().satisfies(waits -> {
            assertThat(waits.commit()).isEqualTo(commit.cid());
            assertThat(waits.reason()).contains("has 2 of 3 documents");
            assertThat(waits.notBefore()).isPresent();
        });
        assertHonestGoOnWithoutQuiet();

        cluster.runFor(WAITED);
        assertThat(cluster.node(0).rows("notes")).hasSize(3);
        assertThat(pending())
                .singleElement()
                .satisfies(waits -> assertThat(waits.reason()).startsWith("admitted in part"));

        assertThat(push(openStream(), only(commit, 4))).contains(List.of());
        assertThat(cluster.node(0).rows("notes")).hasSize(4);
        assertThat(pending()).isEmpty();
        assertHonestGoOn();
        assertThat(cluster.node(1).rows("notes")).hasSize(4);
    }

    private void assertHonestGoOnWithoutQuiet() {
        cluster.node(1).update("notes", 1, "text", "meanwhile");
        cluster.simulation()
                .runUntil(
                        () -> "meanwhile".equals(cluster.node(0).get("notes", 1, "text")),
                        Duration.ofSeconds(5),
                        "the honest pair goes on");
    }

    @Test
    void whatTwoPeersBringOfACommitIsPutTogether() throws Exception {
        VerifiedShare commit = shareOfSeveral(liarKey, Signer.of(liarKey), 0, 2, 3);
        var other = newHost(new SimMachine(cluster.simulation(), 67), friendKey);
        get(other.connect(cluster.address(0)));
        assertThat(push(openStream(), only(commit, 2))).contains(List.of(LATER));
        assertThat(cluster.node(0).rows("notes")).hasSize(1);
        assertThat(push(openStream(other), only(commit, 3))).contains(List.of());
        assertThat(cluster.node(0).rows("notes")).hasSize(3);
        assertThat(pending()).isEmpty();
        assertHonestGoOn();
    }

    @Test
    void whatOnePeerBringsInPiecesIsPutTogether() {
        VerifiedShare commit = shareOfSeveral(liarKey, Signer.of(liarKey), 0, 2, 3, 4);
        var stream = openStream();
        assertThat(push(stream, only(commit, 2))).contains(List.of(LATER));
        assertThat(push(stream, only(commit, 3))).contains(List.of(LATER));
        assertThat(cluster.node(0).rows("notes")).hasSize(1);
        assertThat(push(stream, only(commit, 4))).contains(List.of());
        assertThat(cluster.node(0).rows("notes")).hasSize(4);
        assertHonestGoOn();
    }

    /** What is withheld by one is there from another as soon as that one is met. */
    @Test
    void theWholeFromAnHonestPeerEndsTheWaiting() {
        VerifiedShare commit = shareOfSeveral(liarKey, Signer.of(liarKey), 0, 2, 3);
        cluster.partition(0).from(1);
        cluster.runFor(Duration.ofSeconds(5));
        assertThat(push(openStream(), only(commit, 2))).contains(List.of(LATER));
        get(liar.connect(cluster.address(1)));
        var toTheOther = openStream(liar, 1);
        assertThat(push(toTheOther, commit.blocks())).contains(List.of());
        assertThat(cluster.node(0).rows("notes")).hasSize(1);
        cluster.heal();
        cluster.simulation()
                .runUntil(
                        () -> cluster.node(0).rows("notes").size() == 3
                                && pending().isEmpty(),
                        Duration.ofSeconds(40),
                        "the whole commit is there, before its time is over");
        assertHonestGoOn();
    }

    /** Whoever has no right cannot make others wait for it. */
    @Test
    void halfOfWhatIsForbiddenIsRefusedAtOnce() {
        onlyFriendsMayWrite();
        VerifiedShare commit = shareOfSeveral(liarKey, Signer.of(liarKey), 0, 2, 3);
        assertThat(push(openStream(), only(commit, 2))).contains(List.of(1L));
        assertUntouched();
        assertThat(pending()).isEmpty();
    }
}
