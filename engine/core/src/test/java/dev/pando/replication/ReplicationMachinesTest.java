package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import dev.pando.replication.ReplicateMessage.Outcome;
import dev.pando.replication.ReplicateMessage.Reported;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicationMachinesTest {

    private static final Cid BOOKS = MemoryNode.collection("books");
    private static final Cid AUTHORS = MemoryNode.collection("authors");
    private static final int SEEDS = 200;

    /** Bytes that do not fit into one batch. */
    private static final int LARGE = Sender.BATCH_BYTES + 100_000;

    private final MemoryNode a = new MemoryNode(1).holding(BOOKS, AUTHORS);
    private final MemoryNode b = new MemoryNode(2).holding(BOOKS, AUTHORS);

    private static void write(MemoryNode node, int commits) {
        for (int i = 0; i < commits; i++) {
            node.write(0, i % 3 == 0 ? AUTHORS : BOOKS);
        }
    }

    @Test
    void whatStoodBeforeArrivesAndNothingIsSentTwice() {
        write(a, 50);
        var pair = new MachinePair(1, a, b, BOOKS, AUTHORS);
        pair.runUntilQuiet();
        pair.assertEqual();
        assertThat(pair.sharesSent).isEqualTo(50);
        a.write(0, BOOKS);
        pair.advanced();
        pair.runUntilQuiet();
        pair.assertEqual();
        assertThat(pair.sharesSent).isEqualTo(51);
        a.write(0, BOOKS);
        pair.crashA();
        pair.runUntilQuiet();
        pair.assertEqual();
        assertThat(pair.sharesSent).isEqualTo(52);
        assertThat(b.knownAgain).isZero();
    }

    @Test
    void equalPeersExchangeAConstantNumberOfMessages() {
        write(a, 500);
        new MachinePair(1, a, b, BOOKS, AUTHORS).runUntilQuiet();
        var again = new MachinePair(2, a, b, BOOKS, AUTHORS);
        again.runUntilQuiet();
        assertThat(again.sharesSent).isZero();
        assertThat(again.messages).isEqualTo(2);
        assertThat(again.scope(BOOKS).position).isEqualTo(500);
    }

    /** Every step of a run is, in turn, the one at which the stream breaks or the sender crashes. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBreakAtAnyStepLosesNothing(boolean crash) {
        boolean reached = true;
        for (int at = 0; reached; at++) {
            var from = new MemoryNode(1).holding(BOOKS, AUTHORS);
            var to = new MemoryNode(2).holding(BOOKS, AUTHORS);
            write(from, 12);
            from.write(LARGE, BOOKS, AUTHORS);
            write(from, 3);
            var pair = new MachinePair(at, from, to, BOOKS, AUTHORS);
            int done = 0;
            while (done < at && pair.step()) {
                done++;
            }
            reached = done == at;
            if (crash) {
                pair.crashA();
            } else {
                pair.breakStream("at step " + at);
            }
            pair.runUntilQuiet();
            pair.assertEqual();
            assertThat(to.applied).isEqualTo(16);
        }
    }

    @Test
    void manyBreaksAndCrashesLoseNothing() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var from = new MemoryNode(seed).holding(BOOKS, AUTHORS);
            var to = new MemoryNode(seed + 1_000_000L).holding(BOOKS, AUTHORS);
            var pair = new MachinePair(seed, from, to, BOOKS, AUTHORS);
            pair.resetOneIn = 10 + seed % 50;
            pair.crashOneIn = 40 + seed % 30;
            for (int i = 0; i < 30; i++) {
                from.write(i % 16 == 15 ? LARGE : 0, i % 3 == 0 ? AUTHORS : BOOKS);
                pair.advanced();
                for (int s = 0; s < seed % 7; s++) {
                    pair.step();
                }
            }
            pair.runUntilQuiet();
            pair.assertEqual();
            assertThat(to.applied).as("seed %s", seed).isEqualTo(30);
        }
    }

    @Test
    void theWindowBoundsWhatIsUnderWay() {
        for (int i = 0; i < 40; i++) {
            a.write(700 << 10, BOOKS);
        }
        var pair = new MachinePair(3, a, b, BOOKS);
        pair.runUntilQuiet();
        pair.assertEqual();
        int otherPieces = 2; // while batches are small, each of the three raw blocks of a share goes by itself
        assertThat(pair.batchesUnderWayMax).isBetween(2, Sender.WINDOW_BATCHES + otherPieces);
    }

    @Test
    void aLargeShareGoesInPieces() {
        a.write(9 << 20, BOOKS);
        a.write(0, BOOKS);
        var pair = new MachinePair(3, a, b, BOOKS);
        pair.runUntilQuiet();
        pair.assertEqual();
        assertThat(pair.messages).isGreaterThan(18);
    }

    @Test
    void theLargeShareOfAStrangerIsRefusedWithoutKeepingIt() {
        b.forbidden.add(a.peer);
        a.write(3 << 20, BOOKS);
        var pair = new MachinePair(3, a, b, BOOKS);
        pair.runUntilQuiet();
        assertThat(pair.scope(BOOKS).troubles).extracting(Reported::outcome).containsExactly(Outcome.REFUSED);
        assertThat(pair.scope(BOOKS).position).isEqualTo(1);
        b.forbidden.clear();
        pair.collectionsChangedAtB();
        pair.runUntilQuiet();
        pair.assertEqual();
    }

    @Test
    void anUnknownCollectionIsSuspendedAndTheOthersGoOn() {
        var poor = new MemoryNode(3).holding(BOOKS);
        write(a, 30);
        var pair = new MachinePair(5, a, poor, BOOKS, AUTHORS);
        pair.runUntilQuiet();
        assertThat(poor.stateHash(BOOKS)).isEqualTo(a.stateHash(BOOKS));
        assertThat(pair.scope(AUTHORS).suspended).contains("no such table");
        assertThat(pair.scope(AUTHORS).position).isZero();
        poor.holding(AUTHORS);
        pair.collectionsChangedAtB();
        pair.runUntilQuiet();
        pair.assertEqual();
        assertThat(poor.applied).isEqualTo(30);
    }

    @Test
    void aCollectionThatWasDroppedAndMadeAgainIsFilledAgain() {
        write(a, 30);
        var pair = new MachinePair(5, a, b, BOOKS, AUTHORS);
        pair.runUntilQuiet();
        pair.checked = false;
        b.drop(BOOKS);
        pair.collectionsChangedAtB();
        pair.runUntilQuiet();
        assertThat(pair.scope(BOOKS).suspended).isNotNull();
        b.holding(BOOKS);
        pair.collectionsChangedAtB();
        pair.runUntilQuiet();
        pair.assertEqual();
    }

    @Test
    void refusedSharesAreOfferedAgainAfterAGrant() {
        b.forbidden.add(a.peer);
        write(a, 20);
        var pair = new MachinePair(6, a, b, BOOKS, AUTHORS);
        pair.runUntilQuiet();
        assertThat(b.applied).isZero();
        assertThat(pair.scope(BOOKS).troubles)
                .isNotEmpty()
                .extracting(Reported::outcome)
                .contains(Outcome.REFUSED);
        b.forbidden.clear();
        pair.collectionsChangedAtB();
        pair.runUntilQuiet();
        pair.assertEqual();
        assertThat(pair.scope(BOOKS).troubles).isEmpty();
    }

    @Test
    void refusedSharesAreStillKnownAfterARestart() {
        b.forbidden.add(a.peer);
        write(a, 20);
        var pair = new MachinePair(6, a, b, BOOKS, AUTHORS);
        pair.runUntilQuiet();
        b.forbidden.clear();
        pair.crashA();
        assertThat(pair.scope(BOOKS).troubles).isNotEmpty();
        pair.runUntilQuiet();
        pair.assertEqual();
    }

    @Test
    void anInvalidShareIsPassedAndWhatBuildsOnItIsNot() {
        write(a, 6);
        Cid bad = a.write(0, BOOKS);
        b.spoiled.add(bad);
        a.write(0, BOOKS);
        a.write(0, AUTHORS);
        var pair = new MachinePair(7, a, b, BOOKS, AUTHORS);
        pair.runUntilQuiet();
        assertThat(b.stateHash(AUTHORS)).isEqualTo(a.stateHash(AUTHORS));
        assertThat(pair.scope(BOOKS).position).isEqualTo(9);
        assertThat(pair.scope(BOOKS).troubles)
                .extracting(Reported::sequence, Reported::outcome)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(7L, Outcome.INVALID),
                        org.assertj.core.groups.Tuple.tuple(8L, Outcome.MISSING_PARENTS));
    }

    @Test
    void aShareFromAClockThatIsAheadComesInAtItsTime() {
        write(a, 5);
        Cid soon = a.write(0, AUTHORS);
        Cid late = a.write(0, BOOKS);
        b.early.put(soon, 60_000L);
        b.early.put(late, 7_200_000L);
        a.write(0, BOOKS);
        var pair = new MachinePair(8, a, b, BOOKS, AUTHORS);
        pair.runUntilQuiet(1_000);
        assertThat(b.contains(soon)).isFalse();
        pair.runUntilQuiet(120_000);
        assertThat(b.contains(soon)).isTrue();
        assertThat(b.contains(late)).isFalse();
        pair.runUntilQuiet(7_300_000);
        pair.assertEqual();
        assertThat(pair.scope(BOOKS).troubles).isEmpty();
    }

    @Test
    void theTimeOfALaterShareIsKeptOverARestart() {
        Cid late = a.write(0, BOOKS);
        b.early.put(late, 60_000L);
        var pair = new MachinePair(8, a, b, BOOKS);
        pair.runUntilQuiet(1_000);
        pair.crashA();
        pair.runUntilQuiet(120_000);
        pair.assertEqual();
    }

    @Test
    void aSenderWhoseClockIsAheadDoesNotAskAllTheTime() {
        long century = 36_525L * 24 * 3_600_000;
        a.nowMillis = century;
        Cid late = a.write(0, BOOKS);
        a.write(0, AUTHORS);
        b.early.put(late, century - 300_000);
        var pair = new MachinePair(8, a, b, BOOKS, AUTHORS);
        pair.aheadMillis = century;
        pair.runUntilQuiet(century + 24 * 3_600_000);
        assertThat(b.stateHash(AUTHORS)).isEqualTo(a.stateHash(AUTHORS));
        assertThat(b.contains(late)).isFalse();
        assertThat(pair.sharesSent)
                .as("in a day: ever more seldom, then each hour")
                .isBetween(20, 60);
        pair.correctClock();
        int before = pair.sharesSent;
        a.write(0, AUTHORS);
        pair.advanced();
        pair.runUntilQuiet(a.nowMillis + 24 * 3_600_000);
        assertThat(b.stateHash(AUTHORS)).isEqualTo(a.stateHash(AUTHORS));
        assertThat(pair.sharesSent).as("now its clock tells how long it is").isEqualTo(before + 1);
    }

    @Test
    void aPeerRestoredFromABackupIsFilledUp() {
        write(a, 40);
        var pair = new MachinePair(9, a, b, BOOKS, AUTHORS);
        pair.runUntilQuiet();
        pair.breakStream("the peer is restored");
        pair.checked = false;
        b.restoreTo(15);
        pair.runUntilQuiet();
        pair.assertEqual();
        assertThat(pair.sharesSent).isEqualTo(40 + 25);
    }

    @Test
    void whatThePeerHasFromElsewhereIsOfferedButNotSent() {
        write(a, 40);
        var c = new MemoryNode(3).holding(BOOKS, AUTHORS);
        new MachinePair(9, a, c, BOOKS, AUTHORS).runUntilQuiet();
        a.write(0, BOOKS);
        var second = new MachinePair(10, a, c, BOOKS, AUTHORS);
        second.runUntilQuiet();
        second.assertEqual();
        assertThat(second.sharesSent).isEqualTo(1);
    }

    @Test
    void nothingIsSentAfterRemoval() {
        write(a, 30);
        var pair = new MachinePair(11, a, b, BOOKS, AUTHORS);
        for (int i = 0; i < 6; i++) {
            pair.step();
        }
        pair.remove(BOOKS);
        int before = pair.sharesSent;
        int authorsOnly = (int) a.read(0, a.lastSequence(), java.util.Set.of(AUTHORS), Integer.MAX_VALUE)
                .shares()
                .size();
        pair.runUntilQuiet();
        assertThat(pair.sharesSent - before).isLessThanOrEqualTo(authorsOnly);
        assertThat(b.stateHash(AUTHORS)).isEqualTo(a.stateHash(AUTHORS));
        pair.remove(AUTHORS);
        a.write(0, AUTHORS);
        pair.advanced();
        pair.runUntilQuiet();
        assertThat(b.stateHash(AUTHORS)).isNotEqualTo(a.stateHash(AUTHORS));
        assertThat(pair.sender.isOpen()).isFalse();
    }

    @Test
    void removedAndAddedWhileAStreamOpensLeavesOneStreamInOrder() {
        write(a, 10);
        var pair = new MachinePair(12, a, b, BOOKS);
        pair.remove(BOOKS);
        pair.add(BOOKS);
        pair.runUntilQuiet();
        pair.assertEqual();
    }

    @Test
    void anUnreachablePeerIsTriedAgainEverMoreSeldom() {
        write(a, 3);
        var pair = new MachinePair(13, a, b, BOOKS);
        pair.reachable = false;
        var waits = new java.util.ArrayList<Long>();
        for (int i = 0; i < 12; i++) {
            for (var output : new java.util.ArrayList<>(pair.sender.handle(new Sender.StreamFailed("away"), 0))) {
                if (output instanceof Sender.WakeAfter wake) {
                    waits.add(wake.delay().toMillis());
                }
            }
            pair.sender.handle(new Sender.Woken(), 0);
        }
        assertThat(waits).startsWith(250L, 500L, 1_000L).endsWith(Sender.RETRY_MAX.toMillis());
        assertThat(List.copyOf(waits)).isSorted();
    }

    @Test
    void whoSaysThatItChangedAllTheTimeIsGreetedOnceAWelcome() {
        var sender = new Sender(b.peer, a, new ReplicatorRecord(Optional.empty(), new byte[0], List.of()));
        sender.add(BOOKS);
        sender.handle(new Sender.ScopesChanged(), 0);
        var outputs = new ArrayList<>(sender.handle(new Sender.StreamOpened(), 0));
        for (int i = 0; i < 1_000; i++) {
            outputs.addAll(sender.handle(new Sender.Received(new ReplicateMessage.Changed()), 0));
        }
        assertThat(outputs)
                .filteredOn(output ->
                        output instanceof Sender.Send send && send.message() instanceof ReplicateMessage.Hello)
                .hasSize(1);
    }

    @Test
    void manyHeadsThatAreLackingAreNotKeptButAllIsOffered() {
        var comparison = new Reconciliation(1, 1, List.of(BOOKS));
        var heads = new ArrayList<Cid>();
        for (int i = 0; i < HeadExchange.HEADS_MAX; i++) {
            byte[] digest = new byte[32];
            digest[0] = (byte) i;
            heads.add(Cid.ofDigest(Cid.DAG_CBOR, digest));
        }
        int documents = Reconciliation.HEADS_MAX / HeadExchange.HEADS_MAX + 1;
        for (int i = 0; i < documents; i++) {
            byte[] id = new byte[32];
            id[0] = (byte) i;
            id[1] = (byte) (i >> 8);
            var lacking = new ReplicateMessage.Lacking(DocumentId.of(id), heads);
            comparison.lacks(new ReplicateMessage.Lacks(1, BOOKS, false, i == documents - 1, List.of(lacking)));
        }
        assertThat(comparison.isCompared()).isTrue();
        assertThat(comparison.all()).isTrue();
    }
}
