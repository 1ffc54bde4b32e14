package dev.pando.engine;

import dev.pando.ipld.Block;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.Cid;
import dev.pando.store.Codecs;
import java.util.List;

/** What a block of the log is. Replicated blocks are told apart by their number of fields (docs/formats/blocks.md). */
enum BlockKind {
    LOCAL_RECORD,
    RAW,
    LIST,
    COMMIT,
    DELTA;

    private static final int LIST_FIELDS = 2;
    private static final int COMMIT_FIELDS = 5;

    /** Whether a transaction of the log is one of a commit: of one that compaction emptied nothing is left. */
    static boolean isCommit(List<Block> blocks) {
        return !blocks.isEmpty() && of(blocks.get(0)) == COMMIT;
    }

    static BlockKind of(Block block) {
        long codec = block.cid().codec();
        if (codec == Codecs.LOCAL_RECORD) {
            return LOCAL_RECORD;
        }
        if (codec == Cid.RAW) {
            return RAW;
        }
        return switch (new CborReader(block.bytes()).readMap()) {
            case LIST_FIELDS -> LIST;
            case COMMIT_FIELDS -> COMMIT;
            default -> DELTA;
        };
    }
}
