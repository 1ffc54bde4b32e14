package dev.pando.crdt;

import dev.pando.dag.Stamp;
import dev.pando.ipld.Cid;

/**
 * A delta that no other of its document follows.
 *
 * @param incarnation the insert it belongs to, itself for an insert
 */
public record Head(Stamp stamp, Cid incarnation) {

    public Cid cid() {
        return stamp.cid();
    }
}
