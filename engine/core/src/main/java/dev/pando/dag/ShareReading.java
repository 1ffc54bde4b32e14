package dev.pando.dag;

import dev.pando.ColumnType.Family;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run of {@link ShareVerifier}. */
final class ShareReading {

    private final Block commitBlock;
    private final Map<Cid, Block> unread = new HashMap<>();
    private final List<Cid> missing = new ArrayList<>();
    private final Map<Cid, Block> raw = new LinkedHashMap<>();
    private @Nullable ShareOutcome failure;

    /** @param hashed whether CIDs were computed from the bytes, so that there is nothing to compare */
    ShareReading(Block commitBlock, Collection<Block> blocks, boolean hashed) {
        this.commitBlock = commitBlock;
        long bytes = commitBlock.bytes().length;
        if (!hashed) {
            checkHash(commitBlock);
        }
        for (Block block : blocks) {
            bytes += block.bytes().length;
            if (bytes > Commit.BYTES_MAX) {
                fail("more than " + Commit.BYTES_MAX + " bytes of blocks", null);
            }
            if (failure != null) {
                return;
            }
            if (!hashed) {
                checkHash(block);
            }
            unread.put(block.cid(), block);
        }
    }

    ShareOutcome outcome() {
        if (failure != null) {
            return failure;
        }
        try {
            Commit commit = decode(commitBlock, Commit::decode);
            checkSignature(commit);
            List<SharePart> parts = new ArrayList<>();
            commit.parts().forEach((collection, part) -> {
                if (unread.containsKey(part.root())) {
                    parts.add(new PartReading(commit, collection, part).read());
                }
            });
            if (!missing.isEmpty()) {
                return new ShareOutcome.Lacking(List.copyOf(missing));
            }
            if (parts.isEmpty()) {
                throw new Fault("no part of the commit came", null);
            }
            if (!unread.isEmpty()) {
                throw new Fault("block " + unread.keySet().iterator().next() + " does not belong to the commit", null);
            }
            return new VerifiedShare(commitBlock, commit, parts, List.copyOf(raw.values()));
        } catch (Fault fault) {
            return fault.outcome;
        }
    }

    private void checkSignature(Commit commit) {
        if (!KnownCommits.contains(commitBlock.cid())) {
            if (!commit.verifySignature()) {
                throw new Fault("the signature is not the author's", commitBlock.cid());
            }
            KnownCommits.add(commitBlock.cid());
        }
    }

    private void checkHash(Block block) {
        if (!block.matches()) {
            fail("block " + block.cid() + " has other bytes than its CID says", null);
        }
    }

    private void fail(String reason, @Nullable Cid culprit) {
        failure = new ShareOutcome.Invalid(reason, culprit);
    }

    private static <T> T decode(Block block, Function<byte[], T> decoder) {
        try {
            return decoder.apply(block.bytes());
        } catch (DecodeException e) {
            throw new Fault(String.valueOf(e.getMessage()), block.cid());
        } catch (UnknownVersionException e) {
            throw new Fault(new ShareOutcome.Waiting(block.cid(), String.valueOf(e.getMessage())));
        }
    }

    /** Walks one part from its root to its deltas. */
    private final class PartReading {

        private final Commit commit;
        private final Cid collection;
        private final Part part;
        private final List<Block> lists = new ArrayList<>();
        private final List<DecodedDelta> deltas = new ArrayList<>();

        PartReading(Commit commit, Cid collection, Part part) {
            this.commit = commit;
            this.collection = collection;
            this.part = part;
        }

        SharePart read() {
            // Level by level, so that lists stand in the share as CommitBuilder puts them.
            List<Node> level = List.of(new Node(part.root(), part.count()));
            for (long below = capacity(part.count()); below >= 1; below /= ListBlock.LINKS_MAX) {
                List<Node> next = new ArrayList<>();
                for (Node node : level) {
                    readList(node, below, next);
                }
                level = next;
            }
            level.forEach(node -> readDelta(node.cid));
            if (deltas.isEmpty()) {
                throw new Fault("a part of which no delta came", null);
            }
            return new SharePart(
                    collection, part, List.copyOf(lists), List.copyOf(deltas), deltas.size() == part.count());
        }

        /** Deltas below one link of the root: 0 when the root is the delta itself. */
        private static long capacity(int count) {
            long below = count == 1 ? 0 : 1;
            while (below * ListBlock.LINKS_MAX < count && below > 0) {
                below *= ListBlock.LINKS_MAX;
            }
            return below;
        }

