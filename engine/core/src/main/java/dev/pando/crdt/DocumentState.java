package dev.pando.crdt;

import dev.pando.dag.ColumnId;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.Live;
import dev.pando.dag.Stamp;
import dev.pando.dag.Value;
import dev.pando.ipld.Cid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a set of deltas of one document adds up to: a function of that set alone, whatever the causal order in which
 * they were applied. Immutable.
 *
 * <p>An insert begins an incarnation; the reset is the greatest delete. Incarnations at or below the reset are gone, so
 * a delta that belongs to one changes nothing but the heads. What is kept does not grow with the number of deltas: the
 * heads, the reset, and one register for each column of each incarnation that still counts.
 */
public final class DocumentState {

    private static final DocumentState EMPTY = new DocumentState(null, null, List.of(), List.of());

    private final @Nullable SortedMap<String, Value> key;
    private final @Nullable Stamp reset;
    private final List<Head> heads; // by CID
    private final List<Incarnation> incarnations; // ascending, all above the reset

    DocumentState(
            @Nullable SortedMap<String, Value> key,
            @Nullable Stamp reset,
            List<Head> heads,
            List<Incarnation> incarnations) {
        this.key = key;
        this.reset = reset;
        this.heads = heads;
        this.incarnations = incarnations;
    }

    /** Of a document of which nothing is known. */
    public static DocumentState empty() {
        return EMPTY;
    }

    /** The state of these deltas, no others: {@code hlcMax} cuts off what came later, as AS OF asks. */
    public static DocumentState fold(Collection<DecodedDelta> deltas, long hlcMax) {
        List<DecodedDelta> ordered = new ArrayList<>(deltas);
        ordered.sort(Comparator.comparing(DecodedDelta::stamp)); // a causal order: hlc grows from parent to child
        DocumentState state = EMPTY;
        for (DecodedDelta delta : ordered) {
            if (delta.delta().hlc() <= hlcMax) {
                state = state.apply(delta.cid(), delta.delta());
            }
        }
        return state;
    }

    /**
     * One more delta, whose parents were applied before and which was not applied itself. Costs as much as the document
     * has columns and heads, however long its history.
     */
    public DocumentState apply(Cid cid, Delta delta) {
        Stamp stamp = new Stamp(delta.hlc(), cid);
        Stamp resetAfter = reset;
        List<Incarnation> after = incarnations;
        if (delta.live() == Live.DELETE) {
            if (reset == null || reset.compareTo(stamp) < 0) {
                resetAfter = stamp;
                after = above(stamp);
            }
        } else if (delta.live() == Live.INSERT) {
            if (reset == null || reset.compareTo(stamp) < 0) {
                after = with(Incarnation.begin(stamp).merge(delta.ops(), stamp));
            }
        } else {
            after = merged(Objects.requireNonNull(delta.incarnation()), delta, stamp);
        }
        return new DocumentState(
                delta.key() != null ? delta.key() : key,
                resetAfter,
                headsAfter(new Head(stamp, delta.incarnation(cid)), delta.prev()),
                after);
    }

    private List<Incarnation> above(Stamp stamp) {
        List<Incarnation> kept = new ArrayList<>(incarnations);
        kept.removeIf(incarnation -> incarnation.stamp().compareTo(stamp) <= 0);
        return kept;
    }

    private List<Incarnation> with(Incarnation begun) {
        List<Incarnation> after = new ArrayList<>(incarnations.size() + 1);
        after.addAll(incarnations);
        after.add(begun);
        after.sort(Comparator.comparing(Incarnation::stamp));
        return after;
    }

    private List<Incarnation> merged(Cid incarnation, Delta delta, Stamp stamp) {
        for (int i = 0; i < incarnations.size(); i++) {
            Incarnation before = incarnations.get(i);
            if (before.stamp().cid().equals(incarnation)) {
                List<Incarnation> after = new ArrayList<>(incarnations);
                after.set(i, before.merge(delta.ops(), stamp));
                return after;
            }
        }
        return incarnations; // reset
    }

    private List<Head> headsAfter(Head added, List<Cid> prev) {
        List<Head> after = new ArrayList<>(heads.size() + 1);
        boolean placed = false;
        for (Head head : heads) {
            if (Collections.binarySearch(prev, head.cid()) >= 0) {
                continue;
            }
            if (!placed && head.cid().compareTo(added.cid()) > 0) {
                after.add(added);
                placed = true;
            }
            after.add(head);
        }
        if (!placed) {
            after.add(added);
        }
        return after;
    }

