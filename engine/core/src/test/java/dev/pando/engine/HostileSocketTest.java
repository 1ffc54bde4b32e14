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
import dev.pando.Replication.ReplicatorSpec;
import dev.pando.Table;
import dev.pando.collection.Keys;
import dev.pando.dag.Commit;
import dev.pando.dag.CommitBuilder;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Live;
import dev.pando.dag.Made;
import dev.pando.dag.Signer;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.MessageStream;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * docs/scenarios.md 43 to 45 over loopback sockets: a host that says what it likes to a node that an honest one pushes to.
 * In the simulator {@code HostilePeerTest} and {@code HostileRequestsTest} go further.
 */
@Timeout(240)
class HostileSocketTest {

    private static final String PROTOCOL = "/pando/replicate/1.0.0";

    /** The kind of a message that a receiver sends at any time. */
    private static final Long CHANGED = 6L;

    private static final long LATER = 0;
    private static final long REFUSED = 1;
    private static final long INVALID = 2;
    private static final long MISSING_PARENTS = 3;
    private static final Duration HONEST_MAX = Duration.ofSeconds(60);

    private final KeyPair liarKey = Made.ALICE;
    private final KeyPair friendKey = Made.BOB;
    private final Engine victim = open();
    private final Engine honest = open();
    private final Host liar = Environment.system().newHost(liarKey, List.of());
    private final Table table = books(victim);

    private static Engine open() {
        return Engine.open(EngineOptions.inMemory().withNetwork(NetworkOptions.listening("/ip4/127.0.0.1/tcp/0")));
    }

    @BeforeEach
    void meet() throws Exception {
        Table theirs = books(honest);
        var address = victim.network().addresses().get(0);
        for (var writer : List.of(honest.peerId(), friendKey.peerId())) {
            victim.grants().grant(table, Optional.of(writer), EnumSet.of(Right.WRITE));
        }
        honest.replication()
                .setReplicator(new ReplicatorSpec(
                        victim.peerId(), Optional.of(address), List.of(theirs), List.of(), Optional.empty()));
        get(liar.connect(address));
    }

    @AfterEach
    void part() {
        liar.close();
        honest.close();
        victim.close();
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(HONEST_MAX.toMillis(), TimeUnit.MILLISECONDS);
    }

    private VerifiedShare share(KeyPair author, Signer signer, long aheadMillis, @Nullable Cid prev) {
        long hlc = System.currentTimeMillis() + aheadMillis << 16;
        var key = Keys.of(table, List.of("forged"));
        var ops = new TreeMap<String, FieldOp>(DagCbor.KEY_ORDER);
        ops.put("likes:int:add", new FieldOp.Add(BigInteger.TEN));
        return new CommitBuilder(hlc, signer)
                .add(new Delta(
                        table.collectionId(),
                        Keys.documentId(table.collectionId(), key),
                        prev == null ? key : null,
                        prev == null ? List.of() : List.of(prev),
                        prev,
                        hlc,
                        author.publicKey().raw(),
                        new byte[Delta.NONCE_BYTES],
                        prev == null ? Live.INSERT : null,
                        ops))
                .build();
    }

    /** The outcomes of a share that the liar pushes; empty when its stream is ended instead. */
    private Optional<List<Long>> push(List<Block> blocks) throws Exception {
        var stream = new MessageStream(get(liar.newStream(victim.peerId(), PROTOCOL)), 4 << 20);
        get(stream.write(
                DagCbor.encode(List.of(0L, new byte[16], List.of(Arrays.asList(table.collectionId(), null))))));
        get(stream.read());
        var bytes = blocks.stream().map(Block::bytes).toList();
        get(stream.write(DagCbor.encode(List.of(4L, 1L, List.of(List.of(1L, false, bytes, List.of()))))));
        byte[] answer;
        do {
            answer = get(stream.read().exceptionally(ended -> null));
        } while (answer != null && CHANGED.equals(((List<?>) DagCbor.decode(answer)).get(0)));
        stream.reset();
        return Optional.ofNullable(answer)
                .map(ack -> (List<?>) ((List<?>) DagCbor.decode(ack)).get(2))
                .map(outcomes -> outcomes.stream()
                        .map(outcome -> (Long) ((List<?>) outcome).get(1))
                        .toList());
    }

    /** Nothing of the liar's shows, and what the honest peer writes arrives. */
    private void assertHonestGoOn() {
        commit(honest, tx -> insert(tx, books(honest), "honest", "of somebody", 1, 1L));
        long until = System.nanoTime() + HONEST_MAX.toNanos();
        while (rows(victim, table).isEmpty()) {
            assertThat(System.nanoTime()).as("the honest row arrives in time").isLessThan(until);
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(rows(victim, table))
                .singleElement()
                .satisfies(row -> assertThat(row.get(0)).isEqualTo("honest"));
    }

    @Test
    void scenario43_whatIsForgedUnsignedChangedOrNotAllowedChangesNothing() throws Exception {
        var forger = new Signer() {
            @Override
            public byte[] author() {
                return friendKey.publicKey().raw();
            }

            @Override
            public byte[] sign(byte[] message) {
                return liarKey.sign(message);
            }
        };
        assertThat(push(share(friendKey, forger, 0, null).blocks())).contains(List.of(INVALID));

        VerifiedShare good = share(friendKey, Signer.of(friendKey), 0, null);
        Commit signed = good.commit();
        var unsigned = new ArrayList<>(good.blocks());
        unsigned.set(
                0,
                Block.of(
                        Cid.DAG_CBOR,
                        new Commit(signed.hlc(), signed.author(), signed.parts(), new byte[Commit.SIGNATURE_BYTES])
                                .encode()));
        assertThat(push(unsigned)).contains(List.of(INVALID));

        var changed = new ArrayList<>(good.blocks());
        changed.set(1, share(friendKey, Signer.of(friendKey), 1, null).blocks().get(1));
        assertThat(push(changed)).contains(List.of(INVALID));

        assertThat(push(share(liarKey, Signer.of(liarKey), 0, null).blocks())).contains(List.of(REFUSED));
        assertHonestGoOn();
    }

    @Test
    void scenario44_whatLinksToMissingBlocksIsNotKept() throws Exception {
        VerifiedShare withheld = share(friendKey, Signer.of(friendKey), 0, null);
        Cid first = withheld.deltas().get(0).cid();
        assertThat(push(share(friendKey, Signer.of(friendKey), 1, first).blocks()))
                .contains(List.of(MISSING_PARENTS));
        assertHonestGoOn();
    }

    @Test
    void scenario45_aClockAHundredYearsAheadMovesNobody() throws Exception {
        long century = Duration.ofDays(36_525).toMillis();
        assertThat(push(share(friendKey, Signer.of(friendKey), century, null).blocks()))
                .contains(List.of(LATER));
        assertHonestGoOn();
        long hlc = victim.inspection()
                .history(table, Keys.documentId(table.collectionId(), Keys.of(table, List.of("honest"))))
                .get(0)
                .hlc();
        assertThat(hlc >> 16).isLessThanOrEqualTo(System.currentTimeMillis() + 1);
    }
}
