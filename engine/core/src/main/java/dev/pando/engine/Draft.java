package dev.pando.engine;

import dev.pando.store.DerivedMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a commit group will have written once it is forced. Later members of the group are checked against what
 * earlier ones changed; readers see none of it. The writer's alone.
 */
final class Draft {

    /** A row before the group, null when new, and after it. */
    @SuppressWarnings("ArrayRecordComponent")
    record RowChange(byte @Nullable [] before, byte[] after) {}

    private final DerivedMap rows;
    private final Map<RowKey, RowChange> group = new LinkedHashMap<>();
    private final Map<RowKey, RowChange> member = new LinkedHashMap<>();
    private final Map<Object, RowKey> groupClaims = new HashMap<>();
    private final Map<Object, RowKey> memberClaims = new HashMap<>();

    Draft(DerivedMap rows) {
        this.rows = rows;
    }

    /** The row as the present member sees it; null when there was never one. */
    byte @Nullable [] row(RowKey key) {
        RowChange change = member.get(key);
        if (change == null) {
            change = group.get(key);
        }
        return change == null ? rows.get(key.bytes()) : change.after;
    }

    void put(RowKey key, byte[] after) {
        RowChange change = member.get(key);
        if (change == null) {
            change = group.get(key);
        }
        member.put(key, new RowChange(change == null ? rows.get(key.bytes()) : change.before, after));
    }

    /** Like {@link #put}, where the caller has just read {@code present} by {@link #row}. */
    void replace(RowKey key, byte @Nullable [] present, byte[] after) {
        RowChange change = member.get(key);
        if (change == null) {
            change = group.get(key);
        }
        member.put(key, new RowChange(change == null ? present : change.before, after));
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

    /** The present member is in the log: what it changed belongs to the group. */
    void keep() {
        group.putAll(member);
        groupClaims.putAll(memberClaims);
        drop();
    }

    /** The present member was refused. */
    void drop() {
        member.clear();
        memberClaims.clear();
    }

    Map<RowKey, RowChange> group() {
        return group;
    }

    void clear() {
        drop();
        group.clear();
        groupClaims.clear();
    }
}
