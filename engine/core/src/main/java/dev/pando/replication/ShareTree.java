package dev.pando.replication;

import dev.pando.DocumentId;
import dev.pando.dag.Commit;
import dev.pando.dag.Delta;
import dev.pando.dag.LargeValue;
import dev.pando.dag.ListBlock;
import dev.pando.dag.Part;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of one share as the tree that they are: which deltas there are, whether a part is whole, and one delta with
 * its proof. Looks at shape only; hashes and signatures are the door's to check.
 */
public final class ShareTree {

    private final Block commitBlock;
    private final Commit commit;
    private final Map<Cid, Block> blocks = new LinkedHashMap<>();
    private final Map<Cid, PartTree> parts = new HashMap<>();

    /** @param parent the list that links each list and delta */
    private record PartTree(Part part, Map<Cid, Cid> parent, List<Cid> deltas) {}

    /**
     * @param share the commit's block first
     * @throws DecodeException when it is no commit
     * @throws dev.pando.dag.UnknownVersionException when it is one of a later version
     */
    public ShareTree(List<Block> share) {
        commitBlock = share.get(0);
        commit = Commit.decode(commitBlock.bytes());
        share.forEach(block -> blocks.put(block.cid(), block));
    }

    /** Those that the commit has parts of. */
    Set<Cid> collections() {
        return commit.parts().keySet();
    }

    private @Nullable PartTree part(Cid collection) {
        Part part = commit.parts().get(collection);
        return part == null ? null : parts.computeIfAbsent(collection, c -> read(part));
    }

    private PartTree read(Part part) {
        var parent = new HashMap<Cid, Cid>();
        List<Cid> level = blocks.containsKey(part.root()) ? List.of(part.root()) : List.of();
        for (long reach = 1; reach < part.count(); reach *= ListBlock.LINKS_MAX) {
            var next = new ArrayList<Cid>();
            for (Cid list : level) {
                for (Cid link : ListBlock.decode(block(list).bytes()).links()) {
                    if (blocks.containsKey(link)) {
                        parent.put(link, list);
                        next.add(link);
                    }
                }
            }
            level = next;
        }
        return new PartTree(part, parent, List.copyOf(level));
    }

    private Block block(Cid cid) {
        Block block = blocks.get(cid);
        if (block == null) {
            throw new IllegalStateException("block " + cid + " is not of this share");
        }
        return block;
    }

    /** Whether all deltas of that part are here. */
    public boolean isWhole(Cid collection) {
        PartTree tree = part(collection);
        return tree != null && tree.deltas.size() == tree.part.count();
    }

    /** Whether nothing of the parts of other collections is here. */
    boolean isOnlyOf(Set<Cid> collections) {
        return commit.parts().entrySet().stream()
                .allMatch(part -> collections.contains(part.getKey())
                        || !blocks.containsKey(part.getValue().root()));
    }

    /** The deltas of that part that are here, by document. */
    public Map<DocumentId, Cid> documents(Cid collection) {
        var documents = new LinkedHashMap<DocumentId, Cid>();
        PartTree tree = part(collection);
        if (tree != null) {
            tree.deltas.forEach(
                    cid -> documents.put(Delta.decode(block(cid).bytes()).document(), cid));
        }
        return documents;
    }

    /** The share reduced to one delta of a part and its proof; empty when it is not here. */
    public List<Block> only(Cid collection, Cid delta) {
        PartTree tree = part(collection);
        if (tree == null || !tree.deltas.contains(delta)) {
            return List.of();
        }
        var only = new ArrayList<Block>();
        for (Cid list = tree.parent.get(delta); list != null; list = tree.parent.get(list)) {
            only.add(0, block(list));
        }
        only.add(0, commitBlock);
        only.add(block(delta));
        for (LargeValue large : LargeValue.linkedBy(Delta.decode(block(delta).bytes()))) {
            large.chunks().stream().distinct().forEach(chunk -> only.add(block(chunk)));
        }
        return List.copyOf(only.stream().distinct().toList());
    }
}
