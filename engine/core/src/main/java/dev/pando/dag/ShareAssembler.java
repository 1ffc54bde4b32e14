package dev.pando.dag;

import dev.pando.DocumentId;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Reads the blocks of a part of an admitted commit back, to be sent: lists first, then large values, then deltas. The
 * commit's own block is not among them.
 */
public final class ShareAssembler {

    private final BlockSource blocks;
    private final List<Block> lists = new ArrayList<>();
    private final List<Block> raw = new ArrayList<>();
    private final List<Block> deltas = new ArrayList<>();

    private ShareAssembler(BlockSource blocks) {
        this.blocks = blocks;
    }

    /** All documents of the part; empty when the commit has no part of the collection. */
    public static List<Block> whole(Commit commit, Cid collection, BlockSource blocks) {
        Part part = commit.parts().get(collection);
        ShareAssembler assembler = new ShareAssembler(blocks);
        if (part != null) {
            assembler.level(List.of(part.root()), depth(part.count()));
        }
        return assembler.all();
    }

    private void level(List<Cid> level, int listsBelow) {
        if (listsBelow == 0) {
            level.forEach(cid -> addDelta(new Block(cid, blocks.require(cid))));
            return;
        }
        List<Cid> next = new ArrayList<>();
        for (Cid cid : level) {
            next.addAll(addList(cid).links());
        }
        level(next, listsBelow - 1);
    }

    /** Those of {@code documents} that the part has, with the lists on their paths; found by binary search. */
    public static List<Block> chosen(
            Commit commit, Cid collection, Collection<DocumentId> documents, BlockSource blocks) {
        Part part = commit.parts().get(collection);
        ShareAssembler assembler = new ShareAssembler(blocks);
        if (part != null) {
            List<DocumentId> wanted = documents.stream().sorted().distinct().toList();
            assembler.descend(part.root(), depth(part.count()), wanted);
        }
        return assembler.all();
    }

    /** Takes the wanted documents below a node; returns whether there were any. */
    private boolean descend(Cid node, int listsBelow, List<DocumentId> wanted) {
        if (wanted.isEmpty()) {
            return false;
        }
        if (listsBelow == 0) {
            Block block = new Block(node, blocks.require(node));
            boolean found = wanted.contains(Delta.decode(block.bytes()).document());
            if (found) {
                addDelta(block);
            }
            return found;
        }
        int at = lists.size();
        ListBlock list = addList(node);
        boolean found = false;
        int from = 0;
        for (int i = 0; i < list.links().size() && from < wanted.size(); i++) {
            // What sorts below the first document of the next link can only be under this one.
            int to = i + 1 == list.links().size()
                    ? wanted.size()
                    : firstNotBelow(wanted, from, list.links().get(i + 1), listsBelow - 1);
            found |= descend(list.links().get(i), listsBelow - 1, wanted.subList(from, to));
            from = to;
        }
        if (!found) {
            lists.remove(at);
        }
        return found;
    }

    private int firstNotBelow(List<DocumentId> wanted, int from, Cid node, int listsBelow) {
        Cid leftmost = node;
        for (int i = 0; i < listsBelow; i++) {
            leftmost = ListBlock.decode(blocks.require(leftmost)).links().get(0);
        }
        DocumentId bound = Delta.decode(blocks.require(leftmost)).document();
        int to = from;
        while (to < wanted.size() && wanted.get(to).compareTo(bound) < 0) {
            to++;
        }
        return to;
    }

    private static int depth(int count) {
        int depth = 0;
        for (long reach = 1; reach < count; reach *= ListBlock.LINKS_MAX) {
            depth++;
        }
        return depth;
    }

    private ListBlock addList(Cid cid) {
        byte[] bytes = blocks.require(cid);
        lists.add(new Block(cid, bytes));
        return ListBlock.decode(bytes);
    }

    private void addDelta(Block block) {
        deltas.add(block);
        LargeValue.linkedBy(Delta.decode(block.bytes()))
                .forEach(large -> large.chunks().forEach(chunk -> raw.add(new Block(chunk, blocks.require(chunk)))));
    }

    private List<Block> all() {
        List<Block> all = new ArrayList<>(lists);
        raw.stream().distinct().forEach(all::add);
        all.addAll(deltas);
        return all;
    }
}