        private void readList(Node node, long below, List<Node> next) {
            Block block = unread.remove(node.cid);
            if (block == null) {
                throw new Fault("list " + node.cid + " is linked twice", commitBlock.cid());
            }
            ListBlock list = decode(block, ListBlock::decode);
            if (list.links().size() != (node.count + below - 1) / below) {
                throw new Fault(
                        "a list of " + list.links().size() + " links over " + node.count + " deltas",
                        commitBlock.cid());
            }
            lists.add(block);
            int before = next.size();
            int left = node.count;
            for (Cid link : list.links()) {
                int count = (int) Math.min(left, below);
                left -= count;
                if (unread.containsKey(link)) {
                    next.add(new Node(link, count));
                }
            }
            if (next.size() == before) {
                throw new Fault("a list of which nothing came", null);
            }
        }

        private void readDelta(Cid cid) {
            Block block = unread.remove(cid);
            if (block == null) {
                throw discord("delta " + cid + " is linked twice");
            }
            Delta delta = decode(block, Delta::decode);
            require(delta.collection().equals(collection), "a delta of another collection than its part", block);
            require(delta.hlc() == commit.hlc(), "a delta of another hlc than its commit", block);
            require(Arrays.equals(delta.author(), commit.author()), "a delta of another author than its commit", block);
            int last = deltas.size() - 1;
            if (last >= 0 && deltas.get(last).delta().document().compareTo(delta.document()) >= 0) {
                throw discord("documents do not ascend in the list: " + cid);
            }
            takeLargeValues(delta, block);
            deltas.add(new DecodedDelta(cid, delta, block));
        }

        private Fault discord(String reason) {
            return new Fault(new ShareOutcome.Discordant(reason));
        }

        private void require(boolean condition, String otherwise, Block block) {
            if (!condition) {
                throw new Fault(otherwise + ": " + block.cid(), commitBlock.cid());
            }
        }
    }

    private void takeLargeValues(Delta delta, Block block) {
        delta.ops().forEach((column, op) -> {
            if (op instanceof FieldOp.SetValue set && set.value().encoded().length > Cid.SHA256_BYTES) {
                new LargeValueReading(ColumnId.parse(column), set.value(), block).read();
            }
        });
    }

    /** Takes the raw blocks of one value, if it is linked. */
    private final class LargeValueReading {

        private final ColumnId column;
        private final Value value;
        private final Block delta;

        LargeValueReading(ColumnId column, Value value, Block delta) {
            this.column = column;
            this.value = value;
            this.delta = delta;
        }

        void read() {
            switch (column.family()) {
                case TEXT, JSON, BYTES -> {
                    if (LargeValue.isLarge(value)) {
                        read(LargeValue.of(value));
                    }
                }
                default -> {}
            }
        }

        private void read(LargeValue large) {
            boolean whole = true;
            for (int i = 0; i < large.chunks().size(); i++) {
                Cid cid = large.chunks().get(i);
                Block chunk = raw.get(cid);
                if (chunk == null) {
                    chunk = unread.remove(cid);
                }
                if (chunk == null) {
                    missing.add(cid);
                    whole = false;
                } else if (chunk.bytes().length != large.chunkBytes(i)) {
                    throw new Fault("a large value with a chunk of " + chunk.bytes().length + " bytes", delta.cid());
                } else {
                    raw.put(cid, chunk);
                }
            }
            if (whole && column.family() != Family.BYTES) {
                requireUtf8(large);
            }
        }

        private void requireUtf8(LargeValue large) {
            byte[] content = large.join(cid -> {
                Block block = raw.get(cid);
                return block == null ? null : block.bytes();
            });
            if (!Text.isUtf8(content)) {
                throw new Fault("a large text that is not UTF-8", delta.cid());
            }
        }
    }

    /** A place in the tree and how many deltas are below it. */
    private record Node(Cid cid, int count) {}

    /** Ends the reading; caught in {@link #outcome}. */
    private static final class Fault extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient ShareOutcome outcome;

        Fault(String reason, @Nullable Cid block) {
            this(new ShareOutcome.Invalid(reason, block));
        }

        Fault(ShareOutcome outcome) {
            super(null, null, false, false);
            this.outcome = outcome;
        }
    }
}
