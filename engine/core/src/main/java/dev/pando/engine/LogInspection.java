package dev.pando.engine;

import dev.pando.Inspection.CommitInfo;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.collection.HybridClock;
import dev.pando.dag.Commit;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.KeyType;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the log tells of commits, in order of admission. */
final class LogInspection {

    private final EngineParts parts;

    LogInspection(EngineParts parts) {
        this.parts = parts;
    }

    /** @throws PandoException {@code INVALID_ARGUMENT} unless commits up to {@code sequence} are visible */
    void requireAdmitted(long sequence) {
        long published = parts.snapshots.published();
        if (sequence < 0 || sequence > published) {
            throw new PandoException(
                    Kind.INVALID_ARGUMENT,
                    "there is no commit sequence " + sequence + ": it is 0 to " + published + " now");
        }
    }

    List<CommitInfo> commits(long after, int max) {
        List<CommitInfo> commits = new ArrayList<>();
        if (max > 0) {
            parts.store.scan(Math.max(0, after) + 1, (sequence, blocks) -> {
                if (BlockKind.isCommit(blocks) && !parts.withdrawals.contains(sequence)) {
                    commits.add(info(sequence, blocks.get(0)));
                }
                return commits.size() < max;
            });
        }
        return commits;
    }

    private static CommitInfo info(long sequence, Block block) {
        Commit commit = Commit.decode(block.bytes());
        Map<Cid, Integer> documents = new LinkedHashMap<>();
        commit.parts().forEach((collection, part) -> documents.put(collection, part.count()));
        return new CommitInfo(
                sequence,
                block.cid(),
                Instant.ofEpochMilli(HybridClock.millis(commit.hlc())),
                PeerId.of(PublicKey.of(KeyType.ED25519, commit.author())),
                documents);
    }

    /** The blocks of all transactions after {@code sequence}. */
    Set<Cid> blocksAfter(long sequence) {
        /* The log shows what is durable only, readers see what is not yet too. */
        parts.threads.await(parts.committer.between(parts.committer::forceNow));
        Set<Cid> later = new HashSet<>();
        parts.store.scan(sequence + 1, (at, blocks) -> {
            blocks.forEach(block -> later.add(block.cid()));
            return true;
        });
        return later;
    }
}
