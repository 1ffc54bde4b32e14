package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.Grants.Right;
import dev.pando.collection.HybridClock;
import dev.pando.dag.ShareOutcome;
import dev.pando.dag.SharePart;
import dev.pando.dag.ShareVerifier;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.libp2p.KeyType;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.replication.AdmissionOutcome;
import dev.pando.replication.BroughtShare;
import dev.pando.replication.Frontier;
import dev.pando.replication.ShareSink;
import dev.pando.replication.UnadmittedShares;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The door as peers meet it: what they send is verified on a worker, then handed to the writer.
 *
 * <p>Futures complete on a worker.
 */
final class Admission implements ShareSink {

    /** When a share of a later version of the format may be offered again: this program may be a newer one then. */
    static final Duration UNKNOWN_VERSION_RETRY = Duration.ofHours(1);

    private final Environment environment;
    private final Executor workers;
    private final Tables tables;
    private final GrantsImpl grants;
    private final Admitted admitted;
    private final HybridClock clock;
    private final Committer committer;
    private final PeerId self;
    private final UnadmittedShares unadmitted;
    private final Frontier frontier;

    /** For each peer the end of its queue: done when its last share was handed to the writer. */
    private final ConcurrentHashMap<PeerId, CompletableFuture<Void>> lanes = new ConcurrentHashMap<>();

    Admission(
            Environment environment,
            Executor workers,
            Tables tables,
            GrantsImpl grants,
            Admitted admitted,
            HybridClock clock,
            Committer committer,
            PeerId self,
            UnadmittedShares unadmitted,
            Frontier frontier) {
        this.unadmitted = unadmitted;
        this.frontier = frontier;
        this.environment = environment;
        this.workers = workers;
        this.tables = tables;
        this.grants = grants;
        this.admitted = admitted;
        this.clock = clock;
        this.committer = committer;
        this.self = self;
        frontier.opensInto(this::doWithout);
    }

    /**
     * Shares of one peer reach the writer in the order of the calls, however long each takes to verify: a later one may
     * build on an earlier one.
     */
    @Override
    public CompletableFuture<AdmissionOutcome> admit(PeerId from, List<Block> share) {
        return admit(from, from, share);
    }

    @Override
    public CompletableFuture<AdmissionOutcome> admitGossiped(PeerId from, List<Block> share) {
        return admit(from, null, share);
    }

    /** @param voucher whose right to write counts beside the author's */
    private CompletableFuture<AdmissionOutcome> admit(PeerId from, @Nullable PeerId voucher, List<Block> share) {
        var verified = CompletableFuture.supplyAsync(() -> verify(from, share), workers);
        var answer = new CompletableFuture<AdmissionOutcome>();
        lanes.compute(from, (peer, before) -> {
            CompletableFuture<?> turn = before == null ? CompletableFuture.completedFuture(null) : before;
            return turn.thenCombine(verified, (nothing, outcome) -> outcome)
                    .thenAcceptAsync(outcome -> pass(admit(from, voucher, outcome), answer), workers)
                    .exceptionally(failure -> {
                        answer.completeExceptionally(failure);
                        return null;
                    });
        });
        answer.whenComplete((outcome, failure) -> {
            if (outcome != null && !share.isEmpty()) {
                unadmitted.noted(from, share.get(0).cid(), outcome);
            }
        });
        answer.whenComplete(
                (outcome, failure) -> lanes.computeIfPresent(from, (peer, last) -> last.isDone() ? null : last));
        return answer;
    }

    private static <T> void pass(CompletableFuture<T> from, CompletableFuture<T> to) {
        from.whenComplete((value, failure) -> {
            if (failure != null) {
                to.completeExceptionally(failure);
            } else {
                to.complete(value);
            }
        });
    }

    private ShareOutcome verify(PeerId from, List<Block> share) {
        if (share.isEmpty()) {
            return new ShareOutcome.Invalid("a share without blocks", null);
        }
        var known = unadmitted.faultOf(share.get(0).cid());
        if (known.isPresent()) {
            return new ShareOutcome.Invalid(known.get(), null);
        }
        ShareOutcome outcome = ShareVerifier.verifyHashed(share.get(0), share.subList(1, share.size()));
        if (outcome instanceof ShareOutcome.Invalid invalid && invalid.block() != null) {
            share.stream()
                    .filter(block -> block.cid().equals(invalid.block()))
                    .findFirst()
                    .ifPresent(block -> unadmitted.quarantined(from, block, invalid.reason()));
        }
        return outcome;
    }

