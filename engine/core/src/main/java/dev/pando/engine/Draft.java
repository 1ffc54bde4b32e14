package dev.pando.engine;

import dev.pando.collection.Fingerprint;
import dev.pando.crdt.Ancestry;
import dev.pando.crdt.Conflict;
import dev.pando.crdt.DocumentState;
import dev.pando.store.DerivedMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a commit group will have written once it is forced. Later members of the group are checked against what
 * earlier ones changed; readers see none of it. The writer's alone.
 */
final class Draft {

    /**
     * A row before the group and after it.
     *
     * @param before null when it is new
     * @param leafBefore of the collection's fingerprint; null when it is new
     * @param leafAfter null when nobody has made it yet
     */
    @SuppressWarnings("ArrayRecordComponent")
    record RowChange(
            byte @Nullable [] before,
            byte @Nullable [] leafBefore,
            byte[] after,
            DocumentState stateAfter,
            byte @Nullable [] leafAfter) {}

    /** A map that held more is made anew: clearing one costs as much as it ever held. */
    private static final int KEPT_MAX = 64;

    private final DerivedMap rows;
    private Map<RowKey, RowChange> group = new LinkedHashMap<>();
    private Map<RowKey, RowChange> member = new LinkedHashMap<>();
    private Map<Object, RowKey> groupClaims = new HashMap<>();
    private Map<Object, RowKey> memberClaims = new HashMap<>();

    /** What {@link #row} found last: the row is mostly replaced next. */
    private @Nullable RowKey lookedFor;

    private @Nullable RowChange found;

    private final Ancestry ancestry;
    private final List<NotedConflict> groupConflicts = new ArrayList<>();
    private final List<NotedConflict> memberConflicts = new ArrayList<>();

    record NotedConflict(RowKey key, Conflict conflict) {}

    Draft(DerivedMap rows, Ancestry ancestry) {
        this.rows = rows;
        this.ancestry = ancestry;
    }

    Ancestry ancestry() {
        return ancestry;
    }

    void noteConflicts(RowKey key, List<Conflict> conflicts) {
        for (Conflict conflict : conflicts) {
            if (!conflict.sameValue()) {
                memberConflicts.add(new NotedConflict(key, conflict));
            }
        }
    }

    /** Of all members that were kept. */
    List<NotedConflict> conflicts() {
        return groupConflicts;
    }

    /** The row as the present member sees it; null when there was never one. */
    byte @Nullable [] row(RowKey key) {
        RowChange change = change(key);
        lookedFor = key;
        found = change;
        return change == null ? rows.get(key.bytes()) : change.after;
    }

    private @Nullable RowChange change(RowKey key) {
        RowChange change = member.get(key);
        return change == null ? group.get(key) : change;
    }

    /**
     * Sets a row that was just read by {@link #row}.
     *
     * @param state what {@code present} holds
     */
    void replace(RowKey key, byte @Nullable [] present, DocumentState state, byte[] after, DocumentState stateAfter) {
        RowChange change = key == lookedFor ? found : change(key);
        lookedFor = null;
        found = null;
        if (change != null) {
            member.put(key, new RowChange(change.before, change.leafBefore, after, stateAfter, null));
        } else {
            byte[] leaf = present == null ? null : Fingerprint.leafOf(key.document(), state);
            member.put(key, new RowChange(present, leaf, after, stateAfter, null));
        }
    }

    /** Sets a row of which {@link #row} just told that there was never one. */
    void begin(RowKey key, FirstRow first, long sequence) {
        member.put(key, new RowChange(null, null, first.row(sequence), first.state(), first.leaf()));
    }

    /** Notes that {@code key} takes a value of a unique index, and returns the row of the group that took it before. */
    @Nullable
    RowKey claim(Object uniqueValue, RowKey key) {
        RowKey taken = memberClaims.get(uniqueValue);
        if (taken == null) {
            taken = groupClaims.get(uniqueValue);
        }
        memberClaims.put(uniqueValue, key);
        return taken;
    }

    /** The row that claimed this in the group, if one did. */
    @Nullable
    RowKey claimed(Object value) {
        RowKey taken = memberClaims.get(value);
        return taken == null ? groupClaims.get(value) : taken;
    }

    /** The present member is in the log: what it changed belongs to the group. */
    void keep() {
        if (group.isEmpty()) {
            Map<RowKey, RowChange> empty = group;
            group = member;
            member = empty;
        } else {
            group.putAll(member);
        }
        if (groupClaims.isEmpty()) {
            Map<Object, RowKey> empty = groupClaims;
            groupClaims = memberClaims;
            memberClaims = empty;
        } else {
            groupClaims.putAll(memberClaims);
        }
        groupConflicts.addAll(memberConflicts);
        drop();
    }

    /** The present member was refused. */
    void drop() {
        member = emptied(member);
        memberClaims = emptied(memberClaims);
        memberConflicts.clear();
        lookedFor = null;
        found = null;
    }

    private static <K, V> Map<K, V> emptied(Map<K, V> map) {
        if (map.size() > KEPT_MAX) {
            return new LinkedHashMap<>();
        }
        map.clear();
        return map;
    }

    Map<RowKey, RowChange> group() {
        return group;
    }

    void clear() {
        drop();
        group = emptied(group);
        groupClaims = emptied(groupClaims);
        groupConflicts.clear();
    }
}
