package dev.pando.engine;

import dev.pando.Grants.Right;
import dev.pando.collection.Definition;
import dev.pando.collection.HybridClock;
import dev.pando.crdt.DocumentState;
import dev.pando.crdt.Parents;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.ReservedCollection;
import dev.pando.dag.SharePart;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.KeyType;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import dev.pando.replication.AdmissionOutcome;
import dev.pando.replication.BroughtShare;
import dev.pando.store.LogTransaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A peer's share at the door (docs/rules.md §2, §6): permitted, complete, its parents here. What is admitted of it becomes
 * visible as one; what of it is in collections that this node does not hold stays outside.
 */
final class ShareChange extends Change<AdmissionOutcome> {

    private final BroughtShare brought;
    private final PeerId self;
    private final PeerId author;
    private final VerifiedShare share;
    private final Tables tables;
    private final GrantsImpl grants;
    private final Admitted admitted;
    private final HybridClock clock;
    private final long bytes;

    private final List<Merged> merged = new ArrayList<>();
    private @Nullable Cid unknown;

    /** Whether no delta was met that the log may have. */
    private boolean anew = true;

    private record Merged(TableState table, Cid delta) {}

    ShareChange(
            BroughtShare brought, PeerId self, Tables tables, GrantsImpl grants, Admitted admitted, HybridClock clock) {
        this.brought = brought;
        this.share = brought.share();
        this.self = self;
        this.author = PeerId.of(PublicKey.of(KeyType.ED25519, share.commit().author()));
        this.tables = tables;
        this.grants = grants;
        this.admitted = admitted;
        this.clock = clock;
        this.bytes = share.byteSize();
    }

    @Override
    Verdict<AdmissionOutcome> prepare(Draft draft, long sequence) {
        var blocks = new ArrayList<Block>();
        blocks.add(share.commitBlock());
        var missing = new ArrayList<Cid>();
        boolean held = false;
        for (SharePart part : share.parts()) {
            TableState table = tables.byId(part.collection());
            List<DecodedDelta> deltas = table == null || table.table().local() ? List.of() : held(part, table);
            if (table == null || deltas.isEmpty()) {
                unknown = unknown == null ? unknownOf(part) : unknown;
                continue;
            }
            held = true;
            AdmissionOutcome refusal = merge(table, part, deltas, draft, sequence, missing);
            if (refusal != null) {
                return new Verdict.Answer<>(refusal);
            }
            blocks.addAll(part.lists());
            deltas.forEach(delta -> blocks.add(delta.block()));
        }
        if (!missing.isEmpty()) {
            return new Verdict.Answer<>(new AdmissionOutcome.MissingParents(List.copyOf(
                    missing.subList(0, Math.min(missing.size(), AdmissionOutcome.MissingParents.PARENTS_MAX)))));
        }
        if (!held || merged.isEmpty()) {
            return new Verdict.Answer<>(outcome(new AdmissionOutcome.AlreadyKnown()));
        }
        blocks.addAll(1, share.raw());
        merged.forEach(m -> admitted.appended(m.table, m.delta));
        return new Verdict.Append<>(new LogTransaction(blocks, isNew()));
    }

    /** Whether the log has none of these blocks, but for raw ones. It was asked of each delta already. */
    private boolean isNew() {
        return anew
                && !admitted.isInLog(share.cid())
                && share.parts().stream()
                        .flatMap(part -> part.lists().stream())
                        .noneMatch(list -> admitted.isInLog(list.cid()));
    }

    /** The deltas of a part that this node keeps: of definitions only those of its own tables. */
    private List<DecodedDelta> held(SharePart part, TableState table) {
        if (table != tables.definitions()) {
            return part.deltas();
        }
        return part.deltas().stream()
                .filter(delta -> definedBy(delta).isPresent())
                .toList();
    }