    private CompletableFuture<AdmissionOutcome> admit(PeerId from, @Nullable PeerId voucher, ShareOutcome outcome) {
        if (outcome instanceof VerifiedShare share) {
            return admit(from, voucher, share);
        }
        return CompletableFuture.completedFuture(refusal(outcome));
    }

    private AdmissionOutcome refusal(ShareOutcome outcome) {
        if (outcome instanceof ShareOutcome.Invalid invalid) {
            return new AdmissionOutcome.Invalid(invalid.reason());
        }
        if (outcome instanceof ShareOutcome.Discordant discordant) {
            return new AdmissionOutcome.Discordant(discordant.reason());
        }
        if (outcome instanceof ShareOutcome.Lacking lacking) {
            return new AdmissionOutcome.Invalid("blocks of the share did not come: " + lacking.missing());
        }
        return new AdmissionOutcome.Later(environment.currentTimeMillis() + UNKNOWN_VERSION_RETRY.toMillis());
    }

    private CompletableFuture<AdmissionOutcome> admit(PeerId from, @Nullable PeerId voucher, VerifiedShare share) {
        long hlc = share.commit().hlc();
        if (HybridClock.isAhead(hlc, environment.currentTimeMillis())) {
            return CompletableFuture.completedFuture(new AdmissionOutcome.Later(HybridClock.admissibleAtMillis(hlc)));
        }
        if (mayWait(voucher, share)) {
            Frontier.Verdict verdict = frontier.offered(from, voucher, share);
            if (verdict instanceof Frontier.Wait wait) {
                return CompletableFuture.completedFuture(
                        new AdmissionOutcome.Incomplete(wait.againMillis(), wait.lacks(), wait.soon()));
            }
            return submit(from, ((Frontier.Admit) verdict).brought());
        }
        return submit(from, BroughtShare.by(from, voucher, share));
    }

    /** Whether something of it is new and permitted: of all else the writer tells what becomes of it. */
    private boolean mayWait(@Nullable PeerId voucher, VerifiedShare share) {
        boolean fresh = false;
        PeerId author = PeerId.of(PublicKey.of(KeyType.ED25519, share.commit().author()));
        for (SharePart part : share.parts()) {
            TableState table = tables.byId(part.collection());
            if (table == null || table == tables.definitions()) {
                continue;
            }
            if (!author.equals(self)
                    && !grants.allows(part.collection(), author, Right.WRITE)
                    && (voucher == null || !grants.allows(part.collection(), voucher, Right.WRITE))) {
                return false;
            }
            fresh |= part.deltas().stream().anyMatch(delta -> !admitted.isApplied(table, delta.cid()));
        }
        return fresh;
    }

    private CompletableFuture<AdmissionOutcome> submit(PeerId from, BroughtShare brought) {
        var change = new ShareChange(brought, self, tables, grants, admitted, clock);
        /* Not on the writer: whoever waits for this may have much to do with it. */
        return committer
                .submit(change)
                .thenApplyAsync(
                        outcome -> {
                            if (outcome instanceof AdmissionOutcome.Applied
                                    || outcome instanceof AdmissionOutcome.AlreadyKnown) {
                                noteWhetherWhole(from, brought.share());
                            }
                            return outcome instanceof AdmissionOutcome.Invalid invalid
                                    ? frontier.answerTo(from, brought, invalid)
                                    : outcome;
                        },
                        workers);
    }

    private void noteWhetherWhole(PeerId from, VerifiedShare share) {
        String lacks = frontier.lacks(share);
        if (lacks != null && frontier.isStillInPart(share.cid())) {
            unadmitted.admittedInPart(from, share.cid(), lacks);
        } else {
            unadmitted.admittedWhole(share.cid());
        }
    }

    /** What has waited long enough for its rest. */
    private void doWithout(PeerId from, BroughtShare brought) {
        submit(from, brought).whenComplete((outcome, failure) -> {
            if (outcome != null) {
                unadmitted.noted(from, brought.share().cid(), outcome);
            }
        });
    }
}
