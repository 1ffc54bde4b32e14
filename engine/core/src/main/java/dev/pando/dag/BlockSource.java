package dev.pando.dag;

import dev.pando.ipld.Cid;
import org.jspecify.annotations.Nullable;

/** Where blocks are read from. */
@FunctionalInterface
public interface BlockSource {

    /** Nothing is there. */
    BlockSource EMPTY = cid -> null;

    byte @Nullable [] get(Cid cid);

    /** A block that must be there: an admitted one, or one that an admitted one links. */
    default byte[] require(Cid cid) {
        byte[] block = get(cid);
        if (block == null) {
            throw new IllegalStateException("block " + cid + " is linked but not kept");
        }
        return block;
    }
}
