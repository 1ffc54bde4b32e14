package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import dev.pando.replication.LogTail.Missing;
import dev.pando.replication.LogTail.OutgoingShare;
import dev.pando.replication.LogTail.Page;
import dev.pando.replication.ReplicateMessage.Ack;
import dev.pando.replication.ReplicateMessage.Batch;
import dev.pando.replication.ReplicateMessage.Lacks;
import dev.pando.replication.ReplicateMessage.Offer;
import dev.pando.replication.ReplicateMessage.Standing;
import dev.pando.replication.ReplicateMessage.Status;
import dev.pando.replication.ReplicateMessage.Want;
import dev.pando.replication.ReplicateMessage.Welcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Documents that come into the scope of a replicator with a predicate: no part of their past is left behind. */
class JoiningDocumentsTest {

    private static final Cid BOOKS = MemoryNode.collection("books");
    private static final DocumentId DOCUMENT = DocumentId.of(new byte[DocumentId.BYTES]);
    private static final byte[] PEER_LOG = new byte[16];
    private static final byte[] OTHER_LOG = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    /** The commit behind this one brings the document in; its past is in the first two. */
    private static final long POSITION = 3;

    private static final long SINCE = 1;

    private final MemoryNode node = new MemoryNode(1).holding(BOOKS);
    private static final int MEMBERS_MAX = 3;

    private final Membership members = new Membership(Optional.of(new Some()), SINCE, MEMBERS_MAX);
    private Sender sender;
    private long stream;
    private long round;
    private List<Sender.Output> outputs = List.of();

    private static final class Some implements RowPredicate {
        @Override
        public boolean matches(DocumentId document, Cid delta) {
            return true;
        }

        @Override
        public void matching(Consumer<DocumentId> found) {}
    }

    @BeforeEach
    void begin() {
        for (int i = 0; i < 5; i++) {
            node.write(0, BOOKS);
        }
        var filter = new ReplicatorRecord.Filter(Optional.of("price > 10"), SINCE);
        var progress = new ReplicatorRecord.Progress(BOOKS, POSITION, 1, List.of(), Optional.of(filter));
        sender = new Sender(
                new MemoryNode(2).peer,
                node,
                new ReplicatorRecord(Optional.empty(), PEER_LOG, List.of(progress)),
                Map.of(BOOKS, members),
                false);
        input(new Sender.ScopesChanged());
    }

    private void input(Sender.Input input) {
        outputs = sender.handle(input, 0);
        for (Sender.Output output : outputs) {
            stream = output instanceof Sender.Work work ? work.stream() : stream;
            round = output instanceof Sender.Find find ? find.round() : round;
        }
    }

