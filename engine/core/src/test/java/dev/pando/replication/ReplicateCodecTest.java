package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.DocumentId;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.Multiaddr;
import dev.pando.replication.ReplicateMessage.Ack;
import dev.pando.replication.ReplicateMessage.Ask;
import dev.pando.replication.ReplicateMessage.Batch;
import dev.pando.replication.ReplicateMessage.Changed;
import dev.pando.replication.ReplicateMessage.Compare;
import dev.pando.replication.ReplicateMessage.Documents;
import dev.pando.replication.ReplicateMessage.Fragment;
import dev.pando.replication.ReplicateMessage.Hello;
import dev.pando.replication.ReplicateMessage.Inner;
import dev.pando.replication.ReplicateMessage.Lacking;
import dev.pando.replication.ReplicateMessage.Lacks;
import dev.pando.replication.ReplicateMessage.Offer;
import dev.pando.replication.ReplicateMessage.Offered;
import dev.pando.replication.ReplicateMessage.Outcome;
import dev.pando.replication.ReplicateMessage.Reported;
import dev.pando.replication.ReplicateMessage.Standing;
import dev.pando.replication.ReplicateMessage.Status;
import dev.pando.replication.ReplicateMessage.Tell;
import dev.pando.replication.ReplicateMessage.Want;
import dev.pando.replication.ReplicateMessage.Welcome;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ReplicateCodecTest {

    private static final Cid BOOKS = MemoryNode.collection("books");
    private static final byte[] LOG = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

    private static final Block DELTA = Block.of(Cid.DAG_CBOR, new byte[] {(byte) 0xa0});
    private static final Block RAW = Block.of(Cid.RAW, new byte[] {1, 2, 3});

    private static final DocumentId DOCUMENT = DocumentId.of(new byte[32]);

    private static final List<ReplicateMessage> ONE_OF_EACH = List.of(
            new Hello(LOG, List.of(new Offered(BOOKS, Optional.of(RAW.cid())), new Offered(BOOKS, Optional.empty()))),
            new Welcome(
                    LOG,
                    Arrays.stream(Status.values())
                            .map(s -> new Standing(BOOKS, s, 3))
                            .toList()),
            new Offer(7, List.of(DELTA.cid())),
            new Want(7, List.of(0, 4_095)),
            new Batch(9, List.of(new Fragment(8, true, List.of(DELTA, RAW)), new Fragment(9, false, List.of(DELTA)))),
            new Ack(
                    9,
                    Arrays.stream(Outcome.values())
                            .map(o -> new Reported(3, o, "why", -1))
                            .toList()),
            new Changed(),
            new Compare(1, List.of(BOOKS)),
            new Ask(1, BOOKS, List.of(new byte[0], new byte[] {0, 15, 7})),
            new Tell(
                    1,
                    BOOKS,
                    List.of(
                            new Documents(List.of(new HeadTree.Entry(DOCUMENT, LOG))),
                            new Inner(IntStream.range(0, HeadTree.FANOUT)
                                    .mapToObj(i -> new HeadTree.Range(i, i == 0 ? new byte[16] : LOG))
                                    .toList()))),
            new Lacks(1, BOOKS, false, true, List.of(new Lacking(DOCUMENT, List.of(DELTA.cid())))));

    @Test
    void everyMessageComesBackAsItWas() {
        for (ReplicateMessage message : ONE_OF_EACH) {
            byte[] bytes = ReplicateCodec.encode(message);
            ReplicateMessage decoded = ReplicateCodec.decode(bytes);
            assertThat(decoded).usingRecursiveComparison().isEqualTo(message);
            assertThat(ReplicateCodec.encode(decoded)).isEqualTo(bytes);
        }
    }

    @Test
    void theBytesAreThoseOfTheFormatPage() {
        assertThat(hex(new Changed())).isEqualTo("8106");
        assertThat(hex(new Want(7, List.of(0, 2)))).isEqualTo("830307820002");
        assertThat(hex(new Ack(9, List.of(new Reported(3, Outcome.LATER, "why", 5)))))
                .isEqualTo("83050981840300" + "63776879" + "05");
        assertThat(hex(new Batch(9, List.of(new Fragment(8, true, List.of(DELTA, RAW))))))
                .isEqualTo("8304098184" + "08f5" + "8141a0" + "8143010203");
        assertThat(hex(new Welcome(LOG, List.of(new Standing(BOOKS, Status.EMPTY, 7)))))
                .isEqualTo("830150" + "000102030405060708090a0b0c0d0e0f" + "8183d82a5825" + "00"
                        + HexFormat.of().formatHex(BOOKS.toBytes()) + "0207");
    }

    private static String hex(ReplicateMessage message) {
        return HexFormat.of().formatHex(ReplicateCodec.encode(message));
    }

    @Property(tries = 5_000)
    void anyBytesAreAMessageOrADecodeException(@ForAll @Size(max = 64) byte[] bytes) {
        decodeOrRefuse(bytes);
    }

    @Property(tries = 20_000)
    void anyChangeOfAMessageIsAMessageOrADecodeException(
            @ForAll int which, @ForAll int at, @ForAll byte value, @ForAll boolean cut) {
        byte[] bytes = ReplicateCodec.encode(ONE_OF_EACH.get(Math.floorMod(which, ONE_OF_EACH.size())));
        int place = Math.floorMod(at, bytes.length);
        bytes[place] = value;
        decodeOrRefuse(cut ? Arrays.copyOf(bytes, place) : bytes);
    }

    private static void decodeOrRefuse(byte[] bytes) {
        try {
            assertThat(ReplicateCodec.encode(ReplicateCodec.decode(bytes))).isEqualTo(bytes);
        } catch (DecodeException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    @Test
    void aReasonIsCutBetweenCharacters() {
        String long1 = "x".repeat(511) + "🌳".repeat(10);
        var ack = new Ack(1, List.of(new Reported(1, Outcome.INVALID, long1, 0)));
        var back = (Ack) ReplicateCodec.decode(ReplicateCodec.encode(ack));
        assertThat(back.outcomes().get(0).reason()).isEqualTo("x".repeat(511));
    }

    @Test
    void anEmptyFragmentIsRefused() {
        byte[] bytes = ReplicateCodec.encode(new Batch(9, List.of(new Fragment(8, false, List.of()))));
        assertThatThrownBy(() -> ReplicateCodec.decode(bytes)).isInstanceOf(DecodeException.class);
    }

    @Test
    void theRecordOfAReplicatorComesBackAsItWas() {
        var record = new ReplicatorRecord(
                Optional.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/9171")),
                LOG,
                List.of(
                        new ReplicatorRecord.Progress(
                                BOOKS, 12, 3, List.of(new Reported(3, Outcome.REFUSED, "no grant", 0))),
                        new ReplicatorRecord.Progress(RAW.cid(), 0, 0, List.of())));
        assertThat(ReplicatorRecord.decode(record.encode()))
                .usingRecursiveComparison()
                .isEqualTo(record);
    }

    @Property(tries = 5_000)
    void anyBytesAreARecordOrADecodeException(@ForAll int at, @ForAll byte value, @ForAll boolean cut) {
        byte[] bytes = new ReplicatorRecord(
                        Optional.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/9171")),
                        LOG,
                        List.of(new ReplicatorRecord.Progress(
                                BOOKS, 12, 3, List.of(new Reported(3, Outcome.REFUSED, "no", 0)))))
                .encode();
        int place = Math.floorMod(at, bytes.length);
        bytes[place] = value;
        try {
            ReplicatorRecord.decode(cut ? Arrays.copyOf(bytes, place) : bytes);
        } catch (DecodeException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
