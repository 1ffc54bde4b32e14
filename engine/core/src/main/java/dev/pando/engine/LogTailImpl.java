package dev.pando.engine;

import dev.pando.ColumnType;
import dev.pando.DocumentId;
import dev.pando.Environment;
import dev.pando.collection.Definition;
import dev.pando.collection.HybridClock;
import dev.pando.dag.ColumnId;
import dev.pando.dag.Commit;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.LargeValue;
import dev.pando.dag.ListBlock;
import dev.pando.dag.Part;
import dev.pando.dag.ReservedCollection;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.replication.HeadTree;
import dev.pando.replication.LogTail;
import dev.pando.replication.Membership;
import dev.pando.store.DerivedMap;
import dev.pando.store.LogVisitor;
import dev.pando.store.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The log as replicators read it: durable commits only, reduced to what they are about. Thread-safe. */
final class LogTailImpl implements LogTail {

    private final Store store;
    private final Committer committer;
    private final Tables tables;
    /** Commits between two chosen ones that are read over; where there are more, reading begins anew behind them. */
    private static final int GAP_MAX = 256;

    private final StateHashes hashes;
    private final DerivedMap rows;
    private final HeadTrees trees;
    private final Admitted admitted;
    private final Snapshots snapshots;
    private final Environment.Threads threads;
    private final Withdrawals withdrawals;
    private final Departures departures;

    LogTailImpl(
            Store store,
            Committer committer,
            Tables tables,
            StateHashes hashes,
            DerivedMap rows,
            HeadTrees trees,
            Admitted admitted,
            Snapshots snapshots,
            Environment.Threads threads,
            Withdrawals withdrawals,
            Departures departures) {
        this.withdrawals = withdrawals;
        this.departures = departures;
        this.threads = threads;
        this.snapshots = snapshots;
        this.admitted = admitted;
        this.rows = rows;
        this.trees = trees;
        this.store = store;
        this.committer = committer;
        this.tables = tables;
        this.hashes = hashes;
    }

    @Override
    public byte[] logId() {
        return store.id().bytes();
    }

    @Override
    public long lastSequence() {
        return committer.forcedSequence();
    }

    @Override
    public Page read(long after, long upTo, Set<Cid> collections, Map<Cid, Membership> members, int bytesMax) {
        var page = new PageBuilder(after, upTo, collections, members, bytesMax);
        if (after < upTo) {
            store.scan(after + 1, page);
        }
        return leaving(page.build());
    }

    @Override
    public Page readChosen(List<Long> sequences, Set<Cid> collections, Map<Cid, Membership> members, int bytesMax) {
        if (sequences.isEmpty()) {
            return new Page(0, List.of(), 0, Map.of());
        }
        var page = new PageBuilder(
                sequences.get(0) - 1, sequences.get(sequences.size() - 1), collections, members, bytesMax);
        var chosen = new HashSet<>(sequences);
        int next = 0;
        boolean more = true;
        while (more && next < sequences.size()) {
            long from = sequences.get(next);
            var leap = new boolean[1];
            store.scan(from, (sequence, blocks) -> {
                if (!chosen.contains(sequence)) {
                    /* What is not wanted is read too, as long as a leap is not worth it. */
                    leap[0] = sequence - Math.max(from, page.scannedTo()) > GAP_MAX;
                    return !leap[0];
                }
                return page.visit(sequence, blocks);
            });
            more = leap[0];
            while (next < sequences.size() && sequences.get(next) <= page.scannedTo()) {
                next++;
            }
        }
        return leaving(page.build());
    }

