package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Network.PeerInfo;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.Table;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that were told of one other find the rest by the hash table, the same way in each run of a seed. */
@Timeout(120)
class DiscoveryTest {

    private static final int NODES = 6;

    private static SimCluster cluster(long seed) {
        return SimCluster.of(NODES)
                .table(ReplicationScenarios.BOOKS)
                .withoutReplicators()
                .options(o -> o.withNetwork(o.network().withDht(true)))
                .seed(seed);
    }

    /** All but the first, which is told of nobody. */
    private static void meetTheFirst(SimCluster cluster) {
        for (int i = 1; i < NODES; i++) {
            cluster.node(i).engine().network().connect(cluster.address(0));
        }
    }

    private static long connected(SimNode node) {
        return node.engine().network().peers().stream()
                .filter(PeerInfo::connected)
                .count();
    }

    private static long run(long seed) {
        try (SimCluster cluster = cluster(seed)) {
            meetTheFirst(cluster);
            Table books = cluster.node(2).table("Books");
            cluster.node(2).engine().subscriptions().subscribe(List.of(books));
            cluster.runFor(Duration.ofSeconds(60));
            for (int i = 0; i < NODES; i++) {
                assertThat(connected(cluster.node(i))).as("peers of %s", i).isEqualTo(NODES - 1);
            }

            cluster.node(0).engine().network().disconnect(cluster.node(2).lastPeerId());
            cluster.node(5).insert("Books", "id", 1L, "title", "Walden");
            cluster.runFor(Duration.ofSeconds(5));
            assertThat(cluster.node(2).get("Books", 1L, "title")).isEqualTo("Walden");
            return cluster.simulation().traceHash();
        }
    }

    @Test
    void allFindTheSubscriberOfATopicTheSameWayEachTime() {
        assertThat(run(1)).isEqualTo(run(1));
        assertThat(run(2)).isNotEqualTo(run(1));
        for (long seed = 3; seed < 15; seed++) {
            run(seed);
        }
    }

    /* They dial each other at once, and streams are asked for on connections that end meanwhile. */
    @Test
    void eachKnowsOfEachWhomItIsConnectedWithThatItFollows() {
        for (long seed = 1; seed <= 20; seed++) {
            try (SimCluster cluster = cluster(seed)) {
                for (int i = 0; i < NODES; i++) {
                    Table books = cluster.node(i).table("Books");
                    cluster.node(i).engine().subscriptions().subscribe(List.of(books));
                }
                meetTheFirst(cluster);
                cluster.runFor(Duration.ofSeconds(30));
                for (int i = 0; i < NODES; i++) {
                    SimNode node = cluster.node(i);
                    assertThat(node.engine().subscriptions().topics().get(0).peers())
                            .as("followers known to %s in run %s", i, seed)
                            .isEqualTo((int) connected(node))
                            .isEqualTo(NODES - 1);
                }
            }
        }
    }

    @Test
    void aReplicatorFindsAPeerByItsIdWhenItAppears() {
        try (SimCluster cluster = cluster(3)) {
            Table books = cluster.node(4).table("Books");
            cluster.node(4).insert("Books", "id", 1L, "title", "Walden");
            cluster.node(4)
                    .engine()
                    .replication()
                    .setReplicator(new ReplicatorSpec(
                            cluster.node(3).lastPeerId(),
                            Optional.empty(),
                            List.of(books),
                            List.of(),
                            Optional.empty()));
            cluster.runFor(Duration.ofSeconds(20));
            assertThat(cluster.node(3).rows("Books")).isEmpty();

            meetTheFirst(cluster);
            cluster.runFor(Duration.ofSeconds(120));
            assertThat(cluster.node(3).get("Books", 1L, "title")).isEqualTo("Walden");
        }
    }
}