    /** Whether the row exists. */
    public boolean live() {
        return !incarnations.isEmpty();
    }

    /** By CID, unsigned. */
    public List<Head> heads() {
        return Collections.unmodifiableList(heads);
    }

    /** The CIDs of the heads, ascending. */
    public List<Cid> headCids() {
        List<Cid> cids = new ArrayList<>(heads.size());
        heads.forEach(head -> cids.add(head.cid()));
        return cids;
    }

    public @Nullable Head head(Cid cid) {
        for (Head head : heads) {
            if (head.cid().equals(cid)) {
                return head;
            }
        }
        return null;
    }

    /** The greatest delete. */
    public @Nullable Stamp reset() {
        return reset;
    }

    /** The primary key's values by column id; null before the first delta. */
    public @Nullable SortedMap<String, Value> key() {
        return key;
    }

    /** The insert with the greatest stamp that still counts; local writes belong to it. Null when not live. */
    public @Nullable Stamp greatestIncarnation() {
        return live() ? incarnations.get(incarnations.size() - 1).stamp() : null;
    }

    /** When the incarnation began, if it still counts. */
    public @Nullable Stamp incarnation(Cid cid) {
        for (Incarnation incarnation : incarnations) {
            if (incarnation.stamp().cid().equals(cid)) {
                return incarnation.stamp();
            }
        }
        return null;
    }

    /** How many incarnations count: more than one after concurrent inserts of one key. */
    public int incarnationCount() {
        return incarnations.size();
    }

    /** The inserts that count, ascending: two by different authors took one key without seeing each other. */
    public List<Stamp> incarnationStamps() {
        List<Stamp> stamps = new ArrayList<>(incarnations.size());
        incarnations.forEach(incarnation -> stamps.add(incarnation.stamp()));
        return stamps;
    }

    List<Incarnation> incarnations() {
        return incarnations;
    }

    /**
     * The value of a column, merged over all incarnations that count: null where no op was, {@link Value#NULL} where it
     * was set to NULL. A sum is exact and may lie beyond the column's type.
     */
    public @Nullable Value value(String column) {
        ColumnId id = null;
        Register merged = null;
        for (Incarnation incarnation : incarnations) {
            Register register = incarnation.register(column);
            if (register != null) {
                id = ColumnId.parse(column);
                merged = merged == null ? register : Register.merge(merged, register, id);
            }
        }
        return merged == null || id == null ? null : merged.shown(id);
    }

    /** Ids of the columns that have a value, in order of text. */
    public SortedSet<String> columns() {
        SortedSet<String> columns = new TreeSet<>();
        incarnations.forEach(incarnation -> Collections.addAll(columns, incarnation.columns()));
        return columns;
    }

    /** The stamp of the {@code set} op that shows in this column, or null. */
    public @Nullable Stamp setBy(String column) {
        Stamp greatest = null;
        for (Incarnation incarnation : incarnations) {
            if (incarnation.register(column) instanceof Register.Latest latest
                    && (greatest == null || greatest.compareTo(latest.stamp()) < 0)) {
                greatest = latest.stamp();
            }
        }
        return greatest;
    }

    /** The one encoding of this state; docs/formats/rows.md. */
    public byte[] encode(ColumnNumbers numbers) {
        StateOutput out = new StateOutput(256);
        StateEncoder.encode(this, numbers, out, (column, number, offset) -> {});
        return out.toByteArray();
    }

    /** Reads what {@link #encode} wrote with the same numbers. */
    public static DocumentState decode(byte[] encoded, int offset, int length, ColumnNumbers numbers) {
        return StateDecoder.decode(new StateInput(encoded, offset, length), numbers);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DocumentState that
                && Objects.equals(key, that.key)
                && Objects.equals(reset, that.reset)
                && heads.equals(that.heads)
                && incarnations.equals(that.incarnations);
    }

    @Override
    public int hashCode() {
        return heads.hashCode();
    }

    @Override
    public String toString() {
        return "DocumentState[live=" + live() + ", reset=" + reset + ", heads=" + heads + ", incarnations="
                + incarnations + "]";
    }
}
