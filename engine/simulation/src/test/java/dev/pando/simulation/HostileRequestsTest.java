package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.dag.CommitBuilder;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Signer;
import dev.pando.dag.Value;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.libp2p.MessageStream;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/scenarios.md 43 to 46: questions without a right, histories that cannot be, clocks ahead, chains without a
 * beginning, and the same again and again, while two honest nodes go on.
 */
@ParameterizedClass
@MethodSource("seeds")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileRequestsTest extends HostilePeer {

    private static final String BLOCKS = "/pando/blocks/1.0.0";
    private static final String DOCUMENTS = "/pando/documents/1.0.0";
    private static final long LATER = 0;
    private static final long INVALID = 2;
    private static final long MISSING_PARENTS = 3;
    private static final long DONE = 8;

    /** As many questions without a right are answered in a minute. */
    private static final int QUOTA = 256;

    /** Asks and reads the answer; null when the stream was ended instead. */
    private @Nullable List<?> ask(String protocol, List<?> question) {
        var stream =
                new MessageStream(get(liar.newStream(cluster.node(0).engine().peerId(), protocol)), 4 << 20);
        stream.write(DagCbor.encode(question));
        var answer = stream.read();
        cluster.simulation().runUntil(answer::isDone, WAIT, "the question is answered");
        byte[] bytes = answer.isCompletedExceptionally() ? null : answer.join();
        stream.reset();
        return bytes == null ? null : (List<?>) DagCbor.decode(bytes);
    }

    private List<?> pull() {
        return List.of(7L, new byte[16], List.of(List.of(notes.collectionId(), new byte[16], 0L)));
    }

    @Test
    void whoMayNotReadPullsNothingAndMayNotAskForEver() {
        onlyFriendsMayWrite(); // nor read
        byte[] document = cluster.node(0).documentId("notes", 1).bytes();
        List<?> askForDocument = List.of(0L, notes.collectionId(), List.of(List.of(document, List.of())));
        assertThat(ask(BLOCKS, pull())).satisfies(done -> {
            assertThat(done.get(0)).isEqualTo(DONE);
            assertThat((List<?>) done.get(2))
                    .as("collections of which all was sent")
                    .isEmpty();
        });
        assertThat(ask(DOCUMENTS, askForDocument))
                .as("the end of an answer: refused")
                .isEqualTo(List.of(2L, 1L));
        for (int i = 2; i < QUOTA; i++) {
            assertThat(ask(BLOCKS, pull())).as("question %s", i).isNotNull();
        }
        assertThat(ask(BLOCKS, pull())).isNull();
        assertThat(ask(DOCUMENTS, askForDocument)).isNull();
        assertHonestGoOn();
        cluster.runFor(Duration.ofMinutes(1));
        assertThat(ask(BLOCKS, pull())).isNotNull();
    }

    private VerifiedShare after(DecodedDelta parent, long document, long hlc, Cid incarnation) {
        var ops = new TreeMap<String, FieldOp>(DagCbor.KEY_ORDER);
        ops.put("text:text:set", new FieldOp.SetValue(Value.ofEncoded(DagCbor.encode("impossible"))));
        return new CommitBuilder(hlc, Signer.of(liarKey))
                .add(new Delta(
                        notes.collectionId(),
                        documentOf(document),
                        null,
                        List.of(parent.cid()),
                        incarnation,
                        hlc,
                        liarKey.publicKey().raw(),
                        new byte[Delta.NONCE_BYTES],
                        null,
                        ops))
                .build();
    }

    /** What would close a cycle comes before itself in time; a CID cannot be claimed, as blocks travel without theirs. */
    @Test
    void historiesThatCannotBeAreInvalid() {
        VerifiedShare first = next(liarKey, 2, null, 0);
        VerifiedShare second = next(liarKey, 3, null, 0);
        DecodedDelta insert = first.deltas().get(0);
        DecodedDelta other = second.deltas().get(0);
        var stream = openStream();
        assertThat(push(stream, first.blocks())).contains(List.of());
        assertThat(push(stream, second.blocks())).contains(List.of());
        long hlc = insert.delta().hlc();
        var impossible = List.of(
                after(insert, 2, hlc, insert.cid()), // not later than what it follows
                after(insert, 2, hlc - 1, insert.cid()),
                after(other, 2, hlc + 9, insert.cid()), // follows another document
                after(insert, 2, hlc + 9, other.cid())); // belongs to an insert of another document
        for (VerifiedShare share : impossible) {
            assertThat(push(stream, share.blocks())).contains(List.of(INVALID));
        }
        cluster.runUntilQuiet();
        assertThat(cluster.node(1).get("notes", 2, "text")).isEqualTo("number 0");
        assertHonestGoOn();
    }

    @Test
    void aClockAheadIsAskedToComeAgainAndMovesNobody() {
        var stream = openStream();
        long ahead = Duration.ofMinutes(10).toMillis();
        VerifiedShare early = shareOfSeveral(liarKey, Signer.of(liarKey), ahead, 2);
        VerifiedShare century = shareOfSeveral(
                liarKey, Signer.of(liarKey), Duration.ofDays(36_525).toMillis(), 3);
        for (int i = 0; i < 20; i++) {
            assertThat(push(stream, early.blocks())).contains(List.of(LATER));
            assertThat(push(stream, century.blocks())).contains(List.of(LATER));
        }
        assertUntouched();
        cluster.node(0).insert("notes", "id", 4, "text", "now");
        var written = cluster.node(0)
                .engine()
                .inspection()
                .history(notes, cluster.node(0).documentId("notes", 4));
        assertThat(written.get(0).hlc() >> 16)
                .isLessThanOrEqualTo(cluster.node(0).machine().currentTimeMillis() + 1);
        cluster.runFor(Duration.ofMillis(ahead));
        assertThat(push(openStream(), early.blocks())).contains(List.of());
        assertHonestGoOn();
        assertThat(cluster.node(1).rows("notes")).hasSize(3);
    }

    @Test
    void theSameAgainAndAgainChangesNothingMore() {
        VerifiedShare share = share(liarKey, 2, Signer.of(liarKey));
        var stream = openStream();
        for (int i = 0; i < 50; i++) {
            assertThat(push(stream, share.blocks())).contains(List.of());
        }
        assertHonestGoOn();
        var log = SimLog.read(cluster.node(0).disk());
        assertThat(log.rows(notes.collectionId())).hasSize(2);
        assertThat(cluster.node(0)
                        .engine()
                        .inspection()
                        .history(notes, cluster.node(0).documentId("notes", 2)))
                .hasSize(1);
    }

    /** A chain without its beginning keeps nobody waiting: an honest change arrives in a second, in the middle of it. */
    @Test
    void honestChangesArriveWhileAChainWithoutABeginningComesIn() {
        VerifiedShare link = next(liarKey, 2, null, 0);
        var stream = openStream();
        int length = Seeds.length(seed, 500, 120);
        for (int i = 1; i < length; i++) {
            link = next(liarKey, 2, link, i);
            assertThat(push(stream, link.blocks())).contains(List.of(MISSING_PARENTS));
            if (i % (length / 5) == 0) {
                String news = "after " + i;
                cluster.node(1).update("notes", 1, "text", news);
                cluster.simulation()
                        .runUntil(
                                () -> news.equals(cluster.node(0).get("notes", 1, "text")),
                                Duration.ofSeconds(1),
                                "the honest change arrives");
            }
        }
        assertUntouched();
        assertHonestGoOn();
    }
}
