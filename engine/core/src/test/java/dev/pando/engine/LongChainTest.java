package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static dev.pando.engine.TestDatabase.rows;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Engine;
import dev.pando.EngineOptions;
import dev.pando.Grants.Right;
import dev.pando.Table;
import dev.pando.collection.Keys;
import dev.pando.dag.CommitBuilder;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Live;
import dev.pando.dag.Signer;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.DagCbor;
import dev.pando.libp2p.KeyPair;
import dev.pando.replication.AdmissionOutcome;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/scenarios.md 44: a chain of very many commits of one document. Without its first it is refused in bounded memory,
 * and honest commits pass between; complete it is admitted in bounded memory. {@code -Dpando.chain=1000000} for more
 * than in the build.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class LongChainTest {

    private static final int LENGTH = Integer.getInteger("pando.chain", 5_000);

    /** As a replicator's window: shares at the door at once. */
    private static final int AT_ONCE = 256;

    private static final int PENDING_MAX = 4_096;
    private static final long HEAP_GROWTH_MAX = 96L << 20;
    private static final long HONEST_MILLIS_MAX = 5_000;

    @TempDir
    private Path directory;

    private final KeyPair author = KeyPair.fromSeed(new byte[KeyPair.SEED_BYTES]);
    private final Signer signer = Signer.of(author);

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** The same chain each time it is made: nothing of it is kept between. */
    private VerifiedShare link(Table table, long start, long number, @Nullable DecodedDelta before) {
        long hlc = start + number;
        var ops = new TreeMap<String, FieldOp>(DagCbor.KEY_ORDER);
        ops.put("likes:int:add", new FieldOp.Add(BigInteger.ONE));
        var key = Keys.of(table, List.of("chain"));
        byte[] nonce = ByteBuffer.allocate(Delta.NONCE_BYTES).putLong(number).array();
        return new CommitBuilder(hlc, signer)
                .add(new Delta(
                        table.collectionId(),
                        Keys.documentId(table.collectionId(), key),
                        before == null ? key : null,
                        before == null ? List.of() : List.of(before.cid()),
                        before == null ? null : before.delta().incarnation(before.cid()),
                        hlc,
                        signer.author(),
                        nonce,
                        before == null ? Live.INSERT : null,
                        ops))
                .build();
    }

    @Test
    void withoutItsFirstItIsRefusedAndCompleteItComesIn() {
        try (Engine engine = Engine.open(EngineOptions.at(directory))) {
            Table table = books(engine);
            engine.grants().grant(table, Optional.empty(), EnumSet.allOf(Right.class));
            long start = System.currentTimeMillis() - 60_000 << 16;
            long heap = heap();

            long began = System.nanoTime();
            push(engine, table, start, 1, AdmissionOutcome.MissingParents.class::isInstance);
            double refused = (System.nanoTime() - began) / 1e9;
            assertThat(engine.replication().pending()).hasSize(Math.min(PENDING_MAX, LENGTH - 1));
            long grownRefusing = heap() - heap;

            began = System.nanoTime();
            push(engine, table, start, 0, AdmissionOutcome.Applied.class::isInstance);
            double admitted = (System.nanoTime() - began) / 1e9;
            long grown = heap() - heap;
            assertThat(rows(engine, table))
                    .filteredOn(row -> row.get(0).equals("chain"))
                    .singleElement()
                    .satisfies(row -> assertThat(row.get(3)).isEqualTo((long) LENGTH));
            assertThat(engine.replication().pending()).isEmpty();
            System.out.printf(
                    Locale.ROOT,
                    "{\"benchmark\":\"long-chain\",\"length\":%d,\"refused_s\":%.1f,\"admitted_s\":%.1f,"
                            + "\"heap_growth_refusing_MB\":%.1f,\"heap_growth_MB\":%.1f}%n",
                    LENGTH,
                    refused,
                    admitted,
                    grownRefusing / 1e6,
                    grown / 1e6);
            assertThat(grownRefusing).isLessThan(HEAP_GROWTH_MAX);
            assertThat(grown).isLessThan(HEAP_GROWTH_MAX + 64L * LENGTH); // the index of blocks is in memory
        }
    }

    /** Pushes the chain from its link {@code first} on; ten times on the way somebody honest commits. */
    private void push(Engine engine, Table table, long start, int first, Predicate<AdmissionOutcome> expected) {
        var door = ((EngineImpl) engine).parts().admission;
        var underWay = new ArrayDeque<CompletableFuture<AdmissionOutcome>>();
        DecodedDelta before = null;
        for (int number = 0; number < LENGTH; number++) {
            VerifiedShare share = link(table, start, number, before);
            before = share.deltas().get(0);
            if (number >= first) {
                underWay.add(door.admit(author.peerId(), share.blocks()));
            }
            if (underWay.size() == AT_ONCE) {
                assertThat(underWay.remove().join()).matches(expected);
            }
            if (number % Math.max(1, LENGTH / 10) == 1) {
                honest(engine, table);
            }
        }
        underWay.forEach(outcome -> assertThat(outcome.join()).matches(expected));
    }

    private static void honest(Engine engine, Table table) {
        long began = System.nanoTime();
        commit(engine, tx -> insert(tx, table, "honest " + began, "of somebody", 1L, 1L));
        assertThat((System.nanoTime() - began) / 1_000_000)
                .as("milliseconds of an honest commit")
                .isLessThan(HONEST_MILLIS_MAX);
    }
}
