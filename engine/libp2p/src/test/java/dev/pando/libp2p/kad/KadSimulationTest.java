package dev.pando.libp2p.kad;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PeerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Many nodes that answer each other at once, without a network: who finds what, and in how many hops. */
class KadSimulationTest {

    private static final long SEED = Long.getLong("pando.seed", 1);

    private static final class Node {
        final PeerId id;
        final RoutingTable table;
        final KadServer server;
        boolean up = true;

        Node(int number) {
            byte[] seed = new byte[32];
            ByteBuffer.wrap(seed).putInt(number + 1);
            id = KeyPair.fromSeed(seed).peerId();
            table = new RoutingTable(id);
            server = new KadServer(id, table, Map.of(), peer -> List.of());
        }
    }

    private static final class Network {
        final List<Node> nodes = new ArrayList<>();
        final Map<PeerId, Node> byId = new HashMap<>();
        final Random random = new Random(SEED);

        Network(int size) {
            for (int i = 0; i < size; i++) {
                Node node = new Node(i);
                nodes.add(node);
                byId.put(node.id, node);
                if (i > 0) {
                    node.table.add(nodes.get(random.nextInt(i)).id);
                    lookup(node, node.id.toBytes(), KadRequest.Type.FIND_NODE, answer -> false);
                }
            }
        }

        interface Enough {
            boolean test(KadRequest answer);
        }

        Lookup lookup(Node asking, byte[] key, KadRequest.Type type, Enough enough) {
            KadId target = KadId.of(key);
            var lookup = new Lookup(asking.id, target, asking.table.nearest(target, RoutingTable.K));
            while (true) {
                List<PeerId> next = lookup.next();
                if (next.isEmpty() && lookup.done()) {
                    return lookup;
                }
                for (PeerId peer : next) {
                    Node asked = byId.get(peer);
                    if (!asked.up) {
                        asking.table.failed(peer);
                        lookup.failed(peer);
                        continue;
                    }
                    asked.table.add(asking.id);
                    asking.table.add(peer);
                    KadRequest answer =
                            asked.server.answer(new KadPeerInfo(asking.id, List.of()), KadRequest.of(type, key), 0);
                    lookup.answered(
                            peer,
                            answer.closer().stream().map(KadPeerInfo::peer).toList());
                    if (enough.test(answer)) {
                        return lookup;
                    }
                }
            }
        }
    }

    @Test
    void aThousandNodesFindWhatExists() {
        findWhatExists(1_000);
    }

    @Test
    @Tag("soak")
    void tenThousandNodesFindWhatExists() {
        findWhatExists(10_000);
    }

    private static void findWhatExists(int size) {
        var network = new Network(size);
        int hopsMax = 0;
        long requests = 0;
        int questions = 200;
        for (int i = 0; i < questions; i++) {
            byte[] key = ("something " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            Node provider = network.nodes.get(network.random.nextInt(size));
            var self = new KadPeerInfo(provider.id, List.of());
            var add = new KadRequest(KadRequest.Type.ADD_PROVIDER, key, null, List.of(), List.of(self));
            network.lookup(provider, key, KadRequest.Type.FIND_NODE, a -> false)
                    .nearest()
                    .forEach(near -> network.byId.get(near).server.answer(self, add, 0));
            /* One in ten of the nodes is gone when somebody asks. */
            for (Node node : network.nodes) {
                node.up = network.random.nextInt(10) > 0;
            }
            Node asking = network.nodes.get(network.random.nextInt(size));
            boolean[] found = {false};
            Lookup lookup = network.lookup(asking, key, KadRequest.Type.GET_PROVIDERS, answer -> {
                found[0] |= answer.providers().stream().anyMatch(p -> p.peer().equals(provider.id));
                return found[0];
            });
            network.nodes.forEach(node -> node.up = true);
            assertThat(found[0]).as("question %d of seed %d", i, SEED).isTrue();
            hopsMax = Math.max(hopsMax, lookup.hops());
            requests += lookup.requests();
        }
        double bound = Math.log(size) / Math.log(2) + 3;
        System.out.printf(
                "kademlia: nodes %d, questions %d, hops at most %d (bound %.1f), requests a question %.1f%n",
                size, questions, hopsMax, bound, (double) requests / questions);
        assertThat((double) hopsMax).isLessThanOrEqualTo(bound);
    }
}
