package dev.pando.engine;

import dev.pando.ipld.Cid;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.Scheduler;
import dev.pando.libp2p.kad.KadPeerInfo;
import dev.pando.libp2p.kad.Kademlia;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Finds the peers of the topics that this node has joined: tells the hash table that it is one of them, asks it for the
 * others, and connects to some. Topics take their turns in rounds, one after the other: a round begins when a topic is
 * joined, when a server of the table is met, and from time to time. Thread-safe: all is done on the scheduler.
 */
final class TopicPeers {

    /** Topics looked up; those joined when there are as many are not: their peers come by peer exchange. */
    static final int TOPICS_MAX = 1_024;

    /** Topics that take their turn in one round; the others wait for the next. */
    static final int TOPICS_A_ROUND = 64;

    /** Peers of a topic to be connected with; when as many are, no further ones are dialled for it. */
    static final int PEERS_WANTED = 8;

    /** Providers taken from one lookup. */
    static final int PROVIDERS_MAX = 20;

    /** How long after its turn a topic has the next, unless servers that are met bring it on. */
    static final Duration CALM = Duration.ofMinutes(10);

    /** From one round to the next, at least: doubles up to the second while one follows the other. */
    static final Duration PAUSE_MIN = Duration.ofMillis(200);

    static final Duration PAUSE_MAX = Duration.ofSeconds(30);

    /** Above that many known servers one more does not change who is asked about a topic. */
    private static final int SMALL_TABLE = 20;

    private static final System.Logger LOG = System.getLogger(TopicPeers.class.getName());

    private static final class Turn {
        final byte[] key;
        long dueMillis;
        boolean left;

        Turn(String topic, long dueMillis) {
            this.key = key(topic);
            this.dueMillis = dueMillis;
        }
    }

    private final Host host;
    private final Kademlia table;
    private final Scheduler scheduler;
    private final LongSupplier clockMillis;
    private final Map<String, Turn> topics = new LinkedHashMap<>();
    private Runnable timer = () -> {};
    private long timerAtMillis = Long.MAX_VALUE;
    private long lastRoundMillis;
    private long pauseMillis = PAUSE_MIN.toMillis();
    private boolean inRound;
    private boolean closed;
    private int lookups;
    private int found;

    TopicPeers(Host host, Kademlia table, Scheduler scheduler, LongSupplier clockMillis) {
        this.host = host;
        this.table = table;
        this.scheduler = scheduler;
        this.clockMillis = clockMillis;
        this.lastRoundMillis = clockMillis.getAsLong() - CALM.toMillis();
    }

    /** What a topic's peers are kept under: the SHA-256 multihash of its name. */
    static byte[] key(String topic) {
        return Cid.ofSha256(Cid.RAW, topic.getBytes(StandardCharsets.UTF_8))
                .multihash()
                .toBytes();
    }

    void joined(String topic) {
        scheduler.execute(() -> {
            if (topics.size() < TOPICS_MAX && !topics.containsKey(topic)) {
                topics.put(topic, new Turn(topic, now()));
                roundSoon();
            }
        });
    }

    void left(String topic) {
        scheduler.execute(() -> {
            Turn gone = topics.remove(topic);
            if (gone != null) {
                gone.left = true;
                table.stopProviding(gone.key);
            }
        });
    }

    /** A server of the table was met. */
    void metServer() {
        scheduler.execute(() -> table.tableSize().thenAccept(servers -> {
            if (servers <= SMALL_TABLE) {
                topics.values().forEach(turn -> turn.dueMillis = now());
            }
            roundSoon();
        }));
    }

    void close() {
        scheduler.execute(() -> {
            closed = true;
            timer.run();
        });
    }

    /** Lookups made so far, and peers found by them that were not connected. */
    record Counts(int topics, int lookups, int found) {}

    CompletableFuture<Counts> counts() {
        var counts = new CompletableFuture<Counts>();
        scheduler.execute(() -> counts.complete(new Counts(topics.size(), lookups, found)));
        return counts;
    }

    // On the scheduler

    private long now() {
        return clockMillis.getAsLong();
    }

    private void roundSoon() {
        long now = now();
        if (now - lastRoundMillis > PAUSE_MAX.toMillis()) {
            pauseMillis = PAUSE_MIN.toMillis();
        }
        roundAt(Math.max(now, lastRoundMillis + pauseMillis));
    }

    private void roundAt(long atMillis) {
        if (closed || inRound || timerAtMillis <= atMillis) {
            return;
        }
        timer.run();
        timerAtMillis = atMillis;
        timer = scheduler.schedule(Duration.ofMillis(Math.max(0, atMillis - now())), this::round);
    }

    /* The table first: whom to ask about a topic depends on whom it knows. */
    private void round() {
        timerAtMillis = Long.MAX_VALUE;
        if (closed || inRound) {
            return;
        }
        inRound = true;
        table.bootstrap()
                .exceptionally(failure -> 0)
                .whenComplete((servers, failure) -> scheduler.execute(() -> {
                    Deque<Turn> turns = new ArrayDeque<>();
                    if (failure == null && servers > 0) {
                        topics.values().stream()
                                .filter(turn -> turn.dueMillis <= now())
                                .limit(TOPICS_A_ROUND)
                                .forEach(turns::add);
                    }
                    next(turns);
                }));
    }

    private void next(Deque<Turn> turns) {
        turns.removeIf(turn -> turn.left); // announced now they would be announced for ever
        Turn turn = turns.poll();
        if (closed || turn == null) {
            ended();
            return;
        }
        turn.dueMillis = now() + CALM.toMillis();
        lookups++;
        announce(turn)
                .thenCompose(told -> table.findProviders(turn.key, PROVIDERS_MAX))
                .whenComplete((providers, failure) -> scheduler.execute(() -> {
                    if (failure == null) {
                        connect(providers);
                    } else {
                        LOG.log(System.Logger.Level.DEBUG, "the peers of a topic were not found", failure);
                    }
                    next(turns);
                }));
    }

    /** A node that cannot be dialled only asks. */
    private CompletableFuture<Integer> announce(Turn turn) {
        return host.addresses().isEmpty()
                ? CompletableFuture.completedFuture(0)
                : table.provide(turn.key).exceptionally(failure -> 0);
    }

    private void connect(List<KadPeerInfo> providers) {
        var absent = new ArrayList<KadPeerInfo>();
        int wanted = PEERS_WANTED;
        for (KadPeerInfo provider : providers) {
            PeerId peer = provider.peer();
            if (host.isConnected(peer)) {
                wanted--;
            } else if (!peer.equals(host.peerId())) {
                absent.add(provider);
            }
        }
        absent.stream().limit(Math.max(0, wanted)).forEach(provider -> {
            found++;
            provider.addresses().forEach(address -> host.addAddress(provider.peer(), address.withoutPeerId()));
            host.connect(provider.peer()).whenComplete((peer, failure) -> {
                if (failure != null) {
                    LOG.log(System.Logger.Level.DEBUG, () -> "no connection to " + provider.peer() + ": " + failure);
                }
            });
        });
    }

    private void ended() {
        inRound = false;
        lastRoundMillis = now();
        pauseMillis = Math.min(2 * pauseMillis, PAUSE_MAX.toMillis());
        long due =
                topics.values().stream().mapToLong(turn -> turn.dueMillis).min().orElse(Long.MAX_VALUE);
        if (due != Long.MAX_VALUE) {
            roundAt(Math.max(due, lastRoundMillis + pauseMillis));
        }
    }
}
