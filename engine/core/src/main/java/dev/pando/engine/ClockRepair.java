package dev.pando.engine;

import dev.pando.Maintenance.ClockRepaired;
import dev.pando.Network.PeerInfo;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Replication.ReplicatorInfo;
import dev.pando.collection.HybridClock;
import dev.pando.dag.Commit;
import dev.pando.dag.Delta;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code repair_clock} (docs/rules.md §4): after the clock of this node ran ahead, what it wrote meanwhile and nobody
 * else has yet is withdrawn, and written again at the present time.
 *
 * <p>What may have left stays, and so does whatever shares a document with it: upon a change of the future only another
 * one can be written.
 */
final class ClockRepair {

    /** Commits less far ahead stay: others admit them soon enough. */
    static final Duration AHEAD = Duration.ofHours(1);

    /** Commits withdrawn at once; with more nothing is. */
    static final int COMMITS_MAX = Commit.DOCUMENTS_MAX;

    private final EngineParts parts;
    private final byte[] self;

    /** An own commit of the future. */
    private record Ahead(long sequence, long hlc, Set<RowKey> documents, List<Cid> deltas) {}

    /** @param others of which nothing can be taken back */
    private record Plan(List<Ahead> withdrawn, List<Ahead> others) {}

    ClockRepair(EngineParts parts) {
        this.parts = parts;
        this.self = parts.signer.author();
    }

    ClockRepaired run() {
        long now = parts.environment.currentTimeMillis();
        long hlcMax = HybridClock.asOf(now + AHEAD.toMillis());
        parts.threads.await(parts.committer.between(parts.committer::forceNow));
        List<Ahead> found = ahead(1, hlcMax, true);
        if (found.isEmpty()) {
            return new ClockRepaired(0, 0);
        }
        Plan plan = plan(found.get(0).sequence(), hlcMax);
        long documents = plan.withdrawn().isEmpty() ? 0 : withdraw(plan.withdrawn());
        if (!plan.others().isEmpty()) {
            throw refusal(plan, documents);
        }
        return new ClockRepaired(plan.withdrawn().size(), documents);
    }

    /** What is chosen is barred from that moment on: nothing of it leaves, and nothing builds on it. */
    private Plan plan(long first, long hlcMax) {
        var chosen = new Plan[1];
        parts.threads.await(parts.committer.between(() -> {
            parts.committer.forceNow(); // the log shows what is on disk
            parts.departures.decide(left -> {
                Plan plan = choose(ahead(first, hlcMax, false), left);
                if (plan.withdrawn().size() > COMMITS_MAX
                        || documents(plan.withdrawn()).size() > Commit.DOCUMENTS_MAX) {
                    throw new PandoException(
                            Kind.LIMIT_EXCEEDED,
                            "at most " + Commit.DOCUMENTS_MAX + " documents can be written again at once, not "
                                    + documents(plan.withdrawn()).size() + " of "
                                    + plan.withdrawn().size() + " commits");
                }
                if (!plan.withdrawn().isEmpty()) {
                    parts.withdrawals.plan(sequences(plan.withdrawn()), deltas(plan.withdrawn()));
                }
                chosen[0] = plan;
            });
        }));
        return chosen[0];
    }

    /** Own commits beyond {@code hlcMax} that count, in order. */
    private List<Ahead> ahead(long from, long hlcMax, boolean firstOnly) {
        var found = new ArrayList<Ahead>();
        parts.store.scan(from, (sequence, blocks) -> {
            if (BlockKind.isCommit(blocks) && !parts.withdrawals.contains(sequence)) {
                Commit commit = Commit.decode(blocks.get(0).bytes());
                if (commit.hlc() > hlcMax && Arrays.equals(commit.author(), self)) {
                    found.add(ahead(sequence, commit, blocks));
                }
            }
            return !firstOnly || found.isEmpty();
        });
        return found;
    }

    private Ahead ahead(long sequence, Commit commit, List<Block> blocks) {
        Set<RowKey> documents = new LinkedHashSet<>();
        List<Cid> deltas = new ArrayList<>();
        for (Block block : blocks) {
            if (BlockKind.of(block) == BlockKind.DELTA) {
                Delta delta = Delta.decode(block.bytes());
                TableState table = parts.tables.byId(delta.collection());
                if (table != null && sequence > forgottenUpTo(delta.collection())) {
                    documents.add(RowKey.of(table.number(), delta.document()));
                    deltas.add(block.cid());
                }
            }
        }
        return new Ahead(sequence, commit.hlc(), documents, deltas);
    }

    private long forgottenUpTo(Cid collection) {
        byte @Nullable [] upTo = parts.locals.get(Tables.FORGOTTEN_KIND, collection.toString());
        return upTo == null ? 0 : ByteBuffer.wrap(upTo).getLong();
    }

    private static Plan choose(List<Ahead> found, long left) {
        Set<RowKey> bound = new HashSet<>();
        var others = new LinkedHashSet<Ahead>();
        int before;
        do {
            before = others.size();
            for (Ahead commit : found) {
                if (!others.contains(commit)
                        && (commit.sequence() <= left
                                || commit.documents().stream().anyMatch(bound::contains))) {
                    others.add(commit);
                    bound.addAll(commit.documents());
                }
            }
        } while (others.size() > before);
        return new Plan(
                found.stream().filter(commit -> !others.contains(commit)).toList(), List.copyOf(others));
    }

    private long withdraw(List<Ahead> commits) {
        Set<Long> sequences = new TreeSet<>(sequences(commits));
        try {
            return parts.committer.commit(new RepairChange(parts, sequences, documents(commits)));
        } catch (RuntimeException e) {
            parts.threads.await(parts.committer.between(() -> parts.withdrawals.giveUp(sequences, deltas(commits))));
            throw e;
        }
    }

    private PandoException refusal(Plan plan, long documents) {
        long hlc = plan.others().stream().mapToLong(Ahead::hlc).max().orElseThrow();
        String done = plan.withdrawn().isEmpty()
                ? ""
                : "; " + plan.withdrawn().size() + " others were withdrawn, and " + documents
                        + " documents written again";
        return new PandoException(
                Kind.NOT_SUPPORTED,
                plan.others().size() + " commits that are ahead of the clock may be known to others (" + whom()
                        + "), or build on such; peers admit the last of them from "
                        + Instant.ofEpochMilli(HybridClock.admissibleAtMillis(hlc)) + " on" + done);
    }

    /** Peers that may have them. */
    private String whom() {
        var peers = new TreeSet<String>();
        parts.replication.replicators().stream().map(ReplicatorInfo::peer).forEach(peer -> peers.add(peer.toString()));
        parts.network.peers().stream().map(PeerInfo::peer).forEach(peer -> peers.add(peer.toString()));
        return peers.isEmpty() ? "whoever was connected before, or has a backup" : String.join(", ", peers);
    }

    private static List<Long> sequences(List<Ahead> commits) {
        return commits.stream().map(Ahead::sequence).toList();
    }

    private static List<Cid> deltas(List<Ahead> commits) {
        return commits.stream().flatMap(commit -> commit.deltas().stream()).toList();
    }

    private static Set<RowKey> documents(Collection<Ahead> commits) {
        Set<RowKey> documents = new LinkedHashSet<>();
        commits.forEach(commit -> documents.addAll(commit.documents()));
        return documents;
    }
}
