package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import dev.pando.replication.ReplicateMessage.Ask;
import dev.pando.replication.ReplicateMessage.Tell;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries out, on a worker, what a {@link Sender} wants to know of the log. */
final class SenderWork {

    private SenderWork() {}

    static Sender.Input carryOut(LogTail tail, Sender.Work work) {
        try {
            return answer(tail, work);
        } catch (RuntimeException e) {
            return new Sender.ReadFailed(work.stream(), SenderLink.message(e));
        }
    }

    private static Sender.Input answer(LogTail tail, Sender.Work work) {
        if (work instanceof Sender.Read read) {
            return new Sender.PageRead(
                    read.stream(),
                    tail.read(read.after(), read.upTo(), read.collections(), read.members(), read.bytesMax()));
        } else if (work instanceof Sender.ReadChosen read) {
            return new Sender.PageRead(
                    read.stream(),
                    tail.readChosen(read.sequences(), read.collections(), read.members(), read.bytesMax()));
        } else if (work instanceof Sender.Answer answer) {
            return new Sender.Answered(answer.stream(), answer(tail, answer.ask(), answer.members()));
        } else if (work instanceof Sender.Find find) {
            return new Sender.Found(find.stream(), find.round(), tail.missing(inScope(find), find.upTo()));
        }
        throw new IllegalStateException("unknown work " + work);
    }

    private static Tell answer(LogTail tail, Ask ask, @Nullable Membership members) {
        if (members == null) {
            return HeadExchange.answer(ask, tail);
        }
        HeadTree all = tail.heads(ask.collection()).orElseGet(HeadTree::new);
        var tree = new HeadTree();
        for (DocumentId document : members.members()) {
            byte[] digest = all.digest(document);
            if (digest != null) {
                tree.put(document, digest);
            }
        }
        return HeadExchange.answer(ask, tree);
    }

    /** Whoever names other documents than it was told of learns nothing about them. */
    private static Map<Cid, Map<DocumentId, List<Cid>>> inScope(Sender.Find find) {
        var heads = new HashMap<Cid, Map<DocumentId, List<Cid>>>();
        find.heads().forEach((collection, documents) -> {
            Membership members = find.members().get(collection);
            var chosen = new HashMap<>(documents);
            if (members != null) {
                chosen.keySet().removeIf(document -> !members.contains(document));
            }
            heads.put(collection, chosen);
        });
        return heads;
    }
}
