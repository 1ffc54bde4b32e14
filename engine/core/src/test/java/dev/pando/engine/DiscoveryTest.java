package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Environment;
import dev.pando.Grants.Right;
import dev.pando.Network.Discovery;
import dev.pando.PandoException;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Multiaddr;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.kad.KadConfig;
import dev.pando.libp2p.kad.Kademlia;
import dev.pando.replication.MailboxScheduler;
import dev.pando.store.Disk;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines over loopback sockets that know one address, and find each other by the hash table or the local network. */
@Timeout(240)
class DiscoveryTest {

    /** More than the half minute after which whatever was missed is pulled: a busy machine may need that. */
    private static final long DEADLINE_NANOS = 75_000_000_000L;

    private final List<Engine> engines = new ArrayList<>();

    private Engine open(EngineOptions options) {
        Engine engine = Engine.open(options);
        engines.add(engine);
        return engine;
    }

    private static NetworkOptions loopback() {
        return NetworkOptions.listening("/ip4/127.0.0.1/tcp/0").withDht(true);
    }

    private Engine node(NetworkOptions network) {
        return open(EngineOptions.inMemory().withNetwork(network));
    }

    private static String address(Engine engine) {
        return engine.network().addresses().get(0).toString();
    }

    private static void share(Engine engine) {
        engine.grants().grant(books(engine), Optional.empty(), Set.of(Right.values()));
    }

    @AfterEach
    void close() {
        for (int i = engines.size() - 1; i >= 0; i--) {
            engines.get(i).close();
        }
    }

