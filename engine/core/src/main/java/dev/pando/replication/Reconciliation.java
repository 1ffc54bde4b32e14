package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.ipld.Cid;
import dev.pando.replication.LogTail.Missing;
import dev.pando.replication.ReplicateMessage.Ask;
import dev.pando.replication.ReplicateMessage.Lacking;
import dev.pando.replication.ReplicateMessage.Lacks;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sender's memory of one head exchange: what the receiver said it lacks, and how far that is sent. Belongs to its
 * {@link Sender}.
 */
final class Reconciliation {

    /** Documents lacking, of all collections together; with more the whole log is offered. */
    static final int DOCUMENTS_MAX = 65_536;

    /** Heads named of these, of all together; with more the whole log is offered. */
    static final int HEADS_MAX = 4 * DOCUMENTS_MAX;

    /** Commits read with one look at the log. */
    private static final int READ_MAX = 1_024;

    final long round;

    /** All up to here is with the receiver when the exchange has ended and what it lacked is acknowledged. */
    final long mark;

    private final Set<Cid> waiting = new HashSet<>();
    private final Map<Cid, Map<DocumentId, List<Cid>>> heads = new HashMap<>();
    private int documents;
    private int headsNamed;
    private int ranges;
    private boolean all;
    private boolean answering;
    private List<Long> chosen = List.of();
    private int next;
    private boolean found;
    private boolean uncertain;
    private boolean joins;

    Reconciliation(long round, long mark, Collection<Cid> collections) {
        this.round = round;
        this.mark = mark;
        waiting.addAll(collections);
        collections.forEach(collection -> heads.put(collection, new HashMap<>()));
    }

    /** The sending of histories of documents that have come into scope; nobody needs to be asked. */
    static Reconciliation ofJoined(long round, long before, Map<Cid, Set<DocumentId>> joined) {
        var joining = new Reconciliation(round, before, Set.of());
        joining.joins = true;
        joined.forEach((collection, documents) -> {
            var none = new HashMap<DocumentId, List<Cid>>();
            documents.forEach(document -> none.put(document, List.of()));
            joining.heads.put(collection, none);
        });
        return joining;
    }

    /** The position when all that was lacking is acknowledged; 0 when it stays. */
    long reaches() {
        return joins ? 0 : mark;
    }

    /** Takes a question; says what is wrong with it, or nothing. */
    String asked(Ask ask) {
        ranges += ask.prefixes().size();
        if (answering) {
            return "a question before the last one was answered";
        }
        if (!waiting.contains(ask.collection())) {
            return "a question about a collection that is not compared";
        }
        if (ranges > HeadExchange.RANGES_MAX * heads.size()) {
            return "questions about " + ranges + " ranges";
        }
        answering = true;
        return "";
    }

    void answered() {
        answering = false;
    }

    /** Takes what is lacking; says what is wrong with it, or nothing. */
    String lacks(Lacks lacks) {
        Map<DocumentId, List<Cid>> known = heads.get(lacks.collection());
        if (known == null || !waiting.contains(lacks.collection())) {
            return "lacks documents of a collection that is not compared";
        }
        documents += lacks.documents().size();
        for (Lacking lacking : lacks.documents()) {
            headsNamed += lacking.heads().size();
        }
        all |= lacks.all() || documents > DOCUMENTS_MAX || headsNamed > HEADS_MAX;
        if (!all) {
            for (Lacking lacking : lacks.documents()) {
                known.put(lacking.document(), lacking.heads());
            }
        }
        if (lacks.last()) {
            waiting.remove(lacks.collection());
        }
        return "";
    }

    boolean isCompared() {
        return waiting.isEmpty();
    }

    /** Whether too much is lacking to look for it. */
    boolean all() {
        return all;
    }

    Map<Cid, Map<DocumentId, List<Cid>>> heads() {
        return heads;
    }

    void found(Missing missing) {
        found = true;
        chosen = missing.sequences();
        uncertain = missing.uncertain() || joins;
        heads.clear();
    }

    /** Whether the receiver may have some of the commits that are to be sent. */
    boolean uncertain() {
        return uncertain;
    }

    /** The commits to be read next; empty when all are, or none is known yet. */
    List<Long> toRead() {
        return chosen.subList(next, Math.min(chosen.size(), next + READ_MAX));
    }

    /** Commits up to this sequence are read; returns whether these were all. */
    boolean read(long sequence) {
        while (next < chosen.size() && chosen.get(next) <= sequence) {
            next++;
        }
        return next == chosen.size();
    }

    /** Whether all that was lacking is known and read. */
    boolean isRead() {
        return found && next == chosen.size();
    }

    /** Commits read so far. */
    int done() {
        return next;
    }

    /** Commits lacking; 0 until it is known. */
    int total() {
        return chosen.size();
    }
}
