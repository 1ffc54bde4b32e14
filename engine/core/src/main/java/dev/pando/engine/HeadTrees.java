package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.collection.Fingerprint;
import dev.pando.replication.HeadTree;
import dev.pando.store.DerivedMap;
import dev.pando.store.PageCursor;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Builds the tree of a collection's heads when somebody first compares it; from then on the writer keeps it along.
 * Thread-safe.
 */
final class HeadTrees {

    private final Tables tables;
    private final DerivedMap rows;
    private final Committer committer;
    private final Environment.Threads threads;
    private final ConcurrentHashMap<TableState, CompletableFuture<HeadTree>> trees = new ConcurrentHashMap<>();

    HeadTrees(Tables tables, DerivedMap rows, Committer committer, Environment.Threads threads) {
        this.tables = tables;
        this.rows = rows;
        this.committer = committer;
        this.threads = threads;
    }

    /** Not for the writer: the first call reads all rows. */
    HeadTree of(TableState state) {
        trees.keySet().removeIf(known -> tables.byId(known.collection()) != known); // dropped
        var mine = new CompletableFuture<HeadTree>();
        CompletableFuture<HeadTree> other = trees.putIfAbsent(state, mine);
        if (other != null) {
            return threads.await(other);
        }
        try {
            mine.complete(build(state));
        } catch (RuntimeException | Error e) {
            trees.remove(state, mine);
            mine.completeExceptionally(e);
            throw e;
        }
        return threads.await(mine);
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
                        tree.putIfAbsent(
                                key.document(),
                                Fingerprint.leaf(
                                        key.document(),
                                        state.codec().state(entry.value()).headCids()));
                    }
                }
            }
        }
        return tree;
    }
}
