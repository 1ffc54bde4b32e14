package dev.pando.replication;

import dev.pando.Replication.PendingCommit;
import dev.pando.Replication.QuarantinedBlock;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.PeerId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What came to the door and was not admitted: commits that may be admitted later, and blocks whose own bytes are at fault
 * (docs/rules.md §7). For people to see; nothing is admitted from here. Thread-safe.
 */
public final class UnadmittedShares {

    /** Commits remembered; the one longest untouched is forgotten. Its sender keeps it. */
    static final int PENDING_MAX = 4_096;

    /** Blocks in quarantine; the oldest goes. */
    static final int QUARANTINE_MAX = 4_096;

    /** Bytes of blocks in quarantine; the oldest go. */
    static final long QUARANTINE_BYTES_MAX = 16L << 20;

    private final LongSupplier nowMillis;
    private final Map<Cid, PendingCommit> pending = new LinkedHashMap<>();
    /** Commits admitted without what did not come; at most {@link #PENDING_MAX}, the oldest is forgotten. */
    private final Map<Cid, PendingCommit> inPart = new LinkedHashMap<>();

    private final Map<Cid, Held> quarantine = new LinkedHashMap<>();
    private long quarantineBytes;

    private record Held(QuarantinedBlock shown, Block block) {}

    public UnadmittedShares(LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
    }

    /** Takes note of a commit that was admitted though not all of it had come. */
    public synchronized void admittedInPart(PeerId from, Cid commit, String lacks) {
        var shown = new PendingCommit(
                commit,
                from,
                Instant.ofEpochMilli(nowMillis.getAsLong()),
                "admitted in part: it " + lacks,
                Optional.empty());
        inPart.putIfAbsent(commit, shown);
        if (inPart.size() > PENDING_MAX) {
            inPart.remove(inPart.keySet().iterator().next());
        }
    }

    /** Takes note that nothing of a commit is lacking here. */
    public synchronized void admittedWhole(Cid commit) {
        inPart.remove(commit);
    }

    /** Takes note of what became of a share. */
    public synchronized void noted(PeerId from, Cid commit, AdmissionOutcome outcome) {
        if (outcome instanceof AdmissionOutcome.MissingParents missing) {
            wait(from, commit, "lacks " + missing.parents(), null);
        } else if (outcome instanceof AdmissionOutcome.Later later) {
            wait(from, commit, "from a clock that is ahead", Instant.ofEpochMilli(later.atMillis()));
        } else if (outcome instanceof AdmissionOutcome.Incomplete incomplete) {
            wait(from, commit, incomplete.lacks(), Instant.ofEpochMilli(incomplete.atMillis()));
        } else if (outcome instanceof AdmissionOutcome.UnknownCollection unknown) {
            wait(from, commit, "this node has no collection " + unknown.collection(), null);
        } else if (!pending.isEmpty()) {
            pending.remove(commit);
        }
    }

    private void wait(PeerId from, Cid commit, String reason, @Nullable Instant notBefore) {
        PendingCommit before = pending.remove(commit);
        Instant since = before == null ? Instant.ofEpochMilli(nowMillis.getAsLong()) : before.since();
        pending.put(commit, new PendingCommit(commit, from, since, reason, Optional.ofNullable(notBefore)));
        if (pending.size() > PENDING_MAX) {
            pending.remove(pending.keySet().iterator().next());
        }
    }

    /** Takes note of a block that breaks a rule by itself, under the CID of its bytes. */
    public synchronized void quarantined(PeerId from, Block block, String reason) {
        if (quarantine.containsKey(block.cid())) {
            return;
        }
        var shown = new QuarantinedBlock(
                block.cid(), from, Instant.ofEpochMilli(nowMillis.getAsLong()), block.bytes().length, reason);
        quarantine.put(block.cid(), new Held(shown, block));
        quarantineBytes += block.bytes().length;
        var oldest = quarantine.values().iterator();
        while (quarantine.size() > QUARANTINE_MAX || quarantineBytes > QUARANTINE_BYTES_MAX) {
            quarantineBytes -= oldest.next().block().bytes().length;
            oldest.remove();
        }
    }

    /** Whether that commit needs no second look: its bytes are known to be at fault. */
    public synchronized Optional<String> faultOf(Cid commit) {
        return Optional.ofNullable(quarantine.get(commit))
                .map(held -> held.shown().reason());
    }

    synchronized List<PendingCommit> pending() {
        return Stream.concat(pending.values().stream(), inPart.values().stream())
                .toList();
    }

    synchronized List<QuarantinedBlock> quarantine() {
        return quarantine.values().stream().map(Held::shown).toList();
    }
}
