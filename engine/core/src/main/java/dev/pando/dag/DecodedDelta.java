package dev.pando.dag;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;

/** A delta with the block that it stands in. */
public record DecodedDelta(Cid cid, Delta delta, Block block) {

    public Stamp stamp() {
        return new Stamp(delta.hlc(), cid);
    }
}
