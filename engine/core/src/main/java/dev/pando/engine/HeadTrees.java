package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.collection.Fingerprint;
import dev.pando.replication.HeadTree;
import dev.pando.store.DerivedMap;
import dev.pando.store.PageCursor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Builds the tree of a collection's heads when somebody compares it; from then on the writer keeps it along, until nobody
 * has compared it for a while: it takes heap for each document. Thread-safe.
 */
final class HeadTrees {

    /** How long a tree is kept that nobody uses; the next to compare reads all rows again. */
    static final Duration IDLE = Duration.ofMinutes(10);

    private final Tables tables;
    private final DerivedMap rows;
    private final Committer committer;
    private final Environment.Threads threads;
    private final LongSupplier nowMillis;
    private final ConcurrentHashMap<TableState, Kept> trees = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();

    private static final class Kept {
        final CompletableFuture<HeadTree> tree = new CompletableFuture<>();
        volatile long usedMillis;
    }

    HeadTrees(
            Tables tables, DerivedMap rows, Committer committer, Environment.Threads threads, LongSupplier nowMillis) {
        this.nowMillis = nowMillis;
        this.tables = tables;
        this.rows = rows;
        this.committer = committer;
        this.threads = threads;
    }

    /** Not for the writer: the first call reads all rows. */
    HeadTree of(TableState state) {
        trees.keySet().removeIf(known -> tables.byId(known.collection()) != known); // dropped
        var mine = new Kept();
        mine.usedMillis = nowMillis.getAsLong();
        Kept other = trees.putIfAbsent(state, mine);
        if (other != null) {
            other.usedMillis = nowMillis.getAsLong();
            return threads.await(other.tree);
        }
        try {
            mine.tree.complete(build(state));
        } catch (RuntimeException | Error e) {
            trees.remove(state, mine);
            mine.tree.completeExceptionally(e);
            throw e;
        }
        lookLater();
        return threads.await(mine.tree);
    }

    private void lookLater() {
        if (looking.compareAndSet(false, true)) {
            threads.schedule(IDLE, this::look);
        }
    }

    /** Lets go of what nobody used. Whoever is reading such a tree at this moment gets an answer that is a moment old. */
    private void look() {
        looking.set(false);
        long before = nowMillis.getAsLong() - IDLE.toMillis();
        trees.forEach((state, kept) -> {
            if (kept.tree.isDone() && kept.usedMillis <= before && trees.remove(state, kept)) {
                HeadTree idle = kept.tree.join();
                committer.between(() -> {
                    if (state.heads() == idle) { // not one that was built meanwhile
                        state.setHeads(null);
                    }
                });
            }
        });
        if (!trees.isEmpty()) {
            lookLater();
        }
    }

    /** What the writer changes meanwhile it puts itself, and it knows better than what is read here. */
    private HeadTree build(TableState state) {
        var tree = new HeadTree();
        threads.await(committer.between(() -> state.setHeads(tree)));
        try (PageCursor pages = rows.pages()) {
            for (var page = pages.next(); !page.isEmpty(); page = pages.next()) {
                for (PageCursor.Entry entry : page) {
                    if (RowKey.collection(entry.key()) == state.number()) {
                        RowKey key = RowKey.of(entry.key());
                        byte[] leaf =
                                Fingerprint.leafOf(key.document(), state.codec().state(entry.value()));
                        if (leaf != null) {
                            tree.putIfAbsent(key.document(), leaf);
                        }
                    }
                }
            }
        }
        return tree;
    }
}
