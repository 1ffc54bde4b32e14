package dev.pando.engine;

import dev.pando.dag.Commit;
import dev.pando.dag.Delta;
import dev.pando.dag.LargeValue;
import dev.pando.dag.ListBlock;
import dev.pando.dag.Part;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.store.Codecs;
import dev.pando.store.Retention;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks of a commit no admitted share uses: the parts in collections that were dropped here since, and the commit
 * itself when nothing else of it is here. Definitions stay.
 */
final class UnusedBlocks implements Retention {

    /** Collections with the sequence up to which they are forgotten. */
    private final Map<Cid, Long> forgotten;

    private UnusedBlocks(Map<Cid, Long> forgotten) {
        this.forgotten = Map.copyOf(forgotten);
    }

    /** As it is now; what a snapshot may see is in use. On the writer. */
    static UnusedBlocks of(Locals locals, Snapshots snapshots) {
        var forgotten = new HashMap<Cid, Long>();
        locals.all(Tables.FORGOTTEN_KIND).forEach((collection, value) -> {
            long upTo = ByteBuffer.wrap(value).getLong();
            if (!snapshots.anyBefore(upTo)) {
                forgotten.put(Cid.parse(collection), upTo);
            }
        });
        return new UnusedBlocks(forgotten);
    }

    @Override
    public Set<Cid> unused(long sequence, List<Block> blocks) {
        Block first = blocks.get(0);
        if (forgotten.isEmpty() || BlockKind.of(first) != BlockKind.COMMIT) {
            return Set.of();
        }
        Map<Cid, Part> parts = Commit.decode(first.bytes()).parts();
        if (parts.keySet().stream().noneMatch(collection -> isForgotten(collection, sequence))) {
            return Set.of();
        }
        Map<Cid, Block> byCid = new HashMap<>();
        blocks.forEach(block -> byCid.put(block.cid(), block));
        Set<Cid> used = new HashSet<>();
        parts.forEach((collection, part) -> {
            if (!isForgotten(collection, sequence)) {
                use(part.root(), byCid, used);
            }
        });
        if (!used.isEmpty()) {
            used.add(first.cid());
        }
        Set<Cid> unused = new HashSet<>(byCid.keySet());
        unused.removeAll(used);
        unused.removeIf(cid -> cid.codec() == Codecs.LOCAL_RECORD);
        return unused;
    }

    private boolean isForgotten(Cid collection, long sequence) {
        Long upTo = forgotten.get(collection);
        return upTo != null && sequence <= upTo;
    }

    private static void use(Cid cid, Map<Cid, Block> byCid, Set<Cid> used) {
        @Nullable Block block = byCid.get(cid);
        if (block == null || !used.add(cid)) {
            return;
        }
        if (BlockKind.of(block) == BlockKind.LIST) {
            ListBlock.decode(block.bytes()).links().forEach(link -> use(link, byCid, used));
            return;
        }
        for (LargeValue large : LargeValue.linkedBy(Delta.decode(block.bytes()))) {
            large.chunks().stream().filter(byCid::containsKey).forEach(used::add);
        }
    }
}
