package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.DocumentId;
import dev.pando.Grants.Right;
import dev.pando.Table;
import dev.pando.collection.Keys;
import dev.pando.dag.CommitBuilder;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Live;
import dev.pando.dag.Signer;
import dev.pando.dag.Value;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.ipld.DagCbor;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.HostException;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.MessageStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;

/**
 * A peer that speaks the protocol and says what it likes, connected to the first of two honest nodes that replicate to
 * each other and let everybody write.
 */
abstract class HostilePeer {

    static final String PROTOCOL = "/pando/replicate/1.0.0";
    static final Duration WAIT = Duration.ofSeconds(20);

    final KeyPair liarKey = KeyPair.fromSeed(new byte[KeyPair.SEED_BYTES]);
    final KeyPair friendKey = KeyPair.fromSeed(filled((byte) 1));

    @Parameter
    long seed;

    @SuppressWarnings("NullAway.Init") // by beginHostile
    SimCluster cluster;

    @SuppressWarnings("NullAway.Init") // by beginHostile
    Host liar;

    @SuppressWarnings("NullAway.Init") // by beginHostile
    Table notes;

    static Stream<Long> seeds() {
        return SimulatedScenariosTest.seeds();
    }

    private static byte[] filled(byte value) {
        byte[] bytes = new byte[KeyPair.SEED_BYTES];
        Arrays.fill(bytes, value);
        return bytes;
    }

    @BeforeEach
    void beginHostile() throws Exception {
        cluster = SimCluster.of(2).table(SimWorkload.NOTES).seed(seed);
        liar = newHost(new SimMachine(cluster.simulation(), 66), liarKey);
        cluster.node(0).insert("notes", "id", 1, "text", "true");
        cluster.runUntilQuiet();
        notes = cluster.node(0).table("notes");
        get(liar.connect(cluster.address(0)));
    }

    Host newHost(SimMachine machine, KeyPair key) throws HostException {
        return cluster.network().newHost(machine, key, List.of(machine.address()));
    }

    @AfterEach
    void endHostile() {
        cluster.close();
    }

    <T> T get(CompletableFuture<T> future) {
        cluster.simulation().runUntil(future::isDone, WAIT, "a future completes");
        return future.join();
    }

    void onlyFriendsMayWrite() {
        for (int n = 0; n < 2; n++) {
            var grants = cluster.node(n).engine().grants();
            Table table = cluster.node(n).table("notes");
            grants.revoke(table, Optional.empty(), EnumSet.allOf(Right.class));
            grants.grant(table, Optional.of(cluster.node(1 - n).engine().peerId()), EnumSet.allOf(Right.class));
            grants.grant(table, Optional.of(friendKey.peerId()), EnumSet.of(Right.WRITE));
        }
    }

    /** A well-made share that inserts a note, by the author who holds {@code key}. */
    VerifiedShare share(KeyPair key, long id, Signer signer) {
        return shareOfSeveral(key, signer, 0, id);
    }

    /** As above, of several notes in one commit. */
    VerifiedShare shareOfSeveral(KeyPair key, Signer signer, long aheadMillis, long... ids) {
        long hlc = cluster.node(0).machine().currentTimeMillis() + aheadMillis << 16;
        var commit = new CommitBuilder(hlc, signer);
        for (long id : ids) {
            var values = Keys.of(notes, List.of(id));
            var ops = new TreeMap<String, FieldOp>(DagCbor.KEY_ORDER);
            ops.put("text:text:set", new FieldOp.SetValue(Value.ofEncoded(DagCbor.encode("false"))));
            commit.add(new Delta(
                    notes.collectionId(),
                    Keys.documentId(notes.collectionId(), values),
                    values,
                    List.of(),
                    null,
                    hlc,
                    key.publicKey().raw(),
                    new byte[Delta.NONCE_BYTES],
                    Live.INSERT,
                    ops));
        }
        return commit.build();
    }

    DocumentId documentOf(long id) {
        return Keys.documentId(notes.collectionId(), Keys.of(notes, List.of(id)));
    }

    /** What is left of a share when its sender keeps all but some documents to itself. */
    List<Block> only(VerifiedShare share, long... ids) {
        var documents = Arrays.stream(ids).mapToObj(this::documentOf).toList();
        var blocks = new ArrayList<>(share.blocks());
        share.deltas().stream()
                .filter(delta -> !documents.contains(delta.delta().document()))
                .forEach(delta -> blocks.removeIf(block -> block.cid().equals(delta.cid())));
        return blocks;
    }

    MessageStream openStream() {
        return openStream(liar);
    }

    MessageStream openStream(Host from) {
        return openStream(from, 0);
    }

    MessageStream openStream(Host from, int to) {
        var stream =
                new MessageStream(get(from.newStream(cluster.node(to).engine().peerId(), PROTOCOL)), 4 << 20);
        get(stream.write(hello()));
        get(stream.read());
        return stream;
    }

    byte[] hello() {
        return DagCbor.encode(List.of(0L, new byte[16], List.of(Arrays.asList(notes.collectionId(), null))));
    }

    /** Sends one batch and returns the outcomes of the acknowledgement; empty when the stream was ended instead. */
    Optional<List<Long>> push(MessageStream stream, List<Block> blocks) {
        var structured = blocks.stream().map(Block::bytes).toList();
        byte[] batch = DagCbor.encode(List.of(4L, 1L, List.of(List.of(1L, false, structured, List.of()))));
        stream.write(batch);
        var answer = stream.read();
        cluster.simulation().runUntil(answer::isDone, WAIT, "the share is answered");
        if (answer.isCompletedExceptionally() || answer.join() == null) {
            return Optional.empty();
        }
        var ack = (List<?>) DagCbor.decode(answer.join());
        return Optional.of(((List<?>) ack.get(2))
                .stream().map(outcome -> (Long) ((List<?>) outcome).get(1)).toList());
    }

    void assertUntouched() {
        cluster.runUntilQuiet();
        cluster.assertConverged();
        assertThat(cluster.node(0).rows("notes")).hasSize(1);
        assertThat(cluster.node(1).rows("notes")).hasSize(1);
    }

    void assertHonestGoOn() {
        cluster.node(1).update("notes", 1, "text", "changed");
        cluster.runUntilQuiet();
        assertThat(cluster.node(0).get("notes", 1, "text")).isEqualTo("changed");
        cluster.assertConvergedAndReplays();
    }

    /** A delta of one note's history, after {@code parent}; the first one inserts it. */
    VerifiedShare next(KeyPair key, long id, @Nullable VerifiedShare parent, long number) {
        var values = Keys.of(notes, List.of(id));
        var ops = new TreeMap<String, FieldOp>(DagCbor.KEY_ORDER);
        ops.put("text:text:set", new FieldOp.SetValue(Value.ofEncoded(DagCbor.encode("number " + number))));
        long hlc = (cluster.node(0).machine().currentTimeMillis() << 16) + number;
        byte[] nonce = new byte[Delta.NONCE_BYTES];
        ByteBuffer.wrap(nonce).putLong(number);
        DecodedDelta before = parent == null ? null : parent.deltas().get(0);
        var delta = new Delta(
                notes.collectionId(),
                Keys.documentId(notes.collectionId(), values),
                before == null ? values : null,
                before == null ? List.of() : List.of(before.cid()),
                before == null ? null : before.delta().incarnation(before.cid()),
                hlc,
                key.publicKey().raw(),
                nonce,
                before == null ? Live.INSERT : null,
                ops);
        return new CommitBuilder(hlc, Signer.of(key)).add(delta).build();
    }
}
