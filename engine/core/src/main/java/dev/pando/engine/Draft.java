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
     */
    @SuppressWarnings("ArrayRecordComponent")
    record RowChange(byte @Nullable [] before, byte @Nullable [] leafBefore, byte[] after, DocumentState stateAfter) {}

    private final DerivedMap rows;
    private Map<RowKey, RowChange> group = new LinkedHashMap<>();
    private Map<RowKey, RowChange> member = new LinkedHashMap<>();
    private final Map<Object, RowKey> groupClaims = new HashMap<>();
    private final Map<Object, RowKey> memberClaims = new HashMap<>();

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
        RowChange change = member.get(key);
        if (change == null) {
            change = group.get(key);
        }
        return change == null ? rows.get(key.bytes()) : change.after;
    }

    /**
     * Sets a row that was just read by {@link #row}.
     *
     * @param state what {@code present} holds
     */
    void replace(RowKey key, byte @Nullable [] present, DocumentState state, byte[] after, DocumentState stateAfter) {
        RowChange change = member.get(key);
        if (change == null) {
            change = group.get(key);
        }
        if (change != null) {
            member.put(key, new RowChange(change.before, change.leafBefore, after, stateAfter));
        } else {
            byte[] leaf = present == null ? null : Fingerprint.leaf(key.document(), state.headCids());
            member.put(key, new RowChange(present, leaf, after, stateAfter));
        }
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
        groupClaims.putAll(memberClaims);
        groupConflicts.addAll(memberConflicts);
        drop();
    }

    /** The present member was refused. */
    void drop() {
        member.clear();
        memberClaims.clear();
        memberConflicts.clear();
    }

    Map<RowKey, RowChange> group() {
        return group;
    }

    void clear() {
        drop();
        group.clear();
        groupClaims.clear();
        groupConflicts.clear();
    }
}