    private Optional<TableState> definedBy(DecodedDelta delta) {
        return tables.view().tables().stream()
                .filter(t -> !t.table().local())
                .filter(t -> t.definition().document().equals(delta.delta().document()))
                .findFirst();
    }

    private static Cid unknownOf(SharePart part) {
        if (part.collection().equals(ReservedCollection.DEFINITIONS)) {
            for (DecodedDelta delta : part.deltas()) {
                var key = delta.delta().key();
                Cid about = key == null ? null : Definition.collectionOf(key);
                if (about != null) {
                    return about;
                }
            }
        }
        return part.collection();
    }

    /** Checks and merges what is new; an outcome when the share cannot be admitted at all. */
    private @Nullable AdmissionOutcome merge(
            TableState table,
            SharePart part,
            List<DecodedDelta> deltas,
            Draft draft,
            long sequence,
            List<Cid> missing) {
        AdmissionOutcome refusal = rights(table, part, deltas);
        if (refusal != null) {
            return refusal;
        }
        anew &= !table.reborn();
        for (DecodedDelta delta : deltas) {
            if (admitted.contains(table, delta.cid())) {
                anew = false;
                continue;
            }
            RowKey key = RowKey.of(table.number(), delta.delta().document());
            byte[] row = draft.row(key);
            DocumentState before = Merger.state(table, row);
            Parents.Verdict verdict = Parents.check(delta, before, cid -> admitted.read(table, cid));
            if (verdict instanceof Parents.Invalid invalid) {
                return new AdmissionOutcome.Invalid(
                        "delta " + delta.cid() + ": " + invalid.reason(), Optional.of(delta.cid()));
            }
            if (verdict instanceof Parents.Missing lacks) {
                missing.addAll(lacks.parents());
            } else if (missing.isEmpty()) {
                Merger.merge(table, key, row, before, delta, draft, sequence);
                merged.add(new Merged(table, delta.cid()));
            }
        }
        return null;
    }

    private @Nullable AdmissionOutcome rights(TableState table, SharePart part, List<DecodedDelta> deltas) {
        if (author.equals(self)) {
            return null;
        }
        Set<Cid> collections = new HashSet<>();
        Right right = Right.WRITE;
        if (table == tables.definitions()) {
            right = Right.ALTER;
            deltas.forEach(
                    delta -> collections.add(definedBy(delta).orElseThrow().collection()));
        } else {
            collections.add(part.collection());
        }
        for (Cid collection : collections) {
            Right needed = right;
            boolean permitted = grants.allows(collection, author, needed)
                    || brought.isVouchedFor(deltas, voucher -> grants.allows(collection, voucher, needed));
            if (!permitted) {
                String name =
                        Objects.requireNonNull(tables.byId(collection)).table().qualifiedName();
                String what = right == Right.ALTER ? "ALTER" : "INSERT, UPDATE, DELETE";
                return new AdmissionOutcome.Refused(
                        "neither the author " + author + " nor the sender has " + what + " on " + name);
            }
        }
        return null;
    }

    @Override
    boolean mustForce() {
        return true;
    }

    @Override
    long bytes() {
        return bytes;
    }

    @Override
    void applied(long sequence) {
        Set<TableState> touched = new HashSet<>();
        for (Merged m : merged) {
            admitted.applied(m.table, m.delta);
            if (touched.add(m.table)) {
                m.table.committed(sequence, share.commit().hlc());
            }
        }
        synchronized (clock) {
            clock.observe(share.commit().hlc());
        }
    }

    @Override
    void takenBack() {
        merged.forEach(m -> admitted.takenBack(m.delta));
    }

    @Override
    AdmissionOutcome answer(long sequence) {
        return outcome(new AdmissionOutcome.Applied(sequence));
    }

    /** What is not held here is told, whatever became of the rest: its sender stops sending it. */
    private AdmissionOutcome outcome(AdmissionOutcome ofTheRest) {
        return unknown == null ? ofTheRest : new AdmissionOutcome.UnknownCollection(unknown);
    }
}