    private <T> List<T> outputs(Class<T> type) {
        return outputs.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private <T> List<T> sent(Class<T> type) {
        return outputs(Sender.Send.class).stream()
                .map(Sender.Send::message)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    private void greet(byte[] log, long instance) {
        input(new Sender.StreamOpened());
        input(new Sender.Received(new Welcome(log, List.of(new Standing(BOOKS, Status.DIFFERENT, instance)))));
    }

    /** Until the document's past is sent, but not acknowledged. */
    private void sendPast() {
        greet(PEER_LOG, 1);
        assertThat(outputs(Sender.Read.class)).extracting(Sender.Read::after).containsExactly(POSITION);
        input(new Sender.PageRead(stream, new Page(POSITION, List.of(), 0, Map.of(BOOKS, Set.of(DOCUMENT)))));
        assertThat(outputs(Sender.Find.class)).hasSize(1);
        assertThat(members.contains(DOCUMENT)).isTrue();
        input(new Sender.Found(stream, round, Optional.of(new Missing(List.of(1L, 2L), true))));
        List<OutgoingShare> past = new ArrayList<>(
                node.read(0, 2, Set.of(BOOKS), Integer.MAX_VALUE).shares());
        input(new Sender.PageRead(stream, new Page(2, past, 0)));
        assertThat(sent(Offer.class)).hasSize(1);
        input(new Sender.Received(new Want(2, List.of(0, 1))));
        assertThat(sent(Batch.class)).hasSize(1);
        assertThat(outputs(Sender.Join.class)).isEmpty();
        assertThat(outputs(Sender.Read.class)).isEmpty();
    }

    /** A new stream would meet the same commit, and end again: all that would come of it is load. */
    @Test
    void whereThereIsNoRoomForThemTheScopeSaysSoAndStaysQuiet() {
        for (byte i = 1; i <= MEMBERS_MAX; i++) {
            byte[] id = new byte[DocumentId.BYTES];
            id[0] = i;
            members.add(Set.of(DocumentId.of(id)));
        }
        greet(PEER_LOG, 1);
        input(new Sender.PageRead(stream, new Page(POSITION, List.of(), 0, Map.of(BOOKS, Set.of(DOCUMENT)))));
        assertThat(outputs).isEmpty();
        assertThat(members.contains(DOCUMENT)).isFalse();
        assertThat(sender.isOpen()).isTrue();
        assertThat(sender.lastError().orElseThrow()).contains("at most " + MEMBERS_MAX);
        assertThat(sender.scopes())
                .allSatisfy(scope -> assertThat(scope.suspended).contains("at most " + MEMBERS_MAX));
        node.write(0, BOOKS);
        input(new Sender.Advanced());
        assertThat(outputs).isEmpty();
    }

    @Test
    void theyAreWrittenDownWhenTheirPastIsAcknowledged() {
        sendPast();
        input(new Sender.Received(new Ack(2, List.of())));
        assertThat(outputs(Sender.Join.class))
                .extracting(Sender.Join::documents)
                .containsExactly(Map.of(BOOKS, Set.of(DOCUMENT)));
        assertThat(outputs(Sender.Read.class)).isEmpty();
        input(new Sender.Advanced());
        assertThat(outputs).isEmpty();
        input(new Sender.Joined(stream));
        assertThat(outputs(Sender.Read.class)).extracting(Sender.Read::after).containsExactly(POSITION);
        assertThat(members.contains(DOCUMENT)).isTrue();
    }

    @Test
    void aStreamThatEndsBeforeForgetsThemAndTheNextMeetsThemAgain() {
        sendPast();
        input(new Sender.StreamFailed("reset"));
        assertThat(members.contains(DOCUMENT)).isFalse();
        sendPast();
        input(new Sender.Received(new Ack(2, List.of())));
        assertThat(outputs(Sender.Join.class)).hasSize(1);
    }

    /** More may come in the second time, which the first one did not write down. */
    @Test
    void whatWasBeingWrittenWhenThePeerGreetedAnewIsWrittenOnceMore() {
        sendPast();
        input(new Sender.Received(new Ack(2, List.of())));
        assertThat(outputs(Sender.Join.class)).hasSize(1);
        input(new Sender.Received(new ReplicateMessage.Changed()));
        input(new Sender.Received(new Welcome(PEER_LOG, List.of(new Standing(BOOKS, Status.DIFFERENT, 1)))));
        DocumentId another = DocumentId.of(new byte[] {
            1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        });
        input(new Sender.PageRead(stream, new Page(POSITION, List.of(), 0, Map.of(BOOKS, Set.of(DOCUMENT, another)))));
        assertThat(outputs(Sender.Find.class)).hasSize(1);
        input(new Sender.Joined(stream));
        input(new Sender.Found(stream, round, Optional.of(new Missing(List.of(), true))));
        assertThat(outputs(Sender.Join.class))
                .extracting(Sender.Join::documents)
                .containsExactly(Map.of(BOOKS, Set.of(DOCUMENT, another)));
        assertThat(outputs(Sender.Read.class)).isEmpty();
    }

    /** What a commit brings in is known when it was read: heads are compared up to there, and the rest is read. */
    @Test
    void aComparisonLeavesOutNoCommitThatMayBringDocumentsIn() {
        greet(PEER_LOG, 2);
        input(new Sender.Received(new Lacks(1, BOOKS, false, true, List.of())));
        assertThat(outputs(Sender.Find.class)).extracting(Sender.Find::upTo).containsExactly(POSITION);
        input(new Sender.Found(stream, round, Optional.of(new Missing(List.of(), false))));
        assertThat(outputs(Sender.Read.class)).extracting(Sender.Read::after).containsExactly(POSITION);
    }

    @Test
    void withANewLogOfThePeerAllIsReadSinceTheReplicatorWasSet() {
        greet(OTHER_LOG, 1);
        input(new Sender.Received(new Lacks(1, BOOKS, false, true, List.of())));
        assertThat(outputs(Sender.Find.class)).extracting(Sender.Find::upTo).containsExactly(SINCE);
    }
}