    /** The page, or what of it comes before a commit that is being withdrawn at this moment. */
    private Page leaving(Page page) {
        if (departures.leave(page.shares().stream().map(OutgoingShare::sequence).toList())) {
            return page;
        }
        List<OutgoingShare> before = page.shares().stream()
                .takeWhile(share -> !withdrawals.contains(share.sequence()))
                .toList();
        if (before.size() == page.shares().size()) {
            return leaving(page); // it was given up meanwhile
        }
        long to = page.shares().get(before.size()).sequence() - 1;
        return leaving(new Page(
                to,
                before,
                before.stream()
                        .flatMap(share -> share.blocks().stream())
                        .mapToInt(block -> block.bytes().length)
                        .sum(),
                page.joined()));
    }

    @Override
    public long publishedSequence() {
        return snapshots.published();
    }

    @Override
    public Backlog backlog(long after, Cid collection) {
        TableState state = tables.view().byId(collection);
        if (state == null) {
            return new Backlog(0, 0);
        }
        CommitPlaces places = places(state);
        Backlog known = places.after(after);
        if (known == null) {
            places.fill(after, found(collection, after, places.unknownTo()));
            known = places.after(after);
        }
        return Objects.requireNonNull(known);
    }

    private CommitPlaces places(TableState state) {
        CommitPlaces present = state.places();
        if (present == null) {
            var kept = new CommitPlaces[1];
            threads.await(committer.between(() -> {
                if (state.places() == null) {
                    committer.forceNow(); // what is not on disk yet is neither added any more nor found in the log
                    state.setPlaces(new CommitPlaces(store.lastSequence()));
                }
                kept[0] = state.places();
            }));
            present = kept[0];
        }
        return Objects.requireNonNull(present);
    }

    private CommitPlaces found(Cid collection, long after, long upTo) {
        var found = new CommitPlaces(after);
        if (after < upTo) {
            store.scan(after + 1, (sequence, blocks) -> {
                if (sequence <= upTo && BlockKind.isCommit(blocks)) {
                    Commit commit = Commit.decode(blocks.get(0).bytes());
                    if (commit.parts().containsKey(collection) && !withdrawals.contains(sequence)) {
                        found.add(sequence, HybridClock.millis(commit.hlc()));
                    }
                }
                return sequence < upTo;
            });
        }
        return found;
    }

    @Override
    public long instance(Cid collection) {
        TableState state = tables.view().byId(collection);
        return state == null ? 0 : state.number();
    }

    @Override
    public Optional<HeadTree> heads(Cid collection) {
        return Optional.ofNullable(tables.view().byId(collection)).map(trees::of);
    }

    @Override
    public List<Cid> headsOf(Cid collection, DocumentId document) {
        TableState state = tables.view().byId(collection);
        byte[] row = state == null
                ? null
                : rows.get(RowKey.of(state.number(), document).bytes());
        return state == null || row == null
                ? List.of()
                : state.codec().state(row).headCids();
    }

