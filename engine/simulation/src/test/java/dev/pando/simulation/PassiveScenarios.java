package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.Grants.Right;
import dev.pando.Inspection.Violation;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Replication.PendingCommit;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.TableSpec.UniqueSpec;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/scenarios.md, passive replication, deletes and what else needs no replicator's outcome, by their numbers. */
abstract class PassiveScenarios extends Scenarios {

    /** Of scenario 41. */
    private static final int TRANSACTIONS = 20;

    private static final TableSpec SHELVES = TableSpec.of(
            "PUBLIC",
            "Shelves",
            List.of(ColumnSpec.of("id", ColumnType.BIGINT), ColumnSpec.of("name", ColumnType.VARCHAR)),
            List.of("id"));

    private List<PendingCommit> pending(int node) {
        return on(node).engine().replication().pending();
    }

    private void title(int node, Object expected) {
        world.await("node " + node + " shows " + expected, () -> expected.equals(on(node).get("Books", 1, "title")));
    }

    /** A and B are connected, and B follows what A then inserts: one row that both hold. */
    private void share(int dialler, int dialled) {
        world.createEverywhere(BOOKS);
        world.connect(dialler, dialled);
    }

    @Test
    void s1WhoSubscribesToNothingHearsNothing() {
        share(A, B);
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.settle();
        assertThat(on(B).rows("Books")).isEmpty();
    }

