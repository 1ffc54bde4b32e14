package dev.pando.store;

import java.util.Arrays;
import java.util.List;

/** Finds the leaf for a key. Immutable, in two levels, so that a change copies little. */
final class LeafDirectory {

    /** A group with more leaves splits. */
    private static final int GROUP_LEAVES_MAX = 512;

    /** Each ordered by {@link Leaf#low}; none is empty. */
    private final Leaf[][] groups;

    private LeafDirectory(Leaf[][] groups) {
        this.groups = groups;
    }

    static LeafDirectory of(Leaf leaf) {
        return new LeafDirectory(new Leaf[][] {{leaf}});
    }

    /** Of leaves in order, the first of which is for the lowest keys. */
    static LeafDirectory of(List<Leaf> leaves) {
        int half = GROUP_LEAVES_MAX / 2;
        Leaf[][] groups = new Leaf[(leaves.size() + half - 1) / half][];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = leaves.subList(i * half, Math.min(leaves.size(), (i + 1) * half))
                    .toArray(new Leaf[0]);
        }
        return new LeafDirectory(groups);
    }

    Leaf last() {
        Leaf[] group = groups[groups.length - 1];
        return group[group.length - 1];
    }

    /** The last leaf whose low is at or below {@code key}. */
    Leaf find(byte[] key) {
        Leaf[] group = groups[groupOf(key)];
        return group[indexIn(group, key)];
    }

    /** The last leaf whose low is below {@code key}; the first one when there is none. */
    Leaf before(byte[] key) {
        int inGroups = groupOf(key);
        Leaf[] group = groups[inGroups];
        int at = indexIn(group, key);
        if (PagedIndex.compare(group[at].low(), key) < 0) {
            return group[at];
        }
        if (at > 0) {
            return group[at - 1];
        }
        Leaf[] previous = groups[Math.max(0, inGroups - 1)];
        return inGroups == 0 ? previous[0] : previous[previous.length - 1];
    }

    LeafDirectory insert(Leaf leaf) {
        int inGroups = groupOf(leaf.low());
        Leaf[] group = groups[inGroups];
        int at = indexIn(group, leaf.low()) + 1;
        Leaf[] more = new Leaf[group.length + 1];
        System.arraycopy(group, 0, more, 0, at);
        more[at] = leaf;
        System.arraycopy(group, at, more, at + 1, group.length - at);
        if (more.length <= GROUP_LEAVES_MAX) {
            return with(inGroups, more);
        }
        /* Where keys only grow, full groups stay behind. */
        int half = inGroups == groups.length - 1 && at == group.length ? group.length : more.length / 2;
        return with(inGroups, Arrays.copyOf(more, half), Arrays.copyOfRange(more, half, more.length));
    }

    /** Without the leaf of this low, which is not the first. */
    LeafDirectory remove(byte[] low) {
        int inGroups = groupOf(low);
        Leaf[] group = groups[inGroups];
        if (group.length == 1) {
            return with(inGroups);
        }
        int at = indexIn(group, low);
        Leaf[] fewer = new Leaf[group.length - 1];
        System.arraycopy(group, 0, fewer, 0, at);
        System.arraycopy(group, at + 1, fewer, at, fewer.length - at);
        return with(inGroups, fewer);
    }

    private LeafDirectory with(int at, Leaf[]... replacement) {
        Leaf[][] copy = new Leaf[groups.length - 1 + replacement.length][];
        System.arraycopy(groups, 0, copy, 0, at);
        System.arraycopy(replacement, 0, copy, at, replacement.length);
        int rest = groups.length - at - 1;
        System.arraycopy(groups, at + 1, copy, at + replacement.length, rest);
        return new LeafDirectory(copy);
    }

    private int groupOf(byte[] key) {
        int from = 0;
        int to = groups.length - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (PagedIndex.compare(groups[middle][0].low(), key) <= 0) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return from;
    }

    private static int indexIn(Leaf[] group, byte[] key) {
        int from = 0;
        int to = group.length - 1;
        while (from < to) {
            int middle = (from + to + 1) >>> 1;
            if (PagedIndex.compare(group[middle].low(), key) <= 0) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        return from;
    }
}
