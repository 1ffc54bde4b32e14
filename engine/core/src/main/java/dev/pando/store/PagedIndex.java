package dev.pando.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An ordered index of sorted leaves, each a page of packed entries, under an immutable directory.
 *
 * <p>The writer changes a leaf in place under the leaf's own lock; a reader takes that lock only to copy the page out.
 * A leaf that splits or ends publishes the new directory before it gives up its lock, and knows the range of keys that
 * it is for: a reader that came by an old directory sees that it is in the wrong place, and looks again.
 */
final class PagedIndex implements OrderedIndex {

    private static final byte[] LOWEST = {};

    private final AtomicLong size = new AtomicLong();
    private volatile LeafDirectory directory = LeafDirectory.of(new Leaf(LOWEST, null));

    @Override
    public byte @Nullable [] put(byte[] key, byte[] value) {
        Leaf leaf = directory.find(key);
        synchronized (leaf) {
            byte[] before = leaf.put(key, value);
            if (before == null) {
                size.incrementAndGet();
            }
            if (leaf.isTooLarge()) {
                directory = directory.insert(leaf.split());
            }
            return before;
        }
    }

    @Override
    public byte @Nullable [] remove(byte[] key) {
        LeafDirectory now = directory;
        Leaf leaf = now.find(key);
        byte[] before;
        synchronized (leaf) {
            before = leaf.remove(key);
            if (before == null) {
                return null;
            }
            size.decrementAndGet();
            if (leaf.count() > 0 || leaf.low().length == 0) {
                return before;
            }
        }
        join(now, leaf);
        return before;
    }

    /** Lets the leaf before an empty one be for its keys too. */
    private void join(LeafDirectory now, Leaf empty) {
        Leaf left = now.before(empty.low());
        synchronized (left) {
            synchronized (empty) {
                left.setHigh(empty.high());
                empty.end();
                directory = now.remove(empty.low());
            }
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        while (true) {
            Leaf leaf = directory.find(key);
            synchronized (leaf) {
                if (leaf.isFor(key)) {
                    return leaf.get(key);
                }
            }
        }
    }

    @Override
    public long size() {
        return size.get();
    }

    @Override
    public Filler filler() {
        return new LeafFiller();
    }

    /** Builds full leaves one after the other. */
    private final class LeafFiller implements Filler {

        private final List<Leaf> leaves = new ArrayList<>(List.of(new Leaf(LOWEST, null)));
        private byte @Nullable [] greatest;
        private long added;

        @Override
        public void add(byte[] key, byte[] value) {
            byte[] before = greatest;
            if (before != null && compare(before, key) >= 0) {
                throw new IllegalArgumentException("keys do not ascend");
            }
            greatest = key;
            Leaf last = leaves.get(leaves.size() - 1);
            last.put(key, value);
            if (last.isTooLarge()) {
                leaves.add(last.split());
            }
            added++;
        }

        @Override
        public void finish() {
            PagedIndex filled = new PagedIndex();
            filled.directory = LeafDirectory.of(leaves);
            filled.size.set(added);
            Cursor present = from(null, true, false);
            while (present.next()) {
                filled.put(present.key(), present.value());
            }
            size.set(filled.size.get());
            directory = filled.directory;
        }
    }

    @Override
    public Cursor from(byte @Nullable [] start, boolean inclusive, boolean descending) {
        byte[] from = start == null ? null : start.clone();
        return descending ? new Descending(from, inclusive) : new Ascending(from, inclusive);
    }

    /** Walks over a copy of a leaf, then looks for the next leaf by key. */
    private abstract static class Walk implements Cursor {

        final Leaf.Page page = new Leaf.Page();
        int at;

        @Override
        public byte[] key() {
            return page.key(at);
        }

        @Override
        public byte[] value() {
            return page.value(at);
        }
    }

    private final class Ascending extends Walk {

        /** Where the next leaf's keys begin; null at the end. */
        private byte @Nullable [] next;

        private final byte @Nullable [] skipped;

        Ascending(byte @Nullable [] start, boolean inclusive) {
            this.next = start == null ? LOWEST : start;
            this.skipped = inclusive ? null : start;
            this.at = -1;
        }

        @Override
        public boolean next() {
            while (++at >= page.count()) {
                byte[] low = next;
                if (low == null) {
                    at = page.count();
                    return false;
                }
                load(low);
            }
            return true;
        }

        private void load(byte[] low) {
            while (true) {
                Leaf leaf = directory.find(low);
                synchronized (leaf) {
                    if (leaf.isFor(low)) {
                        leaf.copyTo(page);
                        next = leaf.high();
                        break;
                    }
                }
            }
            at = page.lowerBound(low) - 1;
            if (skipped != null && at + 1 < page.count() && page.compare(at + 1, skipped) == 0) {
                at++;
            }
        }
    }

    private final class Descending extends Walk {

        /** The next leaf's keys are below this; null for no bound. */
        private byte @Nullable [] below;

        private boolean inclusive;
        private boolean ended;

        Descending(byte @Nullable [] start, boolean inclusive) {
            this.below = start;
            this.inclusive = inclusive;
            this.at = 0;
        }

        @Override
        public boolean next() {
            while (--at < 0) {
                if (ended) {
                    at = 0;
                    return false;
                }
                load();
            }
            return true;
        }

        private void load() {
            byte[] bound = below;
            if (bound != null && bound.length == 0 && !inclusive) {
                ended = true; // No key is below the empty one.
                at = 0;
                return;
            }
            Leaf leaf;
            while (true) {
                LeafDirectory now = directory;
                leaf = bound == null ? now.last() : inclusive ? now.find(bound) : now.before(bound);
                synchronized (leaf) {
                    if (bound == null ? leaf.isLast() : inclusive ? leaf.isFor(bound) : leaf.isJustBelow(bound)) {
                        leaf.copyTo(page);
                        break;
                    }
                }
            }
            if (bound == null) {
                at = page.count();
            } else {
                at = page.lowerBound(bound);
                if (inclusive && at < page.count() && page.compare(at, bound) == 0) {
                    at++;
                }
            }
            below = leaf.low();
            inclusive = false;
            ended = leaf.low().length == 0;
        }
    }

    static int compare(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b);
    }
}
