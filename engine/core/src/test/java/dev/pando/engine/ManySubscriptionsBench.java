package dev.pando.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.EngineOptions.NetworkOptions;
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.libp2p.KeyPair;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten collections, 100 replicators and 1,000 subscriptions on one node: how long it takes to start, and what idling costs. */
@Tag("bench")
class ManySubscriptionsBench {

    private static final int COLLECTIONS = 10;
    private static final int REPLICATORS = 100;
    private static final int SUBSCRIPTIONS = 1_000;
    private static final Duration START_MAX = Duration.ofSeconds(2);
    private static final double IDLE_CPU_MAX = 0.01;
    private static final Duration SETTLE = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private Engine open() {
        return Engine.open(EngineOptions.at(directory).withNetwork(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0")));
    }

    @Test
    void startAndIdle() {
        try (Engine engine = open()) {
            List<Table> tables = new ArrayList<>();
            for (int i = 0; i < COLLECTIONS; i++) {
                tables.add(engine.catalog()
                        .createTable(TableSpec.of(
                                "PUBLIC", "T" + i, List.of(ColumnSpec.of("id", ColumnType.BIGINT)), List.of("id"))));
            }
            for (int i = 0; i < REPLICATORS; i++) {
                byte[] seed = ByteBuffer.allocate(KeyPair.SEED_BYTES).putInt(i).array();
                engine.replication()
                        .setReplicator(new ReplicatorSpec(
                                KeyPair.fromSeed(seed).peerId(),
                                Optional.empty(),
                                List.of(tables.get(i % COLLECTIONS)),
                                List.of(),
                                Optional.empty()));
            }
            for (int t = 0; t < COLLECTIONS; t++) {
                var documents = new ArrayList<DocumentId>();
                for (int i = 0; i < SUBSCRIPTIONS / COLLECTIONS; i++) {
                    documents.add(DocumentId.of(ByteBuffer.allocate(DocumentId.BYTES)
                            .putInt(t)
                            .putInt(i)
                            .array()));
                }
                engine.subscriptions().subscribeDocuments(tables.get(t), documents);
            }
        }
        long began = System.nanoTime();
        try (Engine engine = open()) {
            double start = (System.nanoTime() - began) / 1e9;
            assertThat(engine.replication().replicators()).hasSize(REPLICATORS);
            assertThat(engine.subscriptions().documents()).hasSize(SUBSCRIPTIONS);
            pass(SETTLE);
            var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            long cpu = machine.getProcessCpuTime();
            pass(IDLE);
            double idle = (machine.getProcessCpuTime() - cpu) / (double) IDLE.toNanos();
            System.out.printf(
                    "{\"benchmark\":\"many-subscriptions\",\"start_s\":%.2f,\"idle_cpu\":%.4f}%n", start, idle);
            assertThat(start).isLessThan(START_MAX.toMillis() / 1e3);
            assertThat(idle).isLessThan(IDLE_CPU_MAX);
        }
    }

    /** What is measured is that nothing happens: there is no condition to wait for. */
    private static void pass(Duration duration) {
        long until = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }
}
