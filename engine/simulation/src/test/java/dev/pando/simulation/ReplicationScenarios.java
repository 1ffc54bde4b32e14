package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.ColumnType;
import dev.pando.Grants.Right;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Replication.Direction;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.Replication.SyncStatus;
import dev.pando.TableSpec.ColumnSpec;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/scenarios.md, active replication and merging, by their numbers. */
abstract class ReplicationScenarios extends Scenarios {

    @Test
    void s19RowsThatAreInsertedArrive() {
        world.createEverywhere(BOOKS);
        world.replicate(A, B, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.awaitSameState(A, B, "Books");
        assertThat(on(B).get("Books", 1, "title")).isEqualTo("Ubik");
    }

    @Test
    void s20RowsFromBeforeArriveToo() {
        world.createEverywhere(BOOKS);
        for (int i = 0; i < 20; i++) {
            on(A).insert("Books", "id", i, "title", "before");
        }
        world.replicate(A, B, "Books");
        world.awaitSameState(A, B, "Books");
        assertThat(on(B).rows("Books")).hasSize(20);
    }

    @Test
    void s21RowsOfTheTargetDoNotFlowBack() {
        world.createEverywhere(BOOKS);
        world.replicate(A, B, "Books");
        on(B).insert("Books", "id", 7, "title", "mine");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.await("B has both", () -> on(B).rows("Books").size() == 2);
        world.settle();
        assertThat(on(A).rows("Books")).hasSize(1);
    }

    @Test
    void s22NothingFlowsAfterTheReplicatorIsDeleted() {
        world.createEverywhere(BOOKS, AUTHORS);
        world.replicate(A, B, "Books", "Authors");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.awaitSameState(A, B, "Books");
        world.endReplication(A, B, "Books");
        on(A).insert("Books", "id", 2, "title", "Valis");
        on(A).insert("Authors", "id", 1, "name", "Dick");
        world.awaitSameState(A, B, "Authors");
        world.settle();
        assertThat(on(B).rows("Books")).hasSize(1);
        world.endReplication(A, B, "Authors");
        assertThat(on(A).engine().replication().replicators()).isEmpty();
        on(A).insert("Authors", "id", 2, "name", "Le Guin");
        world.settle();
        assertThat(on(B).rows("Authors")).hasSize(1);
    }

    @Test
    void s23OnlyTheTargetsAreReached() {
        world.createEverywhere(BOOKS, AUTHORS);
        world.replicate(A, B, "Books", "Authors");
        world.replicate(A, C, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        on(A).insert("Authors", "id", 1, "name", "Dick");
        world.awaitSameState(A, B, "Books");
        world.awaitSameState(A, C, "Books");
        world.awaitSameState(A, B, "Authors");
        world.settle();
        assertThat(on(C).rows("Authors")).isEmpty();
    }

    @Test
    void s24SeveralCollectionsInOneTransactionAndSeveralPeers() {
        world.createEverywhere(BOOKS, AUTHORS);
        world.replicate(A, B, "Books", "Authors");
        world.replicate(A, C, "Books", "Authors");
        for (int i = 0; i < 10; i++) {
            int id = i;
            on(A).inTransaction(transaction -> {
                on(A).insert(transaction, "Books", "id", id, "title", "t" + id);
                return on(A).insert(transaction, "Authors", "id", id, "name", "n" + id);
            });
        }
        for (int to : new int[] {B, C}) {
            world.awaitSameState(A, to, "Books");
            world.awaitSameState(A, to, "Authors");
        }
    }

    @Test
    void s25TheSameTableWithItsColumnsInAnotherOrderIsTheSameCollection() {
        world.create(A, books("id", "title", "likes"));
        world.create(B, books("likes", "id", "title"));
        world.replicate(A, B, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik", "likes", 3);
        world.await("the row arrives", () -> "Ubik".equals(on(B).get("Books", 1, "title")));
        assertThat(on(B).get("Books", 1, "likes")).isEqualTo(3L);
        assertThat(on(B).engine().stateHash(on(B).table("Books")))
                .isEqualTo(on(A).engine().stateHash(on(A).table("Books")));
    }

    @Test
    void s26TheSameKeyInsertedOnBothIsOneRow() {
        world.createEverywhere(BOOKS);
        on(A).insert("Books", "id", 1, "title", "Ubik");
        on(B).insert("Books", "id", 1, "likes", 5);
        world.replicate(A, B, "Books");
        world.replicate(B, A, "Books");
        world.awaitSameState(A, B, "Books");
        assertThat(on(A).rows("Books")).containsExactly(List.of(1L, "Ubik", 5L));
    }

    @Test
    void s27WhatAPeerMissedArrivesWhenItIsBack() {
        world.createEverywhere(BOOKS);
        world.replicate(A, B, "Books");
        on(A).insert("Books", "id", 0, "title", "first");
        world.awaitSameState(A, B, "Books");
        world.stop(B);
        for (int i = 1; i < 50; i++) {
            on(A).insert("Books", "id", i, "title", "t" + i);
            on(A).add("Books", i - 1, "likes", 2);
        }
        world.start(B);
        world.awaitSameState(A, B, "Books");
        assertThat(on(B).rows("Books")).hasSize(50);
    }

    @Test
    void s28ReplicatorsAreStillSetAfterARestart() {
        world.createEverywhere(BOOKS);
        world.replicate(A, B, "Books");
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.awaitSameState(A, B, "Books");
        world.stop(A);
        world.start(A);
        assertThat(on(A).engine().replication().replicators()).hasSize(1);
        on(A).insert("Books", "id", 2, "title", "Valis");
        world.awaitSameState(A, B, "Books");
    }

    @Test
    void s29WhatAKilledReceiverAcknowledgedIsThere() {
        world.createEverywhere(BOOKS);
        world.replicate(A, B, "Books");
        for (int i = 0; i < 30; i++) {
            on(A).insert("Books", "id", i, "title", "t" + i);
            if (i % 10 == 5) {
                world.kill(B);
                world.start(B);
            }
        }
        world.awaitSameState(A, B, "Books");
        assertThat(on(B).rows("Books")).hasSize(30);
    }

    @Test
    void s30AKilledSenderResumesAndCountersAreExact() {
        world.createEverywhere(BOOKS);
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.replicate(A, B, "Books");
        for (int i = 0; i < 60; i++) {
            on(A).add("Books", 1, "likes", 1);
            if (i % 20 == 7) {
                world.kill(A);
                world.start(A);
            }
        }
        world.awaitSameState(A, B, "Books");
        assertThat(on(B).get("Books", 1, "likes")).isEqualTo(60L);
    }

    /** A multiple of 1,000. */
    int rowsToAnEmptyPeer() {
        return 10_000;
    }

    @Test
    void s31ManyRowsToAnEmptyPeer() {
        world.createEverywhere(BOOKS);
        int rows = rowsToAnEmptyPeer();
        for (int batch = 0; batch * 1_000 < rows; batch++) {
            int first = batch * 1_000;
            on(A).inTransaction(transaction -> {
                for (int i = first; i < first + 1_000; i++) {
                    on(A).insert(transaction, "Books", "id", i, "title", "title " + i, "likes", i % 7);
                }
                return first;
            });
        }
        world.replicate(A, B, "Books");
        world.awaitSameState(A, B, "Books");
        assertThat(on(B).rows("Books")).hasSize(rows);
    }

    @Test
    void s33AMissingTableIsReportedAndItsBacklogKept() {
        world.create(A, BOOKS);
        world.create(A, AUTHORS);
        world.create(B, AUTHORS);
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.replicate(A, B, "Books", "Authors");
        world.await(
                "it is reported", () -> world.replicator(A, B, "Books").status().contains("no such table"));
        on(A).insert("Authors", "id", 1, "name", "Dick");
        world.awaitSameState(A, B, "Authors");
        world.create(B, BOOKS);
        world.awaitSameState(A, B, "Books");
    }

    @Test
    void s34WhatCannotBeSetIsRefusedAndNotStored() {
        world.createEverywhere(BOOKS);
        var engine = on(A).engine();
        var self = new ReplicatorSpec(
                engine.peerId(), Optional.empty(), List.of(on(A).table("Books")), List.of(), Optional.empty());
        assertThatThrownBy(() -> engine.replication().setReplicator(self))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_ARGUMENT));
        var nothing =
                new ReplicatorSpec(on(B).engine().peerId(), Optional.empty(), List.of(), List.of(), Optional.empty());
        assertThatThrownBy(() -> engine.replication().setReplicator(nothing)).isInstanceOf(PandoException.class);
        assertThat(engine.replication().replicators()).isEmpty();
        world.stop(A);
        world.start(A);
        assertThat(on(A).engine().replication().replicators()).isEmpty();
    }

    @Test
    void s35CountersAddUp() {
        world.createEverywhere(BOOKS);
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.replicate(A, B, "Books");
        world.replicate(B, A, "Books");
        world.awaitSameState(A, B, "Books");
        for (int diamond = 1; diamond <= 20; diamond++) {
            on(A).add("Books", 1, "likes", 45);
            on(B).add("Books", 1, "likes", 45);
            world.awaitSameState(A, B, "Books");
            assertThat(on(A).get("Books", 1, "likes")).isEqualTo(90L * diamond);
        }
    }

    @Test
    void s36AValueAndANullAtOnce() {
        world.createEverywhere(BOOKS);
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.replicate(A, B, "Books");
        world.awaitSameState(A, B, "Books");
        on(A).update("Books", 1, "title", null);
        on(B).update("Books", 1, "title", "Valis");
        world.replicate(B, A, "Books");
        world.awaitSameState(A, B, "Books");
    }

    @Test
    void s17DeleteOnOneAndUpdateOnTheOther() {
        world.createEverywhere(BOOKS);
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.replicate(A, B, "Books");
        world.awaitSameState(A, B, "Books");
        on(B).update("Books", 1, "title", "Valis");
        on(A).delete("Books", 1);
        world.replicate(B, A, "Books");
        world.awaitSameState(A, B, "Books");
        assertThat(on(B).rows("Books"))
                .as("the update belongs to what was deleted")
                .isEmpty();
        on(B).insert("Books", "id", 1, "title", "again");
        world.awaitSameState(A, B, "Books");
        assertThat(on(A).rows("Books")).containsExactly(List.of(1L, "again", 0L));
    }

    @Test
    void s39RowsArriveBeforeTheirDefinitionAndShowWithIt() {
        world.createEverywhere(BOOKS);
        world.replicate(A, B, "Books");
        on(A).engine().catalog().addColumn(on(A).table("Books"), ColumnSpec.of("genre", ColumnType.VARCHAR));
        on(A).insert("Books", "id", 1, "title", "Ubik", "genre", "sf");
        world.await(
                "B learns the column and its value",
                () -> on(B).table("Books").column("genre").isPresent() && "sf".equals(on(B).get("Books", 1, "genre")));
    }

    @Test
    void s40BothAddColumnsAtOnce() {
        world.createEverywhere(BOOKS);
        on(A).engine().catalog().addColumn(on(A).table("Books"), ColumnSpec.of("genre", ColumnType.VARCHAR));
        on(B).engine().catalog().addColumn(on(B).table("Books"), ColumnSpec.of("pages", ColumnType.INTEGER));
        on(A).insert("Books", "id", 1, "genre", "sf");
        on(B).insert("Books", "id", 2, "pages", 300);
        world.replicate(A, B, "Books");
        world.replicate(B, A, "Books");
        for (int node : new int[] {A, B}) {
            world.await(
                    "both columns are there",
                    () -> on(node).table("Books").column("genre").isPresent()
                            && on(node).table("Books").column("pages").isPresent()
                            && on(node).rows("Books").size() == 2);
            assertThat(on(node).get("Books", 1, "genre")).isEqualTo("sf");
            assertThat(on(node).get("Books", 2, "pages")).isEqualTo(300L);
        }
    }

    @Test
    void s46WhoMayNotWriteIsRefusedUntilItMay() {
        world.createEverywhere(BOOKS);
        var grants = on(B).engine().grants();
        grants.revoke(on(B).table("Books"), Optional.empty(), EnumSet.of(Right.WRITE));
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.replicate(A, B, "Books");
        world.await(
                "it is told why",
                () -> world.replicator(A, B, "Books").lastError().orElse("").contains("REFUSED"));
        assertThat(on(B).rows("Books")).isEmpty();
        assertThatThrownBy(() -> on(A).engine()
                        .replication()
                        .awaitSync(on(A).table("Books"), on(B).engine().peerId(), Duration.ofSeconds(20)))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.kind()).isEqualTo(Kind.PEER_REFUSED));
        grants.grant(on(B).table("Books"), Optional.of(on(A).engine().peerId()), EnumSet.of(Right.WRITE));
        world.awaitSameState(A, B, "Books");
    }

    /** With a predicate: PartialReplicatorTest, as conditions are SQL. */
    @Test
    void s32OnlyChosenDocumentsArePushed() {
        world.createEverywhere(BOOKS);
        for (int i = 0; i < 4; i++) {
            int id = i;
            on(A).inTransaction(transaction -> {
                on(A).insert(transaction, "Books", "id", id, "title", "even");
                return on(A).insert(transaction, "Books", "id", 10 + id, "title", "odd");
            });
        }
        var chosen = List.of(on(A).documentId("Books", 1), on(A).documentId("Books", 12));
        on(A).engine()
                .replication()
                .setReplicator(new ReplicatorSpec(
                        on(B).engine().peerId(),
                        Optional.of(world.address(B)),
                        List.of(on(A).table("Books")),
                        chosen,
                        Optional.empty()));
        on(A).update("Books", 12, "title", "chosen");
        on(A).update("Books", 2, "title", "not chosen");
        world.await("the chosen ones arrive", () -> "chosen".equals(on(B).get("Books", 12, "title")));
        world.settle();
        assertThat(on(B).rows("Books")).hasSize(2);
        /* The whole table after all: what came in part is completed. */
        world.replicate(A, B, "Books");
        world.awaitSameState(A, B, "Books");
    }

    /** No reader sees a transaction of two rows, in two collections, in part. */
    @Test
    void s41ATransactionBecomesVisibleAsOne() {
        world.createEverywhere(BOOKS, AUTHORS);
        insertBoth(A, "0");
        world.replicate(A, B, "Books", "Authors");
        for (int i = 1; i <= 30; i++) {
            inBoth(A, Integer.toString(i));
            assertThat(new HashSet<>(shown(B)))
                    .as("both rows as one transaction left them")
                    .hasSize(1);
        }
        world.awaitSameState(A, B, "Books");
        world.awaitSameState(A, B, "Authors");
    }

    @Test
    void s47SyncStatusTellsHowFarAPeerIs() {
        world.createEverywhere(BOOKS);
        on(A).insert("Books", "id", 1, "title", "Ubik");
        world.replicate(A, B, "Books");
        world.await("it says equal", () -> status().equal().orElse(false));
        assertThat(on(B).engine().stateHash(on(B).table("Books")))
                .isEqualTo(on(A).engine().stateHash(on(A).table("Books")));
        world.stop(B);
        world.await("it says offline", () -> status().offlineSince().isPresent());
        on(A).insert("Books", "id", 2, "title", "Valis");
        on(A).insert("Books", "id", 3, "title", "Eye");
        world.await(
                "it says by how much",
                () -> status().behind() == 2
                        && status().behindSince().isPresent()
                        && status().equal().equals(Optional.of(false)));
        world.start(B);
        world.await("it says equal again", () -> status().equal().orElse(false));
        assertThat(on(B).rows("Books")).hasSize(3);
    }

    private SyncStatus status() {
        return on(A).engine().replication().syncStatus().stream()
                .filter(row -> row.direction() == Direction.OUT)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void s48WaitForSyncEndsWhenAllIsApplied() {
        world.createEverywhere(BOOKS);
        world.replicate(A, B, "Books");
        var peer = on(B).engine().peerId();
        for (int i = 0; i < 5; i++) {
            on(A).insert("Books", "id", i, "title", "t" + i);
            assertThat(on(A).engine().replication().awaitSync(on(A).table("Books"), peer, Duration.ofSeconds(20)))
                    .isTrue();
            assertThat(on(B).rows("Books")).hasSize(i + 1);
        }
        world.stop(B);
        on(A).insert("Books", "id", 9, "title", "alone");
        assertThat(on(A).engine().replication().awaitSync(on(A).table("Books"), peer, Duration.ofMillis(300)))
                .isFalse();
    }
}
