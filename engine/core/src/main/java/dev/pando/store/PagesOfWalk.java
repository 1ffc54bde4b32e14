package dev.pando.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Copies what a walk shows, a page at a time. */
final class PagesOfWalk implements PageCursor {

    private static final int PAGE_ENTRIES = 4_096;
    private static final int PAGE_BYTES = 1 << 20;

    private final EntryWalk walk;

    PagesOfWalk(EntryWalk walk) {
        this.walk = walk;
    }

    @Override
    public List<Entry> next() {
        List<Entry> page = new ArrayList<>();
        int bytes = 0;
        while (page.size() < PAGE_ENTRIES && bytes < PAGE_BYTES && walk.next()) {
            int key = walk.keyFrom();
            int value = walk.valueFrom();
            page.add(new Entry(
                    Arrays.copyOfRange(walk.keyBytes(), key, key + walk.keyLength()),
                    Arrays.copyOfRange(walk.valueBytes(), value, value + walk.valueLength())));
            bytes += walk.valueLength();
        }
        return page;
    }

    @Override
    public void close() {
        walk.close();
    }
}
