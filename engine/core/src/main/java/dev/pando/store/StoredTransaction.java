package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A transaction as compaction looks at it.
 *
 * @param blocks as they were appended, but for those that were dropped since
 * @param elsewhere places in {@code blocks} of those that stand in an earlier transaction
 */
record StoredTransaction(long sequence, List<Block> blocks, Set<Integer> elsewhere) {

    /** The one that {@code log} has just read. */
    static StoredTransaction of(TransactionReader log, BlockReader reader) {
        List<Block> stored = new ArrayList<>(log.blocks().size());
        log.blocks().forEach(block -> stored.add(block.block()));
        return new StoredTransaction(
                log.end().sequence(), References.expand(stored, reader::require), References.places(stored));
    }

    Set<Cid> unused(Retention retention) {
        return blocks.isEmpty() ? Set.of() : retention.unused(sequence, blocks);
    }

    /** Bytes of those that stand here and are among {@code cids}. */
    long storedBytes(Set<Cid> cids) {
        long bytes = 0;
        if (!cids.isEmpty()) {
            for (int i = 0; i < blocks.size(); i++) {
                Block block = blocks.get(i);
                bytes += cids.contains(block.cid()) && !elsewhere.contains(i) ? block.bytes().length : 0;
            }
        }
        return bytes;
    }
}
