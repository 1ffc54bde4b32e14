package dev.pando.dag;

import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import java.util.Map;

/** Ids of collections that every node has and nobody creates (docs/rules.md §5). */
public final class ReservedCollection {

    /** The collection whose documents are definitions. */
    public static final Cid DEFINITIONS =
            Cid.ofSha256(Cid.DAG_CBOR, DagCbor.encode(Map.of("v", 1L, "reserved", "definitions")));

    private ReservedCollection() {}
}