    private static void until(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static boolean connected(Engine one, Engine other) {
        return one.network().peers().stream()
                .anyMatch(p -> p.connected() && p.peer().equals(other.peerId()));
    }

    private static int count(Engine engine) {
        return rows(engine, books(engine)).size();
    }

    /** A look, as of {@code sys.discovery}, that meets the end of the engine is told so, and does not wait for ever. */
    @Test
    void aLookAtAnEngineThatIsBeingClosedEnds() throws Exception {
        Engine engine = node(loopback());
        var begun = new CountDownLatch(1);
        var ended = CompletableFuture.supplyAsync(() -> {
            while (true) {
                try {
                    engine.network().discovery();
                    begun.countDown();
                } catch (PandoException e) {
                    return e.kind();
                }
            }
        });
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        engine.close();
        assertThat(ended.get(60, TimeUnit.SECONDS)).isEqualTo(PandoException.Kind.CLOSED);
    }

    @Test
    void nodesThatKnowOneFindThePeersOfATopic() {
        Engine hub = node(loopback());
        Engine reader = node(loopback().withPeers(List.of(address(hub))));
        books(reader);
        share(reader);
        reader.subscriptions().subscribe(List.of(books(reader)));
        until("the reader has told the hub", () -> reader.network().discovery().lookups() >= 2);

        Engine writer = node(loopback().withPeers(List.of(address(hub))));
        books(writer);
        share(writer);
        until("the writer is connected with the reader", () -> connected(writer, reader));
        commit(writer, tx -> insert(tx, books(writer), "1", "Walden"));

        until("the reader has what the writer wrote", () -> count(reader) == 1);
        Discovery discovery = writer.network().discovery();
        assertThat(discovery.table()).isEqualTo(Discovery.Table.SERVER);
        assertThat(discovery.servers()).isEqualTo(2);
        assertThat(discovery.topics())
                .as("the queries of a table that is not subscribed")
                .isEqualTo(1);
        assertThat(reader.network().discovery().topics()).isEqualTo(2);
    }

    /* In a network this small whoever looks up anything meets everybody: the records themselves are asked for here. */
    @Test
    void aSubscriberIsAProviderOfItsTopic() throws Exception {
        Engine hub = node(loopback());
        Engine reader = node(loopback().withPeers(List.of(address(hub))));
        reader.subscriptions().subscribe(List.of(books(reader)));
        String topic = "/pando/1/c/" + books(reader).collectionId();
        try (var threads = Environment.system().newThreads("asking");
                var host = Environment.system().newHost(KeyPair.fromSeed(new byte[32]), List.of());
                var table = new Kademlia(
                        host,
                        KadConfig.pando(false),
                        MailboxScheduler.on(threads),
                        () -> System.nanoTime() / 1_000_000)) {
            table.start();
            host.connect(hub.network().addresses().get(0)).get(60, TimeUnit.SECONDS);
            until(
                    "the reader is a provider",
                    () -> threads.await(table.findProviders(TopicPeers.key(topic), 20)).stream()
                            .anyMatch(provider -> provider.peer().equals(reader.peerId())));
            assertThat(threads.await(table.findProviders(TopicPeers.key(topic + "x"), 20)))
                    .isEmpty();
        }
    }

    @Test
    void aTopicThatIsLeftBeforeItsTurnIsNotAnnounced() throws Exception {
        Engine hub = node(loopback());
        LongSupplier clock = () -> System.nanoTime() / 1_000_000;
        try (var threads = Environment.system().newThreads("announcing");
                var host =
                        Environment.system().newHost(KeyPair.fromSeed(new byte[32]), List.of("/ip4/127.0.0.1/tcp/0"))) {
            var scheduler = MailboxScheduler.on(threads);
            try (var table = new Kademlia(host, KadConfig.pando(true), scheduler, clock)) {
                table.start();
                host.connect(hub.network().addresses().get(0)).get(60, TimeUnit.SECONDS);
                until("the hub is known", () -> threads.await(table.tableSize()) == 1);
                var leaving = new AtomicReference<Runnable>(() -> {});
                /* Asked when the first topic has its turn. */
                Host watched = (Host) Proxy.newProxyInstance(
                        Host.class.getClassLoader(), new Class<?>[] {Host.class}, (proxy, method, arguments) -> {
                            if (method.getName().equals("addresses")) {
                                leaving.getAndSet(() -> {}).run();
                            }
                            return method.invoke(host, arguments);
                        });
                var topics = new TopicPeers(watched, table, scheduler, clock);
                leaving.set(() -> topics.left("left"));
                scheduler.execute(() -> List.of("first", "left", "last").forEach(topics::joined));
                until(
                        "the last topic had its turn",
                        () -> threads.await(table.findProviders(TopicPeers.key("last"), 1)).stream()
                                .anyMatch(provider -> provider.peer().equals(host.peerId())));
                assertThat(threads.await(table.providedKeys())).isEqualTo(2);
                topics.close();
            }
        }
    }

    @Test
    void aNodeThatDoesNotListenAsksAsAClient() {
        Engine hub = node(loopback());
        Engine reader = node(loopback().withPeers(List.of(address(hub))));
        share(reader);
        reader.subscriptions().subscribe(List.of(books(reader)));
        until("the reader has told the hub", () -> reader.network().discovery().lookups() >= 2);

        Engine writer = node(new NetworkOptions(true, List.of(), List.of(address(hub)), true, false));
        share(writer);
        commit(writer, tx -> insert(tx, books(writer), "1", "Walden"));
        until("the reader has what the writer wrote", () -> count(reader) == 1);
        assertThat(writer.network().discovery().table()).isEqualTo(Discovery.Table.CLIENT);
        assertThat(hub.network().discovery().servers()).isEqualTo(1);
    }

    @Test
    void aReplicatorFindsAPeerOfWhichOnlyTheIdIsKnown() {
        Engine hub = node(loopback());
        Engine target = node(loopback().withPeers(List.of(address(hub))));
        share(target);
        until("the hub knows the target", () -> hub.network().discovery().servers() == 1);

        Engine source = node(loopback());
        commit(source, tx -> insert(tx, books(source), "1", "Walden"));
        source.replication()
                .setReplicator(new ReplicatorSpec(
                        target.peerId(), Optional.empty(), List.of(books(source)), List.of(), Optional.empty()));
        source.network().connect(hub.network().addresses().get(0));

        until("the target has it", () -> count(target) == 1);
        assertThat(source.network().discovery().table()).isEqualTo(Discovery.Table.SERVER);
    }

    @Test
    void aPeerIsConnectedByItsIdAlone() {
        Engine hub = node(loopback());
        Engine target = node(loopback().withPeers(List.of(address(hub))));
        until("the hub knows the target", () -> hub.network().discovery().servers() == 1);
        Engine source = node(loopback());
        source.network().connect(hub.network().addresses().get(0));
        until("the source knows the hub", () -> source.network().discovery().servers() >= 1);

        source.network().connect(Multiaddr.parse("/p2p/" + target.peerId()));
        assertThat(connected(source, target)).isTrue();
    }

    @Test
    void withoutTheTableNobodyIsFound() {
        Engine hub = node(loopback());
        Engine reader = node(loopback().withPeers(List.of(address(hub))));
        until("the hub knows the reader", () -> hub.network().discovery().servers() == 1);
        Engine alone = node(loopback().withDht(false).withPeers(List.of(address(hub))));
        until("it is connected", () -> connected(alone, hub));

        assertThat(alone.network().discovery()).isEqualTo(new Discovery(Discovery.Table.OFF, 0, 0, 0, 0, false, 0));
        assertThat(connected(alone, reader)).isFalse();
    }

    @Test
    void aNodeThatWasRestartedDialsThePeersItKnew(@TempDir Path root) throws Exception {
        Engine other = node(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0"));
        var network = new NetworkOptions(true, List.of(), List.of(), false, false);
        Engine first = open(EngineOptions.at(root).withNetwork(network));
        first.network().connect(other.network().addresses().get(0));
        until("they are connected", () -> connected(first, other));
        first.close();
        until("the other has noticed", () -> !connected(other, first));
        Path file = root.resolve(PeerDiscovery.PEERS_FILE);
        assertThat(file).isNotEmptyFile();
        if (Files.getFileStore(file).supportsFileAttributeView(PosixFileAttributeView.class)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }

        Engine again = open(EngineOptions.at(root).withNetwork(network));
        until("they are connected again, and nobody named the other", () -> connected(again, other));
        again.close();

        Engine off = open(EngineOptions.at(root));
        assertThat(off.network().peers()).isEmpty();
    }

    @Test
    void aPeerOfTheLocalNetworkIsConnected() {
        Engine other = node(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0"));
        var local = new LocalNetwork();
        Engine asking = open(EngineOptions.inMemory()
                .withNetwork(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0").withMdns(true))
                .withEnvironment(local));
        assertThat(asking.network().discovery().local()).isTrue();
        local.answer(other.peerId(), other.network().addresses().get(0));

        until("they are connected", () -> connected(asking, other));
        assertThat(asking.network().discovery().foundLocally()).isEqualTo(1);
        asking.close();
        assertThat(local.closed).isTrue();
    }

    /** The system, on a network whose answers the test gives. */
    private static final class LocalNetwork implements Environment {
        private final Environment system = Environment.system();
        private final AtomicReference<Host> host = new AtomicReference<>();
        private final AtomicReference<Consumer<PeerId>> found = new AtomicReference<>();
        private volatile boolean closed;

        void answer(PeerId peer, Multiaddr address) {
            host.get().addAddress(peer, address.withoutPeerId());
            found.get().accept(peer);
        }

        @Override
        public AutoCloseable localDiscovery(Host on, Consumer<PeerId> listener) {
            host.set(on);
            found.set(listener);
            return () -> closed = true;
        }

        @Override
        public long currentTimeMillis() {
            return system.currentTimeMillis();
        }

        @Override
        public long nanoTime() {
            return system.nanoTime();
        }

        @Override
        public void randomBytes(byte[] target) {
            system.randomBytes(target);
        }

        @Override
        public Threads newThreads(String name) {
            return system.newThreads(name);
        }

        @Override
        public Disk disk(Optional<Path> root) {
            return system.disk(root);
        }

        @Override
        public Host newHost(KeyPair identity, List<String> listen) {
            return system.newHost(identity, listen);
        }
    }
}
