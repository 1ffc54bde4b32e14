package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import dev.pando.replication.ReplicateMessage.Ask;
import dev.pando.replication.ReplicateMessage.Lacking;
import dev.pando.replication.ReplicateMessage.Lacks;
import dev.pando.replication.ReplicateMessage.Tell;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two trees compared over the messages' bytes. */
class HeadExchangeTest {

    private static final Cid BOOKS = MemoryNode.collection("books");

    private final Random random = new Random(3);
    private final Set<DocumentId> changed = new HashSet<>();
    private int bytes;
    private int questions;

    private static final class Side implements Heads {
        final HeadTree tree = new HeadTree();

        @Override
        public Optional<HeadTree> heads(Cid collection) {
            return Optional.of(tree);
        }

        @Override
        public List<Cid> headsOf(Cid collection, DocumentId document) {
            return tree.digest(document) == null ? List.of() : List.of(BOOKS);
        }
    }

    private final Side sender = new Side();
    private final Side receiver = new Side();

    private byte[] random32() {
        byte[] some = new byte[32];
        random.nextBytes(some);
        return some;
    }

    private void equal(int documents) {
        for (int i = 0; i < documents; i++) {
            DocumentId document = DocumentId.of(random32());
            byte[] leaf = random32();
            sender.tree.put(document, leaf);
            receiver.tree.put(document, leaf);
        }
    }

    private void newAtSender(int documents) {
        for (int i = 0; i < documents; i++) {
            DocumentId document = DocumentId.of(random32());
            sender.tree.put(document, random32());
            changed.add(document);
        }
    }

    private void changedAtSender(int documents) {
        for (HeadTree.Entry entry : new ArrayList<>(sender.tree.documents(new byte[] {3})).subList(0, documents)) {
            sender.tree.put(entry.document(), random32());
            changed.add(entry.document());
        }
    }

    private ReplicateMessage sent(ReplicateMessage message) {
        byte[] encoded = ReplicateCodec.encode(message);
        bytes += encoded.length;
        return ReplicateCodec.decode(encoded);
    }

    private List<Lacks> exchange(InVain inVain) {
        var exchange = new HeadExchange(1, BOOKS, receiver, inVain);
        var lacks = new ArrayList<Lacks>();
        for (List<ReplicateMessage> next = exchange.next(null); lacks.isEmpty(); ) {
            Ask asked = null;
            for (ReplicateMessage message : next) {
                ReplicateMessage at = sent(message);
                if (at instanceof Ask ask) {
                    asked = ask;
                } else {
                    lacks.add((Lacks) at);
                }
            }
            if (asked != null) {
                questions++;
                next = exchange.next((Tell) sent(HeadExchange.answer(asked, sender.tree)));
            }
        }
        assertThat(lacks.get(lacks.size() - 1).last()).isTrue();
        return lacks;
    }

    private Set<DocumentId> found() {
        var found = new HashSet<DocumentId>();
        exchange(InVain.NOTHING)
                .forEach(lacks ->
                        lacks.documents().stream().map(Lacking::document).forEach(found::add));
        return found;
    }

    @Test
    void differencesAreFoundAndNothingElse() {
        equal(20_000);
        newAtSender(60);
        changedAtSender(40);
        receiver.tree.put(DocumentId.of(random32()), random32());
        assertThat(found()).isEqualTo(changed);
        assertThat(bytes).isLessThan(200_000);
        assertThat(questions).isLessThanOrEqualTo(6);
    }

    @Test
    void nothingIsLackingOfWhatOnlyTheReceiverHas() {
        equal(1_000);
        for (int i = 0; i < 5_000; i++) {
            receiver.tree.put(DocumentId.of(random32()), random32());
        }
        assertThat(found()).isEmpty();
    }

    @Test
    void anEmptyReceiverLacksEveryDocument() {
        newAtSender(5_000);
        assertThat(found()).isEqualTo(changed);
    }

    @Test
    void whenTooMuchDiffersEverythingIsAskedFor() {
        newAtSender(HeadExchange.DIFFERENT_MAX + 5_000);
        List<Lacks> lacks = exchange(InVain.NOTHING);
        assertThat(lacks).hasSize(1);
        assertThat(lacks.get(0).all()).isTrue();
    }

    @Test
    void whatWasAskedForInVainIsNotAskedForAgainUntilItChanges() {
        equal(1_000);
        newAtSender(3);
        var inVain = new InVain();
        changed.forEach(document -> inVain.documents().put(document, sender.tree.digest(document)));
        assertThat(exchange(inVain).get(0).documents()).isEmpty();
        DocumentId one = changed.iterator().next();
        sender.tree.put(one, random32());
        assertThat(exchange(inVain).get(0).documents())
                .extracting(Lacking::document)
                .containsExactly(one);
    }

    /** A table of which more is refused than can be named document by document. */
    @Test
    void everythingThatWasAskedForInVainIsNotAskedForAgainUntilItChanges() {
        newAtSender(4 * HeadExchange.DIFFERENT_MAX);
        InVain inVain = differences(InVain.NOTHING, true);
        assertThat(inVain.ranges()).isNotEmpty();
        assertThat(exchange(inVain)).singleElement().satisfies(lacks -> {
            assertThat(lacks.all()).isFalse();
            assertThat(lacks.documents()).isEmpty();
        });
        changed.clear();
        newAtSender(1);
        InVain more = differences(inVain, false);
        assertThat(more.documents()).containsKeys(changed.iterator().next()).hasSizeLessThan(64);
        InVain both = inVain.and(more);
        assertThat(exchange(both)).singleElement().satisfies(lacks -> {
            assertThat(lacks.all()).isFalse();
            assertThat(lacks.documents()).isEmpty();
        });
    }

    private InVain differences(InVain inVain, boolean everything) {
        var exchange = new HeadExchange(1, BOOKS, receiver, inVain);
        List<ReplicateMessage> next = exchange.next(null);
        while (next.get(0) instanceof Ask ask) {
            next = exchange.next(HeadExchange.answer(ask, sender.tree));
        }
        assertThat(((Lacks) next.get(0)).all()).isEqualTo(everything);
        return exchange.different();
    }

    @Test
    void answersThatDoNotFitTheQuestionAreRefused() {
        equal(10);
        var exchange = new HeadExchange(1, BOOKS, receiver, InVain.NOTHING);
        exchange.next(null);
        assertThatThrownBy(() -> exchange.next(new Tell(1, BOOKS, List.of())))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("asked for 1");
    }

    @Test
    @Tag("bench")
    void aMillionDocuments() {
        equal(1_000_000);
        long begun = System.nanoTime();
        assertThat(found()).isEmpty();
        long equalMicros = (System.nanoTime() - begun) / 1_000;
        int equalBytes = bytes;
        newAtSender(60);
        changedAtSender(40);
        bytes = 0;
        begun = System.nanoTime();
        assertThat(found()).isEqualTo(changed);
        long micros = (System.nanoTime() - begun) / 1_000;
        System.out.println("{\"benchmark\":\"head-exchange\",\"documents\":1000000,\"equal_bytes\":" + equalBytes
                + ",\"equal_us\":" + equalMicros + ",\"differing\":100,\"differing_bytes\":" + bytes
                + ",\"differing_us\":" + micros + "}");
        assertThat(equalBytes).isLessThanOrEqualTo(4_096);
        assertThat(bytes).isLessThanOrEqualTo(200_000);
        assertThat(micros).isLessThan(1_000_000);
    }
}
