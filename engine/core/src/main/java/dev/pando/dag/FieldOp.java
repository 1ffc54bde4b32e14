package dev.pando.dag;

import dev.pando.ipld.Cid;
import java.math.BigInteger;
import java.util.List;

/** What a delta does to one column. The op alone says how it merges; no definition is asked. */
public sealed interface FieldOp {

    /** The greatest stamp wins. The value may be null. */
    record SetValue(Value value) implements FieldOp {}

    /** Adds up, exactly: {@code amount} is an integer, or the unscaled value of a decimal at its column's scale. */
    record Add(BigInteger amount) implements FieldOp {}

    /** The greatest value wins. Never null. */
    record Max(Value value) implements FieldOp {}

    /** The least value wins. Never null. */
    record Min(Value value) implements FieldOp {}

    /**
     * Adds elements to a set and removes those that were added by the named deltas. Reserved: kept in blocks, not yet
     * merged into rows.
     */
    record Elements(List<Value> added, List<Cid> removed) implements FieldOp {}
}
