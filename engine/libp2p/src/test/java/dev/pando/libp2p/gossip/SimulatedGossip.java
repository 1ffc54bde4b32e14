package dev.pando.libp2p.gossip;

import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PeerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/** Many routers in virtual time: delays and losses come from one seed. Messages carry their number as data. */
final class SimulatedGossip {

    static final String TOPIC = "t";

    record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
        }
    }

    final class Node {
        final PeerId id;
        final GossipRouter router;
        final Map<Integer, Long> delivered = new HashMap<>();
        final Set<Integer> neighbours = new HashSet<>();
        boolean up = true;
        long upSince;
        long downSince = Long.MAX_VALUE;
        int received;

        Node(int number) {
            byte[] seed = new byte[32];
            ByteBuffer.wrap(seed).putInt(number + 1);
            id = KeyPair.fromSeed(seed).peerId();
            router = new GossipRouter(GossipConfig.DEFAULT, random::nextInt);
        }

        void run() {
            for (GossipRouter.Output output : router.drain()) {
                if (output instanceof GossipRouter.Send send) {
                    transmit(this, byId.get(send.peer()), send.rpc());
                } else if (output instanceof GossipRouter.Validate validate) {
                    int number = ByteBuffer.wrap(validate.message().data()).getInt();
                    delivered.putIfAbsent(number, now);
                    router.validated(validate.id(), GossipRouter.Verdict.ACCEPT);
                    run();
                }
            }
        }
    }

    final Random random;
    final List<Node> nodes = new ArrayList<>();
    final Map<PeerId, Node> byId = new HashMap<>();
    final Map<Integer, Long> published = new HashMap<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final double loss;
    private long order;
    long now;
    long copies;

    SimulatedGossip(int size, int degree, double loss, long seed) {
        this.random = new Random(seed);
        this.loss = loss;
        for (int i = 0; i < size; i++) {
            Node node = new Node(i);
            nodes.add(node);
            byId.put(node.id, node);
        }
        for (int i = 0; i < size; i++) {
            while (nodes.get(i).neighbours.size() < degree) {
                connect(i, random.nextInt(size));
            }
        }
        for (Node node : nodes) {
            node.router.subscribe(TOPIC, now);
            node.run();
            beat(node);
        }
    }

    void connect(int a, int b) {
        Node dialler = nodes.get(a);
        Node listener = nodes.get(b);
        if (a != b && listener.up && dialler.neighbours.add(b)) {
            listener.neighbours.add(a);
            dialler.router.peerAdded(listener.id, GossipPeer.Version.V1_2, true, "n" + b);
            listener.router.peerAdded(dialler.id, GossipPeer.Version.V1_2, false, "n" + a);
            dialler.run();
            listener.run();
        }
    }

    void take(int number) {
        Node node = nodes.get(number);
        node.up = false;
        node.downSince = now;
        for (int n : node.neighbours) {
            nodes.get(n).neighbours.remove(number);
            nodes.get(n).router.peerRemoved(node.id);
            node.router.peerRemoved(nodes.get(n).id);
        }
        node.neighbours.clear();
    }

    void bringBack(int number, int degree) {
        Node node = nodes.get(number);
        node.up = true;
        node.upSince = now;
        node.downSince = Long.MAX_VALUE;
        while (node.neighbours.size() < degree) {
            connect(number, random.nextInt(nodes.size()));
        }
        node.run();
    }

    private void beat(Node node) {
        at(now + 1 + random.nextInt(1_000), new Runnable() {
            @Override
            public void run() {
                if (node.up) {
                    node.router.heartbeat(now);
                    node.run();
                }
                at(now + 1_000, this);
            }
        });
    }

    private void transmit(Node from, Node to, Rpc rpc) {
        copies += rpc.messages().size();
        /* Streams do not lose single messages: what is lost is gossip that a full queue drops. */
        boolean lost = random.nextDouble() < loss
                && rpc.subscriptions().isEmpty()
                && rpc.graft().isEmpty()
                && rpc.prune().isEmpty();
        if (!lost) {
            at(now + 20 + random.nextInt(60), () -> {
                if (to.up) {
                    to.router.received(from.id, rpc, SimulatedGossip::identify, now);
                    to.run();
                }
            });
        }
    }

    static MessageId identify(GossipMessage message) {
        return new MessageId(Arrays.copyOf(message.data(), 4));
    }

    void publish(int node, int number, int bytes) {
        byte[] data = new byte[Math.max(4, bytes)];
        ByteBuffer.wrap(data).putInt(number);
        GossipMessage message = GossipMessage.unsigned(TOPIC, data);
        published.put(number, now);
        nodes.get(node).delivered.put(number, now);
        nodes.get(node).router.publish(identify(message), message, now);
        nodes.get(node).run();
    }

    void at(long time, Runnable action) {
        events.add(new Event(time, order++, action));
    }

    void runUntil(long time) {
        while (!events.isEmpty() && events.peek().at() <= time) {
            Event event = events.remove();
            now = event.at();
            event.action().run();
        }
        now = time;
    }
}
