package dev.pando.store;

import java.util.Iterator;
import java.util.List;

/** One entry after the other of a map that copies pages. */
final class WalkOverPages implements EntryWalk {

    private static final PageCursor.Entry NOTHING = new PageCursor.Entry(new byte[0], new byte[0]);

    private final PageCursor pages;
    private Iterator<PageCursor.Entry> page = List.<PageCursor.Entry>of().iterator();
    private PageCursor.Entry entry = NOTHING;

    WalkOverPages(PageCursor pages) {
        this.pages = pages;
    }

    @Override
    public boolean next() {
        if (!page.hasNext()) {
            page = pages.next().iterator();
            if (!page.hasNext()) {
                return false;
            }
        }
        entry = page.next();
        return true;
    }

    @Override
    public byte[] keyBytes() {
        return entry.key();
    }

    @Override
    public int keyFrom() {
        return 0;
    }

    @Override
    public int keyLength() {
        return entry.key().length;
    }

    @Override
    public byte[] valueBytes() {
        return entry.value();
    }

    @Override
    public int valueFrom() {
        return 0;
    }

    @Override
    public int valueLength() {
        return entry.value().length;
    }

    @Override
    public void close() {
        pages.close();
    }
}
