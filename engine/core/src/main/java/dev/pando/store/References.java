package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Stores a block once although several transactions hold it: later ones have a reference in its place.
 *
 * <pre>
 * [index in the transaction, link, index, link, …]
 * </pre>
 */
final class References {

    /** More are spread over several blocks. */
    private static final int LINKS_MAX = 10_000;

    private References() {}

    /** The blocks to write for a transaction, when some of its own are known. */
    static List<Block> compact(LogTransaction transaction, Predicate<Cid> isKnown) {
        List<Block> blocks = transaction.blocks();
        if (transaction.isNew()
                && blocks.stream().noneMatch(block -> block.cid().codec() == Cid.RAW)) {
            return blocks;
        }
        List<Block> compact = new ArrayList<>(blocks.size());
        List<Integer> known = new ArrayList<>();
        Set<Cid> seen = new HashSet<>();
        for (int i = 0; i < blocks.size(); i++) {
            Cid cid = blocks.get(i).cid();
            if (BlockIndex.isIndexed(cid) && (!seen.add(cid) || isKnown.test(cid))) {
                known.add(i);
            } else {
                compact.add(blocks.get(i));
            }
        }
        encode(blocks, known, compact);
        return known.isEmpty() ? blocks : compact;
    }

    private static void encode(List<Block> blocks, List<Integer> known, List<Block> out) {
        for (int from = 0; from < known.size(); from += LINKS_MAX) {
            out.add(encode(blocks, known.subList(from, Math.min(from + LINKS_MAX, known.size()))));
        }
    }

    private static Block encode(List<Block> blocks, List<Integer> known) {
        CborWriter writer = new CborWriter();
        writer.startList(2 * known.size());
        for (int i : known) {
            writer.writeInt(i);
            writer.writeLink(blocks.get(i).cid());
        }
        return Block.of(Codecs.REFERENCES, writer.toByteArray());
    }

    /** The places in {@link #expand}'s result of those blocks that are elsewhere. */
    static Set<Integer> places(List<Block> stored) {
        List<Integer> indexes = new ArrayList<>();
        for (Block block : stored) {
            if (block.cid().codec() == Codecs.REFERENCES) {
                decode(block, indexes, new ArrayList<>());
            }
        }
        return new HashSet<>(indexes);
    }

    /** The frames of a transaction with these blocks, of which those at {@code known} are elsewhere. */
    static List<Block> compact(List<Block> blocks, List<Integer> known) {
        List<Block> compact = new ArrayList<>(blocks.size());
        Set<Integer> elsewhere = new HashSet<>(known);
        for (int i = 0; i < blocks.size(); i++) {
            if (!elsewhere.contains(i)) {
                compact.add(blocks.get(i));
            }
        }
        encode(blocks, known, compact);
        return compact;
    }

    /** The blocks as they were appended. {@code stored} are in log order; {@code find} gives those of before. */
    static List<Block> expand(List<Block> stored, Function<Cid, Block> find) {
        if (stored.isEmpty() || stored.get(stored.size() - 1).cid().codec() != Codecs.REFERENCES) {
            return stored;
        }
        List<Block> written = new ArrayList<>();
        List<Integer> indexes = new ArrayList<>();
        List<Cid> links = new ArrayList<>();
        for (Block block : stored) {
            if (block.cid().codec() == Codecs.REFERENCES) {
                decode(block, indexes, links);
            } else {
                written.add(block);
            }
        }
        List<Block> all = new ArrayList<>(written.size() + links.size());
        int nextWritten = 0;
        for (int next = 0; next < links.size(); next++) {
            while (all.size() < indexes.get(next)) {
                if (nextWritten == written.size()) {
                    throw new DecodeException("a reference to place " + indexes.get(next) + " of a transaction");
                }
                all.add(written.get(nextWritten++));
            }
            all.add(find.apply(links.get(next)));
        }
        all.addAll(written.subList(nextWritten, written.size()));
        return all;
    }

    private static void decode(Block block, List<Integer> indexes, List<Cid> links) {
        CborReader reader = new CborReader(block.bytes());
        for (int left = reader.readList(); left > 0; left -= 2) {
            indexes.add(Math.toIntExact(reader.readInt()));
            links.add(reader.readLink());
        }
        reader.end();
    }
}