    @Test
    void s2WhoSubscribesHearsAndIsNotHeard() {
        share(A, B);
        world.subscribe(B, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        on(A).insert("Books", "id", 2, "title", "Valis");
        on(B).insert("Books", "id", 3, "title", "mine");
        world.await("B has all", () -> on(B).rows("Books").size() == 3);
        world.settle();
        assertThat(on(A).rows("Books")).hasSize(2);
    }

    private void oneDocument(int writer, int follower) {
        on(writer).insert("Books", "id", 1, "title", "Ubik");
        on(writer).insert("Books", "id", 2, "title", "Valis");
        world.follow(follower, writer, "Books", 1);
        title(follower, "Ubik");
        on(writer).inTransaction(transaction -> {
            on(writer).change(transaction, "Books", 2, (row, values) -> values[1] = "other");
            return on(writer).change(transaction, "Books", 1, (row, values) -> values[1] = "changed");
        });
        title(follower, "changed");
        world.settle();
        assertThat(on(follower).rows("Books")).hasSize(1);
    }

    @Test
    void s3ASubscribedDocumentFollows() {
        share(A, B);
        oneDocument(A, B);
    }

    @Test
    void s4ASubscribedDocumentFollowsWhoeverDialled() {
        share(B, A);
        oneDocument(A, B);
        on(B).update("Books", 1, "title", "from B");
        world.follow(A, B, "Books", 1);
        title(A, "from B");
    }

    @Test
    void s5DifferentColumnsOfOneRow() {
        share(A, B);
        world.subscribe(A, "Books");
        world.subscribe(B, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.awaitSameState(A, B, "Books");
        on(A).update("Books", 1, "title", "Valis");
        on(B).add("Books", 1, "likes", 7);
        world.await(
                "both hold both",
                () -> on(A).rows("Books").equals(List.of(List.of(1L, "Valis", 7L)))
                        && on(B).rows("Books").equals(on(A).rows("Books")));
    }

    @Test
    void s6OneColumnManyTimes() {
        share(A, B);
        world.subscribe(A, "Books");
        world.subscribe(B, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.awaitSameState(A, B, "Books");
        for (int i = 0; i < 30; i++) {
            on(A).update("Books", 1, "title", "A" + i);
            on(B).update("Books", 1, "title", "B" + i);
        }
        world.awaitSameState(A, B, "Books");
        assertThat(on(A).rows("Books")).hasSize(1);
    }

    @Test
    void s7WhoIsNotConnectedKeepsTheOldValueAndCatchesUp() {
        share(A, B);
        world.connect(C, B);
        for (int node : new int[] {A, B, C}) {
            world.subscribe(node, "Books");
        }
        on(A).insert("Books", "id", 1, "title", "old");
        world.awaitSameState(A, C, "Books");
        /* Not by a restart: it dials those whom it knew. */
        world.disconnect(C, B);
        on(A).update("Books", 1, "title", "new");
        on(B).add("Books", 1, "likes", 1);
        world.awaitSameState(A, B, "Books");
        assertThat(on(C).get("Books", 1, "title")).isEqualTo("old");
        world.connect(C, B);
        world.awaitSameState(A, C, "Books");
    }

    @Test
    void s8UpdatesBeforeAndAfterARestart() {
        share(A, B);
        world.subscribe(B, "Books");
        on(A).insert("Books", "id", 1, "title", "first");
        title(B, "first");
        world.stop(B);
        on(A).update("Books", 1, "title", "before");
        world.start(B);
        world.connect(B, A);
        title(B, "before");
        on(A).update("Books", 1, "title", "after");
        title(B, "after");
    }

    @Test
    void s9NothingArrivesAfterUnsubscribing() {
        share(A, B);
        world.connect(A, C);
        world.subscribe(B, "Books");
        world.subscribe(C, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        title(B, "Ubik");
        on(B).engine().subscriptions().unsubscribe(List.of(on(B).table("Books")));
        on(A).insert("Books", "id", 2, "title", "Valis");
        world.await("C has it", () -> on(C).rows("Books").size() == 2);
        world.settle();
        assertThat(on(B).rows("Books")).hasSize(1);
    }

    @Test
    void s10TwoOfThreeCollections() {
        world.createEverywhere(BOOKS, AUTHORS, SHELVES);
        world.connect(A, B);
        world.subscribe(B, "Books", "Shelves");
        on(A).inTransaction(transaction -> {
            on(A).insert(transaction, "Authors", "id", 1, "name", "Dick");
            on(A).insert(transaction, "Shelves", "id", 1, "name", "left");
            return on(A).insert(transaction, "Books", "id", 1, "title", "Ubik");
        });
        world.await(
                "both have come",
                () -> on(B).rows("Books").size() == 1 && on(B).rows("Shelves").size() == 1);
        world.settle();
        assertThat(on(B).rows("Authors")).isEmpty();
    }

    @Test
    void s11AnUnknownCollectionSubscribesNothing() {
        world.create(A, AUTHORS);
        world.create(B, BOOKS);
        Table unknown = on(A).table("Authors");
        var subscriptions = on(B).engine().subscriptions();
        for (List<Table> some : List.of(List.of(unknown), List.of(on(B).table("Books"), unknown))) {
            assertThatThrownBy(() -> subscriptions.subscribe(some))
                    .isInstanceOfSatisfying(
                            PandoException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNKNOWN_TABLE));
        }
        assertThat(subscriptions.subscriptions()).isEmpty();
    }

    @Test
    void s12TheListShowsThePresentOnesAlsoAfterARestart() {
        world.createEverywhere(BOOKS, AUTHORS, SHELVES);
        world.subscribe(B, "Books", "Authors");
        on(A).insert("Shelves", "id", 1, "name", "left");
        world.follow(B, A, "Shelves", 1);
        on(B).engine().subscriptions().unsubscribe(List.of(on(B).table("Authors")));
        for (int i = 0; i < 2; i++) {
            assertThat(on(B).engine().subscriptions().subscriptions())
                    .extracting(Table::name)
                    .containsExactly("Books");
            assertThat(on(B).engine().subscriptions().documents())
                    .extracting(d -> d.document())
                    .containsExactly(on(A).documentId("Shelves", 1));
            world.stop(B);
            world.start(B);
        }
    }

    @Test
    void s13AMalformedDocumentIdIsAClearError() {
        for (String bad : List.of("", "x", "bafyrei", "/ip4/127.0.0.1")) {
            assertThatThrownBy(() -> DocumentId.parse(bad)).hasMessageContaining("expected a base32 CID");
        }
    }

    @Test
    void s14GossipGoesThroughAChain() {
        share(A, B);
        world.connect(C, B);
        for (int node : new int[] {A, B, C}) {
            world.subscribe(node, "Books");
        }
        on(A).insert("Books", "id", 1, "title", "Ubik");
        title(C, "Ubik");
        on(C).update("Books", 1, "title", "back");
        title(A, "back");
    }

    @Test
    void s15ADeleteHidesTheRow() {
        share(A, B);
        world.subscribe(B, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        title(B, "Ubik");
        on(A).delete("Books", 1);
        world.await("it is gone", () -> on(B).rows("Books").isEmpty());
    }

    @Test
    void s16WhatWasChangedUnseenAndDeletedKeepsItsHistory() {
        share(A, B);
        world.subscribe(B, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        title(B, "Ubik");
        DocumentId id = on(A).documentId("Books", 1);
        world.disconnect(A, B);
        for (int i = 0; i < 5; i++) {
            on(A).update("Books", 1, "title", "unseen " + i);
        }
        on(A).delete("Books", 1);
        world.connect(B, A);
        world.await("it is gone", () -> on(B).rows("Books").isEmpty());
        assertThat(on(B).engine().inspection().history(on(B).table("Books"), id))
                .hasSize(7);
    }

    @Test
    void s18ADeletedKeyLivesAgain() {
        share(A, B);
        world.subscribe(A, "Books");
        world.subscribe(B, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik", "likes", 5);
        world.awaitSameState(A, B, "Books");
        on(A).delete("Books", 1);
        world.await("it is gone", () -> on(B).rows("Books").isEmpty());
        on(B).insert("Books", "id", 1, "title", "again");
        world.awaitSameState(A, B, "Books");
        assertThat(on(A).rows("Books")).containsExactly(List.of(1L, "again", 0L));
    }

    @Test
    void s32OnlyChosenDocuments() {
        world.createEverywhere(BOOKS);
        on(A).insert("Books", "id", 1, "title", "Ubik");
        on(A).insert("Books", "id", 2, "title", "Valis");
        on(A).engine()
                .replication()
                .setReplicator(new ReplicatorSpec(
                        on(B).engine().peerId(),
                        Optional.of(world.address(B)),
                        List.of(on(A).table("Books")),
                        List.of(on(A).documentId("Books", 1)),
                        Optional.empty()));
        title(B, "Ubik");
        on(A).inTransaction(transaction -> {
            on(A).change(transaction, "Books", 2, (row, values) -> values[1] = "other");
            return on(A).change(transaction, "Books", 1, (row, values) -> values[1] = "changed");
        });
        title(B, "changed");
        world.settle();
        assertThat(on(B).rows("Books")).hasSize(1);
    }

    private void replicateWhere(String condition) {
        on(A).engine()
                .replication()
                .setReplicator(new ReplicatorSpec(
                        on(B).engine().peerId(),
                        Optional.of(world.address(B)),
                        List.of(on(A).table("Books")),
                        List.of(),
                        Optional.of(condition)));
    }

    @Test
    void s32OnlyRowsThatMatchAndThoseThatComeToMatchWithTheirHistory() {
        world.createEverywhere(BOOKS);
        on(A).insert("Books", "id", 1, "title", "Ubik", "likes", 1);
        on(A).insert("Books", "id", 2, "title", "Valis", "likes", 10);
        assertThatThrownBy(() -> replicateWhere("nonsense"))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_DEFINITION));
        replicateWhere("title = 'Ubik'");
        title(B, "Ubik");
        on(A).add("Books", 2, "likes", 5);
        on(A).add("Books", 1, "likes", 2);
        world.await("the counter arrives", () -> Long.valueOf(3).equals(on(B).get("Books", 1, "likes")));
        world.settle();
        assertThat(on(B).rows("Books")).hasSize(1);

        world.disconnect(A, B);
        on(A).update("Books", 2, "title", "Ubik");
        on(A).update("Books", 1, "title", "no more");
        world.await("what matches now arrives", () -> "Ubik".equals(on(B).get("Books", 2, "title")));
        title(B, "no more");
        assertThat(on(B).get("Books", 2, "likes")).isEqualTo(15L);
        var inspection = on(B).engine().inspection();
        assertThat(inspection.history(on(B).table("Books"), on(B).documentId("Books", 2)))
                .as("what came before it matched came with it")
                .hasSize(3);
    }

    @Test
    void s33AMissingTableIsMadeWhereThatIsAllowed() {
        world.create(A, BOOKS);
        on(B).engine().replication().setAutoCreate(true);
        on(A).insert("Books", "id", 1, "title", "Ubik", "likes", 3);
        world.replicate(A, B, "Books");
        world.await(
                "the table is made",
                () -> on(B).engine().catalog().find("PUBLIC", "Books").isPresent());
        world.awaitSameState(A, B, "Books");
        world.stop(B);
        world.start(B);
        on(A).add("Books", 1, "likes", 4);
        world.awaitSameState(A, B, "Books");
        assertThat(on(B).get("Books", 1, "likes")).isEqualTo(7L);
    }

    @Test
    void s37EveryCommitComesBySeveralWays() {
        world.createEverywhere(BOOKS);
        for (int node : new int[] {A, B, C}) {
            world.subscribe(node, "Books");
        }
        for (int from : new int[] {A, B, C}) {
            for (int to : new int[] {A, B, C}) {
                if (from != to) {
                    world.replicate(from, to, "Books");
                }
            }
        }
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.awaitSameState(A, B, "Books");
        world.awaitSameState(A, C, "Books");
        for (int i = 0; i < 10; i++) {
            for (int node : new int[] {A, B, C}) {
                on(node).add("Books", 1, "likes", 1);
            }
        }
        world.awaitSameState(A, B, "Books");
        world.awaitSameState(A, C, "Books");
        world.await("each counts once", () -> Long.valueOf(30).equals(on(C).get("Books", 1, "likes")));
    }

    /**
     * A transaction over two collections comes as two announcements; no reader of a node that follows both sees one without
     * the other, whether it came first hand or was passed on.
     */
    @Test
    void s41ATransactionOverTwoSubscribedCollectionsBecomesVisibleAsOne() {
        world.createEverywhere(BOOKS, AUTHORS);
        world.connect(A, B);
        world.connect(B, C);
        insertBoth(A, "0");
        for (int node : new int[] {B, C}) {
            world.subscribe(node, "Books", "Authors");
        }
        for (int i = 0; i <= TRANSACTIONS; i++) {
            String text = Integer.toString(i);
            if (i > 0) {
                inBoth(A, text);
            }
            world.await("all show transaction " + text, () -> {
                for (int node : new int[] {B, C}) {
                    assertThat(new HashSet<>(shown(node)))
                            .as("both rows of node %s as one transaction left them", node)
                            .hasSize(1);
                }
                return shown(C).contains(text) && shown(B).contains(text);
            });
            world.await("nothing is pending", () -> pending(B).isEmpty());
        }
    }

    /** Who may not read the other collection does without it after a moment, and is told. */
    @Test
    void s41APartThatMayNotBeReadHoldsTheOtherUpForAMomentOnly() {
        world.createEverywhere(BOOKS, AUTHORS);
        on(A).engine().grants().revoke(on(A).table("Authors"), Optional.empty(), EnumSet.of(Right.READ));
        world.connect(A, B);
        world.subscribe(B, "Books", "Authors");
        insertBoth(A, "0");
        world.await("the book is there", () -> shown(B).contains("0"));
        assertThat(shown(B)).containsExactly("0", "none");
        assertThat(pending(B)).hasSize(1);
        world.await("it is told", () -> pending(B).get(0).reason().startsWith("admitted in part"));
        on(A).engine().grants().grant(on(A).table("Authors"), Optional.empty(), EnumSet.of(Right.READ));
        world.await("the rest is there", () -> shown(B).equals(List.of("0", "0")));
        world.await("nothing is pending", () -> pending(B).isEmpty());
    }

    @Test
    void s42EqualUniqueValuesAreKeptAndShown() {
        var unique = new TableSpec(
                "PUBLIC",
                "Books",
                List.of(ColumnSpec.of("id", ColumnType.BIGINT), ColumnSpec.of("title", ColumnType.VARCHAR)),
                List.of("id"),
                false,
                0,
                List.of(),
                List.of(new UniqueSpec("one_title", List.of("title"))),
                List.of());
        world.createEverywhere(unique);
        on(A).insert("Books", "id", 1, "title", "Ubik");
        on(B).insert("Books", "id", 2, "title", "Ubik");
        world.subscribe(A, "Books");
        world.subscribe(B, "Books");
        world.connect(A, B);
        world.awaitSameState(A, B, "Books");
        for (int node : new int[] {A, B}) {
            assertThat(on(node).rows("Books")).hasSize(2);
            List<Violation> violations = on(node).engine().inspection().violations(on(node).table("Books"), 10);
            assertThat(violations).isNotEmpty().allMatch(v -> v.constraint().equals("one_title"));
        }
    }

    @Test
    void s46WhoMayNotReadIsToldNothing() {
        world.createEverywhere(BOOKS);
        on(A).engine().grants().revoke(on(A).table("Books"), Optional.empty(), EnumSet.of(Right.READ));
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.connect(B, A);
        world.subscribe(B, "Books");
        world.settle();
        assertThat(on(B).rows("Books")).isEmpty();
        on(A).engine()
                .grants()
                .grant(on(A).table("Books"), Optional.of(on(B).engine().peerId()), EnumSet.of(Right.READ));
        on(A).insert("Books", "id", 2, "title", "Valis");
        world.awaitSameState(A, B, "Books");
    }

    @Test
    void s49TheLosingValueIsFound() {
        share(A, B);
        world.subscribe(A, "Books");
        world.subscribe(B, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.awaitSameState(A, B, "Books");
        world.disconnect(A, B);
        on(A).update("Books", 1, "title", "of A");
        on(B).update("Books", 1, "title", "of B");
        world.connect(A, B);
        world.awaitSameState(A, B, "Books");
        Object winner = on(A).get("Books", 1, "title");
        Object loser = winner.equals("of A") ? "of B" : "of A";
        for (int node : new int[] {A, B}) {
            assertThat(on(node).engine().inspection().conflicts(on(node).table("Books")))
                    .singleElement()
                    .satisfies(conflict -> {
                        assertThat(conflict.winnerValue()).isEqualTo(winner);
                        assertThat(conflict.loserValue()).isEqualTo(loser);
                        assertThat(conflict.column()).isEqualTo("title");
                    });
        }
    }
}
