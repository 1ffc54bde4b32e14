package dev.pando.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.dag.Commit;
import dev.pando.dag.Signer;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.libp2p.MessageStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/scenarios.md 43 and docs/rules.md §9.9: a peer that speaks the protocol and lies. Two honest nodes go on, and what
 * the liar has spoiled does not keep out what honest nodes send.
 */
@ParameterizedClass
@MethodSource("seeds")
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostilePeerTest extends HostilePeer {

    /** As long as who sent too many invalid shares is shut out, and they count. */
    private static final Duration SHUT_OUT = Duration.ofMinutes(11);

    @Test
    void aForgedSignatureChangesNothing() {
        onlyFriendsMayWrite();
        var forged = new Signer() {
            @Override
            public byte[] author() {
                return friendKey.publicKey().raw();
            }

            @Override
            public byte[] sign(byte[] message) {
                return liarKey.sign(message);
            }
        };
        var stream = openStream();
        assertThat(push(stream, share(friendKey, 2, forged).blocks())).contains(List.of(2L));
        assertUntouched();
        /* The same bytes of the delta, honestly signed, are welcome. */
        assertThat(push(stream, share(friendKey, 2, Signer.of(friendKey)).blocks()))
                .contains(List.of());
        cluster.runUntilQuiet();
        assertThat(cluster.node(1).rows("notes")).hasSize(2);
        assertHonestGoOn();
    }

    @Test
    void anAuthorWithoutTheRightIsRefused() {
        onlyFriendsMayWrite();
        var stream = openStream();
        assertThat(push(stream, share(liarKey, 2, Signer.of(liarKey)).blocks())).contains(List.of(1L));
        assertUntouched();
        assertHonestGoOn();
    }

    @Test
    void aFriendsCommitComesInOverALiar() {
        onlyFriendsMayWrite();
        assertThat(push(openStream(), share(friendKey, 2, Signer.of(friendKey)).blocks()))
                .contains(List.of());
        cluster.runUntilQuiet();
        cluster.assertConverged();
        assertThat(cluster.node(1).rows("notes")).hasSize(2);
    }

    @Test
    void blocksThatAreMissingTwiceForeignOrOutOfOrderChangeNothing() {
        var good = share(liarKey, 2, Signer.of(liarKey)).blocks();
        var other = share(liarKey, 3, Signer.of(liarKey)).blocks();
        var stranger = Block.of(Cid.DAG_CBOR, DagCbor.encode(List.of("neither commit nor delta")));
        var shares = List.of(
                List.of(good.get(0)),
                List.of(good.get(1)),
                List.of(good.get(1), good.get(0)),
                List.of(good.get(0), other.get(1)),
                List.of(good.get(0), good.get(1), other.get(1)),
                List.of(good.get(0), good.get(1), stranger),
                List.of(stranger));
        for (List<Block> share : shares) {
            assertThat(push(openStream(), share)).as("share of %s", share).isNotEqualTo(Optional.of(List.of()));
        }
        assertUntouched();
        assertHonestGoOn();
    }

    @Test
    void aCommitWithoutSignatureChangesNothing() {
        var good = share(liarKey, 2, Signer.of(liarKey));
        Commit commit = good.commit();
        var unsigned = new Commit(commit.hlc(), commit.author(), commit.parts(), new byte[Commit.SIGNATURE_BYTES]);
        var blocks = new ArrayList<>(good.blocks());
        blocks.set(0, Block.of(Cid.DAG_CBOR, unsigned.encode()));
        assertThat(push(openStream(), blocks)).contains(List.of(2L));
        assertUntouched();
    }

    @Test
    void bytesAtRandomEndTheStreamAndNothingElse() {
        var random = new SplittableRandom(seed);
        int messages = Seeds.length(seed, 200, 40);
        byte[] good = DagCbor.encode(List.of(
                4L,
                1L,
                List.of(List.of(
                        1L,
                        false,
                        share(liarKey, 2, Signer.of(liarKey)).blocks().stream()
                                .map(Block::bytes)
                                .toList(),
                        List.of()))));
        for (int i = 0; i < messages; i++) {
            if (i % 16 == 15) {
                cluster.runFor(SHUT_OUT); // or nothing more would be taken from it
            }
            var stream = openStream();
            byte[] spoiled = good.clone();
            spoiled[random.nextInt(spoiled.length)] ^= (byte) (1 + random.nextInt(255));
            stream.write(random.nextInt(4) == 0 ? Arrays.copyOf(spoiled, random.nextInt(spoiled.length)) : spoiled);
            cluster.runFor(Duration.ofMillis(200));
            stream.reset();
        }
        cluster.runUntilQuiet();
        /* What was spoiled beside the share, such as its number, leaves it as it was signed. */
        List<List<Object>> rows = new ArrayList<>(cluster.node(0).rows("notes"));
        rows.remove(Arrays.<Object>asList(2L, "false", null, 0L));
        assertThat(rows).hasSize(1);
        assertHonestGoOn();
    }

    @Test
    void messagesOutOfTurnEndTheStream() {
        var outOfTurn = List.<Object>of(
                List.of(1L, new byte[16], List.of()),
                List.of(3L, 1L, List.of(0L)),
                List.of(5L, 1L, List.of()),
                List.of(6L));
        for (Object message : outOfTurn) {
            var stream = openStream();
            stream.write(DagCbor.encode(message));
            cluster.simulation().runUntil(() -> stream.closed().isDone(), WAIT, "the stream is ended after " + message);
        }
        var unannounced =
                new MessageStream(get(liar.newStream(cluster.node(0).engine().peerId(), PROTOCOL)), 4 << 20);
        unannounced.write(DagCbor.encode(List.of(4L, 1L, List.of())));
        cluster.simulation().runUntil(() -> unannounced.closed().isDone(), WAIT, "the stream is ended");
        assertHonestGoOn();
    }

    @Test
    void endlessPiecesDeepNestingAndLongLengthsAreRefusedWithinBounds() {
        var stream = openStream();
        byte[] nested = new byte[100_000];
        Arrays.fill(nested, (byte) 0x81);
        stream.write(nested);
        cluster.simulation().runUntil(() -> stream.closed().isDone(), WAIT, "nesting is refused");

        var raw = get(liar.newStream(cluster.node(0).engine().peerId(), PROTOCOL));
        raw.write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, 0x07, 1, 2, 3}));
        cluster.simulation().runUntil(() -> raw.closed().isDone(), WAIT, "a message of gigabytes is refused");
        assertHonestGoOn();
    }

    /** docs/scenarios.md 44: a chain whose first link is withheld takes no memory; the same chain complete comes in. */
    @Test
    void aChainWhoseFirstLinkIsWithheldIsNotKeptAndTheWholeOneComesIn() {
        int length = Seeds.length(seed, 300, 60);
        var chain = new ArrayList<VerifiedShare>();
        for (int i = 0; i < length; i++) {
            chain.add(next(liarKey, 2, i == 0 ? null : chain.get(i - 1), i));
        }
        var stream = openStream();
        for (VerifiedShare link : chain.subList(1, length)) {
            assertThat(push(stream, link.blocks())).contains(List.of(3L));
        }
        assertUntouched();
        assertThat(cluster.node(0).engine().replication().pending()).hasSize(length - 1);
        for (VerifiedShare link : chain) {
            assertThat(push(stream, link.blocks())).contains(List.of());
        }
        cluster.runUntilQuiet();
        assertThat(cluster.node(0).engine().replication().pending()).isEmpty();
        assertThat(cluster.node(1).get("notes", 2, "text")).isEqualTo("number " + (length - 1));
        assertHonestGoOn();
    }

    /** Two histories of one author that do not know of each other: all nodes take both, and show the same. */
    @Test
    void anAuthorWhoTellsTwoStoriesIsHeardAlikeEverywhere() {
        VerifiedShare first = next(liarKey, 2, null, 0);
        VerifiedShare one = next(liarKey, 2, first, 1);
        VerifiedShare other = next(liarKey, 2, first, 2);
        var stream = openStream();
        for (VerifiedShare share : List.of(first, other, one, one, first, other)) {
            assertThat(push(stream, share.blocks())).contains(List.of());
        }
        assertHonestGoOn();
        assertThat(cluster.node(1).get("notes", 2, "text")).isEqualTo("number 2");
    }

    /** docs/scenarios.md 43: what is forged is held against its sender, within a bound; what lacks a right is not. */
    @Test
    void whoForgesAgainAndAgainIsShutOutForAWhile() {
        onlyFriendsMayWrite();
        var stream = openStream();
        for (int i = 0; i < 100; i++) {
            assertThat(push(stream, share(liarKey, 2 + i, Signer.of(liarKey)).blocks()))
                    .contains(List.of(1L));
        }
        int answered = 0;
        for (int i = 0; i < 40; i++) {
            var good = share(friendKey, 2 + i, Signer.of(friendKey));
            var commit = good.commit();
            var blocks = new ArrayList<>(good.blocks());
            blocks.set(
                    0,
                    Block.of(
                            Cid.DAG_CBOR,
                            new Commit(commit.hlc(), commit.author(), commit.parts(), new byte[64]).encode()));
            if (push(stream, blocks).isEmpty()) {
                break;
            }
            answered++;
        }
        assertThat(answered).isEqualTo(16);
        var again = get(liar.newStream(cluster.node(0).engine().peerId(), PROTOCOL));
        cluster.simulation().runUntil(() -> again.closed().isDone(), WAIT, "it is shut out");
        assertThat(cluster.node(0).engine().replication().quarantine()).hasSize(17);
        assertUntouched();
        cluster.runFor(SHUT_OUT);
        assertThat(push(openStream(), share(friendKey, 2, Signer.of(friendKey)).blocks()))
                .contains(List.of());
        assertHonestGoOn();
    }

    @Test
    void tooManyStreamsOfOnePeerLeaveOne() {
        var streams = new ArrayList<MessageStream>();
        for (int i = 0; i < 40; i++) {
            streams.add(openStream());
        }
        cluster.runFor(WAIT);
        assertThat(streams.stream().filter(s -> !s.closed().isDone())).hasSize(1);
        Collections.reverse(streams);
        assertThat(push(streams.get(0), share(liarKey, 2, Signer.of(liarKey)).blocks()))
                .contains(List.of());
    }
}
