package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ColumnType.Family;
import dev.pando.Environment;
import dev.pando.dag.Commit;
import dev.pando.dag.CommitBuilder;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.ListBlock;
import dev.pando.dag.Made;
import dev.pando.dag.Part;
import dev.pando.dag.SharePart;
import dev.pando.dag.ShareVerifier;
import dev.pando.dag.Signer;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for its rest: how long, how much of it, and at whose expense. */
class FrontierTest {

    private static final PeerId ALICE = Made.ALICE.peerId();
    private static final PeerId BOB = Made.BOB.peerId();

    private final Clock clock = new Clock();
    private final Frontier frontier = new Frontier(clock, () -> clock.now);
    private final List<VerifiedShare> doneWithout = new ArrayList<>();
    private final List<Set<Cid>> asked = new ArrayList<>();
    private final Set<Cid> inLog = new HashSet<>();
    private final List<PeerId> blamed = new ArrayList<>();
    private final CompletableFuture<Void> answers = new CompletableFuture<>();
    private boolean inFull = true;

    /** Time that passes when the test says so; one timer. */
    private static final class Clock implements Environment.Threads {
        long now = 1_000_000;
        private long at = Long.MAX_VALUE;
        private Runnable timer = () -> {};

        @Override
        public Executor writer() {
            return Runnable::run;
        }

        @Override
        public Executor workers() {
            return Runnable::run;
        }

        @Override
        public Runnable schedule(Duration delay, Runnable task) {
            at = now + delay.toMillis();
            timer = task;
            return () -> at = Long.MAX_VALUE;
        }

        void pass(Duration duration) {
            long until = now + duration.toMillis();
            while (at <= until) {
                now = at;
                at = Long.MAX_VALUE;
                timer.run();
            }
            now = until;
        }

        boolean isWaiting() {
            return at != Long.MAX_VALUE;
        }

