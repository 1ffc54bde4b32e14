package dev.pando.libp2p.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Reach, latency and overhead of gossip among many nodes, in virtual time. */
class GossipSimulationTest {

    private static final long SEED = Long.getLong("pando.seed", 1);

    @Test
    @Tag("slow")
    void aThousandNodesHearThroughLossAndChurn() {
        hearThroughLossAndChurn(1_000);
    }

    @Test
    @Tag("soak")
    void tenThousandNodesHearThroughLossAndChurn() {
        hearThroughLossAndChurn(10_000);
    }

    private static void hearThroughLossAndChurn(int size) {
        var network = new SimulatedGossip(size, 10, 0.05, SEED);
        network.runUntil(10_000);
        /* One node in a hundred leaves each second, and returns a while later. */
        for (int second = 0; second < 60; second++) {
            int leaver = network.random.nextInt(size);
            network.at(10_000 + second * 1_000L, () -> {
                if (network.nodes.get(leaver).up) {
                    for (int i = 0; i < Math.max(1, size / 100); i++) {
                        int number = (leaver + i) % size;
                        if (network.nodes.get(number).up) {
                            network.take(number);
                            network.at(
                                    network.now + 5_000 + network.random.nextInt(10_000),
                                    () -> network.bringBack(number, 10));
                        }
                    }
                }
            });
        }
        int messages = 60;
        for (int m = 0; m < messages; m++) {
            int number = m;
            network.at(11_000 + m * 900L, () -> {
                int publisher = network.random.nextInt(size);
                while (!network.nodes.get(publisher).up || network.nodes.get(publisher).upSince > network.now - 5_000) {
                    publisher = network.random.nextInt(size);
                }
                network.publish(publisher, number, 300);
            });
        }
        network.runUntil(11_000 + messages * 900L + 31_000);

        long due = 0;
        long reached = 0;
        List<Long> latencies = new ArrayList<>();
        for (int m = 0; m < messages; m++) {
            long at = network.published.get(m);
            for (SimulatedGossip.Node node : network.nodes) {
                Long heard = node.delivered.get(m);
                if (node.upSince <= at - 5_000 && (node.up || node.downSince >= at + 30_000)) {
                    due++;
                    if (heard != null && heard <= at + 30_000) {
                        reached++;
                        latencies.add(heard - at);
                    }
                }
            }
        }
        Collections.sort(latencies);
        long p99 = latencies.get(latencies.size() * 99 / 100);
        double overhead = (double) network.copies / latencies.size();
        System.out.printf(
                "gossip: nodes %d, messages %d, due %d, reached %.4f %%, p50 %d ms, p99 %d ms, copies a delivery %.2f%n",
                size, messages, due, 100.0 * reached / due, latencies.get(latencies.size() / 2), p99, overhead);
        assertThat(due).isGreaterThan((long) messages * size / 4);
        assertThat((double) reached / due).isGreaterThanOrEqualTo(0.999);
    }
}