    @Override
    public Optional<Missing> missing(Map<Cid, Map<DocumentId, List<Cid>>> heads, long upTo) {
        var search = new MissingCommits(store, rows);
        for (Map.Entry<Cid, Map<DocumentId, List<Cid>>> entry : heads.entrySet()) {
            TableState state = tables.view().byId(entry.getKey());
            if (state == null) {
                continue;
            }
            /* What ALTER said is little, and asking how much of it is known costs more than offering it. */
            search.add(tables.definitions(), state.definition().document(), List.of());
            for (Map.Entry<DocumentId, List<Cid>> document : entry.getValue().entrySet()) {
                if (!search.add(state, document.getKey(), document.getValue())) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new Missing(
                search.sequences().stream().filter(sequence -> sequence <= upTo).toList(), search.uncertain()));
    }

    @Override
    public boolean isEmpty(Cid collection) {
        TableState state = tables.view().byId(collection);
        return state == null || hashes.fingerprint(state).count() == 0;
    }

    @Override
    public Optional<Cid> stateHash(Cid collection) {
        TableState state = tables.view().byId(collection);
        return state == null ? Optional.empty() : Optional.of(hashes.withDefinition(state));
    }

    @Override
    public boolean contains(Cid commit) {
        /* A peer takes this for an acknowledgement: what a crash could still lose does not count. */
        long end = committer.forcedEnd();
        /* Of a commit that came in part, or whose table was dropped since, the rest is lacking. */
        Commit found = commit(commit, end);
        return found != null
                && found.parts().entrySet().stream().allMatch(part -> isWhole(part.getKey(), part.getValue(), end));
    }

    @Override
    public boolean contains(Cid commit, Cid collection) {
        long end = committer.forcedEnd();
        Commit found = commit(commit, end);
        Part part = found == null ? null : found.parts().get(collection);
        return part != null && isWhole(collection, part, end);
    }

    private @Nullable Commit commit(Cid cid, long end) {
        byte[] block = store.contains(cid, end) ? store.get(cid) : null;
        return block == null || BlockKind.of(new Block(cid, block)) != BlockKind.COMMIT ? null : Commit.decode(block);
    }

    private boolean isWhole(Cid collection, Part part, long end) {
        TableState table = tables.view().byId(collection);
        int depth = 0;
        for (long reach = 1; reach < part.count(); reach *= ListBlock.LINKS_MAX) {
            depth++;
        }
        return table == null || isWhole(table, part.root(), depth, end);
    }

    private boolean isWhole(TableState table, Cid cid, int listsBelow, long end) {
        if (!store.contains(cid, end)) {
            return false;
        }
        if (listsBelow == 0) {
            return admitted.isApplied(table, cid);
        }
        byte[] list = store.get(cid);
        return list != null
                && ListBlock.decode(list).links().stream().allMatch(link -> isWhole(table, link, listsBelow - 1, end));
    }

    @Override
    public Runnable onAdvance(Runnable listener) {
        return committer.onAdvance(listener);
    }

    /** Collects the shares of one page. */
    private final class PageBuilder implements LogVisitor {

        private final Set<Cid> collections;
        private final Map<Cid, Membership> members;
        private final Map<Cid, Set<DocumentId>> joined = new HashMap<>();
        private final Set<DocumentId> definitions = new HashSet<>();
        private final long upTo;
        private final int bytesMax;
        private final List<OutgoingShare> shares = new ArrayList<>();
        private long scannedTo;
        private int bytes;

        PageBuilder(long after, long upTo, Set<Cid> collections, Map<Cid, Membership> members, int bytesMax) {
            this.members = members;
            this.upTo = upTo;
            this.collections = collections;
            this.bytesMax = bytesMax;
            this.scannedTo = after;
            collections.forEach(c -> definitions.add(Definition.document(c)));
        }

        @Override
        public boolean visit(long sequence, List<Block> blocks) {
            OutgoingShare share = reduce(sequence, blocks);
            if (share != null) {
                int size =
                        share.blocks().stream().mapToInt(b -> b.bytes().length).sum();
                if (!shares.isEmpty() && bytes + size > bytesMax) {
                    return false;
                }
                shares.add(share);
                bytes += size;
            }
            scannedTo = sequence;
            return bytes < bytesMax && sequence < upTo;
        }

        long scannedTo() {
            return scannedTo;
        }

        Page build() {
            return new Page(scannedTo, List.copyOf(shares), bytes, joined);
        }

        /** The share of this transaction in scope; null when there is none. */
        private @Nullable OutgoingShare reduce(long sequence, List<Block> blocks) {
            if (!BlockKind.isCommit(blocks) || withdrawals.contains(sequence)) {
                return null;
            }
            Block first = blocks.get(0);
            Commit commit = Commit.decode(first.bytes());
            if (collections.containsAll(commit.parts().keySet())
                    && Collections.disjoint(members.keySet(), commit.parts().keySet())
                    && hasAllParts(commit, blocks)) {
                return new OutgoingShare(
                        sequence, first.cid(), Set.copyOf(commit.parts().keySet()), withoutRecords(blocks));
            }
            Map<Cid, Block> byCid = new HashMap<>();
            blocks.forEach(block -> byCid.put(block.cid(), block));
            List<Block> reduced = new ArrayList<>();
            Set<Cid> inScope = new HashSet<>();
            commit.parts().forEach((collection, part) -> {
                int before = reduced.size();
                if (collections.contains(collection) && members.containsKey(collection)) {
                    addMembers(sequence, collection, part.root(), byCid, reduced);
                } else if (collections.contains(collection)) {
                    add(part.root(), byCid, reduced);
                } else if (collection.equals(ReservedCollection.DEFINITIONS)) {
                    addDefinitions(part, byCid, reduced);
                }
                if (reduced.size() > before) {
                    inScope.add(collection);
                }
            });
            if (reduced.isEmpty()) {
                return null;
            }
            reduced.add(0, first);
            return new OutgoingShare(sequence, first.cid(), Set.copyOf(inScope), List.copyOf(reduced));
        }

        /** What repair_clock wrote has a record of this node in its transaction, behind its blocks. */
        private static List<Block> withoutRecords(List<Block> blocks) {
            int end = blocks.size();
            while (BlockKind.of(blocks.get(end - 1)) == BlockKind.LOCAL_RECORD) {
                end--;
            }
            return blocks.subList(0, end);
        }

        /** A part of a table that was dropped may have been taken out of the log. */
        private static boolean hasAllParts(Commit commit, List<Block> blocks) {
            return commit.parts().values().stream()
                    .allMatch(part ->
                            blocks.stream().anyMatch(block -> block.cid().equals(part.root())));
        }

        private void add(Cid cid, Map<Cid, Block> byCid, List<Block> out) {
            Block block = byCid.get(cid);
            if (block == null) {
                return; // a chosen document's sibling, which this node does not hold
            }
            out.add(block);
            if (BlockKind.of(block) == BlockKind.LIST) {
                ListBlock.decode(block.bytes()).links().forEach(link -> add(link, byCid, out));
            } else {
                addLarge(Delta.decode(block.bytes()), byCid, out);
            }
        }

        /** Adds the deltas of members, and the lists on the way to them. */
        private void addMembers(long sequence, Cid collection, Cid cid, Map<Cid, Block> byCid, List<Block> out) {
            Block block = byCid.get(cid);
            if (block == null) {
                return;
            }
            if (BlockKind.of(block) == BlockKind.LIST) {
                int at = out.size();
                ListBlock.decode(block.bytes())
                        .links()
                        .forEach(link -> addMembers(sequence, collection, link, byCid, out));
                if (out.size() > at) {
                    out.add(at, block);
                }
                return;
            }
            Delta delta = Delta.decode(block.bytes());
            Membership membership = Objects.requireNonNull(members.get(collection));
            if (membership.contains(delta.document())) {
                out.add(block);
                addLarge(delta, byCid, out);
            } else if (membership.joins(delta.document(), cid, sequence)) {
                joined.computeIfAbsent(collection, c -> new HashSet<>()).add(delta.document());
            }
        }

        private void addLarge(Delta delta, Map<Cid, Block> byCid, List<Block> out) {
            delta.ops().forEach((column, op) -> {
                boolean linked = op instanceof FieldOp.SetValue set
                        && ColumnId.parse(column).family() != ColumnType.Family.ARRAY
                        && LargeValue.isLarge(set.value());
                if (linked) {
                    LargeValue.of(((FieldOp.SetValue) op).value())
                            .chunks()
                            .forEach(chunk ->
                                    Optional.ofNullable(byCid.get(chunk)).ifPresent(out::add));
                }
            });
        }

        /* An ALTER is a commit of its own, with one delta. */
        private void addDefinitions(Part part, Map<Cid, Block> byCid, List<Block> out) {
            Block root = byCid.get(part.root());
            if (root != null
                    && BlockKind.of(root) == BlockKind.DELTA
                    && definitions.contains(Delta.decode(root.bytes()).document())) {
                out.add(root);
            }
        }
    }
}