        @Override
        public <T> T await(CompletableFuture<T> future) {
            return future.join();
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void surround() {
        frontier.opensInto((from, brought) -> doneWithout.add(brought.share()));
        frontier.surroundedBy(new Frontier.Surroundings(
                collection -> inFull,
                collection -> inFull,
                commit -> false,
                (commit, collection) -> inLog.contains(collection),
                lacking -> {
                    asked.add(lacking);
                    return answers;
                },
                (peer, outcome) -> blamed.add(peer)));
    }

    private static VerifiedShare commit(long number, int documents, int textLength) {
        var commit = new CommitBuilder(number, Signer.of(Made.ALICE));
        for (int i = 0; i < documents; i++) {
            commit.add(Made.insert(
                    1_000 * number + i,
                    number,
                    1,
                    Map.of("t:text:set", Made.set(Family.TEXT, "x".repeat(textLength)))));
        }
        return commit.build();
    }

    private static VerifiedShare without(VerifiedShare share, int... missing) {
        var blocks = new ArrayList<>(share.blocks());
        for (int index : missing) {
            blocks.remove(share.deltas().get(index).block());
        }
        return (VerifiedShare) ShareVerifier.verify(blocks.get(0), blocks.subList(1, blocks.size()));
    }

    private static VerifiedShare half(long number) {
        return without(commit(number, 2, 1), 1);
    }

    private static VerifiedShare admitted(Frontier.Verdict verdict) {
        assertThat(verdict).isInstanceOf(Frontier.Admit.class);
        return ((Frontier.Admit) verdict).brought().share();
    }

    @Test
    void whatIsWholeOrNotHeldInFullDoesNotWait() {
        VerifiedShare whole = commit(1, 3, 1);
        assertThat(admitted(frontier.offered(ALICE, ALICE, whole))).isSameAs(whole);
        inFull = false;
        assertThat(admitted(frontier.offered(ALICE, ALICE, half(2))).deltas()).hasSize(1);
        assertThat(frontier.piecesHeld()).isZero();
        assertThat(clock.isWaiting()).isFalse();
        assertThat(asked).isEmpty();
    }

    @Test
    void whatDoesNotComeInTimeIsDoneWithout() {
        VerifiedShare some = without(commit(1, 3, 1), 2);
        var verdict = (Frontier.Wait) frontier.offered(ALICE, ALICE, some);
        assertThat(verdict.lacks()).startsWith("has 2 of 3 documents");
        assertThat(verdict.againMillis()).isGreaterThan(clock.now + Frontier.WAIT_MAX.toMillis());
        assertThat(frontier.offered(ALICE, ALICE, some)).isInstanceOf(Frontier.Wait.class);
        assertThat(asked).containsExactly(Set.of(Made.BOOKS));
        clock.pass(Frontier.WAIT_MAX.minusMillis(1));
        assertThat(doneWithout).isEmpty();
        clock.pass(Duration.ofMillis(1));
        assertThat(doneWithout)
                .singleElement()
                .satisfies(share -> assertThat(share.deltas()).hasSize(2));
        assertThat(frontier.piecesHeld()).isZero();
        assertThat(frontier.bytesHeld()).isZero();
        assertThat(clock.isWaiting()).isFalse();
        /* It has waited: offered again it need not do so once more. */
        assertThat(admitted(frontier.offered(BOB, BOB, some)).deltas()).hasSize(2);
    }

    @Test
    void piecesOfSeveralPeersMakeOneShare() {
        VerifiedShare whole = commit(1, 70, 1); // its list has leaves
        assertThat(frontier.offered(ALICE, ALICE, without(whole, 3, 66))).isInstanceOf(Frontier.Wait.class);
        assertThat(frontier.offered(BOB, BOB, without(whole, 4))).isInstanceOf(Frontier.Admit.class);
        assertThat(frontier.piecesHeld()).isZero();
        assertThat(frontier.bytesHeld()).isZero();
    }

    /** Documents that do not ascend show only when two of them are there: neither peer can know. */
    @Test
    void piecesThatDoNotFitTogetherWaitEachForItself() {
        List<DecodedDelta> deltas = new ArrayList<>(commit(1, 2, 1).deltas());
        java.util.Collections.reverse(deltas);
        Block list = Block.of(
                Cid.DAG_CBOR,
                new ListBlock(deltas.stream().map(DecodedDelta::cid).toList()).encode());
        var parts = new TreeMap<>(Map.of(Made.BOOKS, new Part(2, list.cid())));
        byte[] author = Made.ALICE.publicKey().raw();
        byte[] signed = new Commit(1, author, parts, new byte[Commit.SIGNATURE_BYTES]).signedBytes();
        Block commit = Block.of(Cid.DAG_CBOR, new Commit(1, author, parts, Made.ALICE.sign(signed)).encode());
        List<VerifiedShare> pieces = deltas.stream()
                .map(delta -> (VerifiedShare) ShareVerifier.verify(commit, List.of(list, delta.block())))
                .toList();

        assertThat(frontier.offered(ALICE, ALICE, pieces.get(0))).isInstanceOf(Frontier.Wait.class);
        assertThat(frontier.offered(ALICE, ALICE, pieces.get(1))).isInstanceOf(Frontier.Wait.class);
        assertThat(frontier.offered(BOB, BOB, pieces.get(0))).isInstanceOf(Frontier.Wait.class);
        clock.pass(Frontier.WAIT_MAX);
        assertThat(doneWithout).containsExactlyInAnyOrderElementsOf(pieces);
        assertThat(frontier.bytesHeld()).isZero();
    }

    @Test
    void aPeerLosesItsOldestAndNobodyElses() {
        assertThat(frontier.offered(BOB, BOB, half(1))).isInstanceOf(Frontier.Wait.class);
        for (int i = 0; i < FrontierPieces.PEER_PIECES_MAX + 10; i++) {
            assertThat(frontier.offered(ALICE, ALICE, half(2 + i))).isInstanceOf(Frontier.Wait.class);
        }
        assertThat(frontier.piecesHeld()).isEqualTo(1 + FrontierPieces.PEER_PIECES_MAX);
        VerifiedShare rest = without(commit(1, 2, 1), 0);
        assertThat(admitted(frontier.offered(ALICE, ALICE, rest)).deltas()).hasSize(2);
        clock.pass(Frontier.WAIT_MAX);
        assertThat(doneWithout).hasSize(FrontierPieces.PEER_PIECES_MAX);
        assertThat(frontier.bytesHeld()).isZero();
    }

    @Test
    void theBytesOfAPeerAreBounded() {
        int text = 60_000;
        for (int i = 0; i * (long) text < 2 * FrontierPieces.PEER_BYTES_MAX; i++) {
            frontier.offered(ALICE, ALICE, without(commit(1 + i, 2, text), 1));
            assertThat(frontier.bytesHeld()).isLessThanOrEqualTo(FrontierPieces.PEER_BYTES_MAX);
        }
        assertThat(frontier.bytesHeld()).isGreaterThan(FrontierPieces.PEER_BYTES_MAX / 2);
    }

    /** A commit of a book and an author. */
    private static VerifiedShare ofTwoTables(long number) {
        return new CommitBuilder(number, Signer.of(Made.ALICE))
                .add(Made.insert(number, number, 1, Map.of("t:text:set", Made.set(Family.TEXT, "x"))))
                .add(Made.insert(Made.AUTHORS, number, number, 1, Map.of("t:text:set", Made.set(Family.TEXT, "y"))))
                .build();
    }

    private static VerifiedShare only(VerifiedShare share, Cid collection) {
        return without(share, share.deltas().get(0).delta().collection().equals(collection) ? 1 : 0);
    }

    @Test
    void partsThatAreAnnouncedOneByOneAreAdmittedAsOne() {
        VerifiedShare whole = ofTwoTables(1);
        assertThat(frontier.offered(ALICE, null, only(whole, Made.BOOKS))).isInstanceOf(Frontier.Wait.class);
        assertThat(asked).isEmpty();
        assertThat(admitted(frontier.offered(BOB, null, only(whole, Made.AUTHORS)))
                        .parts())
                .hasSize(2);
        clock.pass(Frontier.WAIT_MAX);
        assertThat(asked).isEmpty();
        assertThat(doneWithout).isEmpty();
        assertThat(frontier.piecesHeld()).isZero();
    }

    @Test
    void aPartThatDoesNotComeByItselfIsAskedForAndDoneWithoutWhenNobodyHasIt() {
        assertThat(frontier.offered(ALICE, null, only(ofTwoTables(1), Made.BOOKS)))
                .isInstanceOf(Frontier.Wait.class);
        clock.pass(Frontier.ASK_AFTER);
        assertThat(asked).containsExactly(Set.of(Made.BOOKS, Made.AUTHORS));
        clock.pass(Frontier.WAIT_MAX.dividedBy(2));
        assertThat(doneWithout).isEmpty();
        answers.complete(null);
        clock.pass(Frontier.AFTER_ANSWERS.minusMillis(1));
        assertThat(doneWithout).isEmpty();
        clock.pass(Duration.ofMillis(1));
        assertThat(doneWithout)
                .singleElement()
                .satisfies(share -> assertThat(share.parts()).hasSize(1));
    }

    @Test
    void aPartThatNobodyAnswersForIsDoneWithoutInTheEnd() {
        frontier.offered(ALICE, null, only(ofTwoTables(1), Made.BOOKS));
        clock.pass(Frontier.WAIT_MAX.minusMillis(1));
        assertThat(doneWithout).isEmpty();
        clock.pass(Duration.ofMillis(1));
        assertThat(doneWithout).hasSize(1);
    }

    @Test
    void aPartWaitsForNoneThatIsInTheLogOrNotFollowed() {
        VerifiedShare books = only(ofTwoTables(1), Made.BOOKS);
        inLog.add(Made.AUTHORS);
        assertThat(admitted(frontier.offered(ALICE, null, books))).isSameAs(books);
        inLog.clear();
        inFull = false;
        assertThat(admitted(frontier.offered(ALICE, null, books))).isSameAs(books);
    }

    @Test
    void eachVouchesForWhatItBrought() {
        VerifiedShare whole = ofTwoTables(1);
        frontier.offered(ALICE, ALICE, only(whole, Made.BOOKS));
        var brought = ((Frontier.Admit) frontier.offered(BOB, BOB, only(whole, Made.AUTHORS))).brought();
        for (SharePart part : brought.share().parts()) {
            PeerId by = part.collection().equals(Made.BOOKS) ? ALICE : BOB;
            assertThat(brought.isVouchedFor(part.deltas(), by::equals)).isTrue();
            assertThat(brought.isVouchedFor(part.deltas(), peer -> !by.equals(peer)))
                    .isFalse();
        }
    }

    @Test
    void onlyWhoBroughtTheFaultPaysForIt() {
        VerifiedShare whole = commit(1, 2, 1);
        frontier.offered(ALICE, ALICE, without(whole, 0));
        var brought = ((Frontier.Admit) frontier.offered(BOB, BOB, without(whole, 1))).brought();
        var fault = new AdmissionOutcome.Invalid(
                "second", Optional.of(whole.deltas().get(1).cid()));
        assertThat(frontier.answerTo(BOB, brought, fault)).isInstanceOf(AdmissionOutcome.Incomplete.class);
        assertThat(blamed).containsExactly(ALICE);
        clock.pass(Frontier.WAIT_MAX);
        assertThat(doneWithout)
                .singleElement()
                .satisfies(share -> assertThat(share.deltas().get(0).cid())
                        .isEqualTo(whole.deltas().get(0).cid()));

        VerifiedShare next = commit(2, 2, 1);
        frontier.offered(ALICE, ALICE, without(next, 0));
        var again = ((Frontier.Admit) frontier.offered(BOB, BOB, without(next, 1))).brought();
        var other = new AdmissionOutcome.Invalid(
                "first", Optional.of(next.deltas().get(0).cid()));
        assertThat(frontier.answerTo(BOB, again, other)).isSameAs(other);
        assertThat(blamed).containsExactly(ALICE);
        assertThat(frontier.piecesHeld()).isEqualTo(1);
    }

    /** Two peers bring the halves at the same moment: whichever is second makes the whole. */
    @Test
    void halvesThatComeAtOnceDoNotPassEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 500; i++) {
                VerifiedShare whole = commit(1 + i, 2, 1);
                var begin = new CyclicBarrier(2);
                var first = threads.submit(() -> {
                    begin.await();
                    return frontier.offered(ALICE, ALICE, without(whole, 0));
                });
                var second = threads.submit(() -> {
                    begin.await();
                    return frontier.offered(BOB, BOB, without(whole, 1));
                });
                assertThat(List.of(first.get(), second.get()))
                        .filteredOn(verdict -> verdict instanceof Frontier.Admit)
                        .hasSize(1);
                assertThat(frontier.piecesHeld()).isZero();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void nothingHappensAfterTheEnd() {
        frontier.offered(ALICE, ALICE, half(1));
        frontier.close();
        clock.pass(Frontier.WAIT_MAX);
        assertThat(doneWithout).isEmpty();
    }
}
