package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.DocumentId;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.libp2p.KeyPair;
import dev.pando.replication.DocumentMessage.Ask;
import dev.pando.replication.DocumentMessage.End;
import dev.pando.replication.DocumentMessage.Newer;
import dev.pando.replication.DocumentMessage.Query;
import dev.pando.replication.DocumentMessage.Share;
import dev.pando.replication.DocumentMessage.Status;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DocumentMessageTest {

    private static final Cid BOOKS = MemoryNode.collection("books");
    private static final Block DELTA = Block.of(Cid.DAG_CBOR, new byte[] {(byte) 0xa0});
    private static final Block RAW = Block.of(Cid.RAW, new byte[] {1, 2, 3});
    private static final DocumentId DOCUMENT = DocumentId.of(new byte[DocumentId.BYTES]);
    private static final SortedMap<DocumentId, List<Cid>> HEADS = new TreeMap<>();

    static {
        HEADS.put(DOCUMENT, List.of(DELTA.cid()));
    }

    private static final List<DocumentMessage> ONE_OF_EACH = List.of(
            new Ask(BOOKS, HEADS),
            new Share(true, List.of(DELTA, RAW)),
            new End(Status.REFUSED),
            new Newer(BOOKS, HEADS),
            new Query(KeyPair.fromSeed(new byte[KeyPair.SEED_BYTES]).peerId(), new byte[8], BOOKS, HEADS));

    @Test
    void everyMessageComesBackAsItWas() {
        for (DocumentMessage message : ONE_OF_EACH) {
            byte[] bytes = DocumentMessage.encode(message);
            assertThat(DocumentMessage.encode(DocumentMessage.decode(bytes))).isEqualTo(bytes);
            for (int length = 0; length < bytes.length; length++) {
                byte[] cut = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> DocumentMessage.decode(cut)).isInstanceOf(DecodeException.class);
            }
        }
    }

    @Test
    void goldenBytes() {
        assertThat(HexFormat.of().formatHex(DocumentMessage.encode(new End(Status.DONE))))
                .isEqualTo("820200");
        assertThat(HexFormat.of().formatHex(DocumentMessage.encode(new Share(false, List.of(DELTA, RAW)))))
                .isEqualTo("8401f48141a08143010203");
        assertThat(HexFormat.of().formatHex(DocumentMessage.encode(new Ask(RAW.cid(), HEADS))))
                .isEqualTo("8300d82a582500" + HexFormat.of().formatHex(RAW.cid().toBytes())
                        + "81825820" + "00".repeat(32) + "81d82a582500"
                        + HexFormat.of().formatHex(DELTA.cid().toBytes()));
    }

    @Property(tries = 500)
    void anyBytesAreAMessageOrRefused(@ForAll @Size(max = 200) byte[] bytes) {
        try {
            assertThat(DocumentMessage.encode(DocumentMessage.decode(bytes))).isNotEmpty();
        } catch (DecodeException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @Test
    void whatIsTooLongIsRefused() {
        var heads = new TreeMap<DocumentId, List<Cid>>();
        for (int i = 0; i <= DocumentMessage.DOCUMENTS_MAX; i++) {
            byte[] id = new byte[DocumentId.BYTES];
            id[0] = (byte) i;
            id[1] = (byte) (i >> 8);
            heads.put(DocumentId.of(id), List.of());
        }
        byte[] tooLong = DocumentMessage.encode(new Ask(BOOKS, heads));
        assertThatThrownBy(() -> DocumentMessage.decode(tooLong)).isInstanceOf(DecodeException.class);
    }

    @Test
    void topicsAreReadAsTheyAreWritten() {
        for (Topic topic : List.of(Topic.collection(BOOKS), Topic.document(DOCUMENT), Topic.query(BOOKS))) {
            assertThat(Topic.parse(topic.toString())).contains(topic);
        }
        assertThat(Topic.document(DOCUMENT).document()).isEqualTo(DOCUMENT);
        assertThat(Topic.document(DOCUMENT).toString()).startsWith("/pando/1/d/bafyrei");
        for (String other :
                List.of("", "/pando/1/", "/pando/1/c", "/pando/1/x/" + BOOKS, "/pando/1/c/", "/pando/1/c/b")) {
            assertThat(Topic.parse(other)).isEqualTo(Optional.empty());
        }
    }

    @Test
    void hotDocumentsComeBackInTheirOrderAndTheOldestIsForgotten() {
        var hot = new HotDocuments();
        for (int i = 0; i < HotDocuments.DOCUMENTS_MAX + 5; i++) {
            byte[] id = new byte[DocumentId.BYTES];
            id[0] = (byte) i;
            id[1] = (byte) (i >> 8);
            assertThat(hot.touch(new DocumentKey(BOOKS, DocumentId.of(id)))).isTrue();
        }
        DocumentKey oldest = hot.latestFirst().get(HotDocuments.DOCUMENTS_MAX - 1);
        assertThat(oldest.document().bytes()[0]).isEqualTo((byte) 5);
        assertThat(hot.touch(oldest)).isFalse();
        assertThat(hot.latestFirst()).startsWith(oldest).hasSize(HotDocuments.DOCUMENTS_MAX);
        var again = new HotDocuments();
        again.load(hot.encode());
        assertThat(again.latestFirst()).isEqualTo(hot.latestFirst());
        assertThatThrownBy(() -> again.load(new byte[] {1})).isInstanceOf(DecodeException.class);
    }
}
