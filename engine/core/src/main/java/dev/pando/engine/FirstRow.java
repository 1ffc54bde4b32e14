package dev.pando.engine;

import dev.pando.collection.Fingerprint;
import dev.pando.collection.RowCodec;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.DecodedDelta;
import java.util.List;

/**
 * What a delta makes of a document of which nothing is known: made before the door, where many threads may, for use when
 * the writer finds that nothing is known indeed.
 *
 * @param codec of the definition that it was made by: of no use to a later one
 * @param row without the sequence of its commit
 * @param leaf of the collection's fingerprint
 */
@SuppressWarnings("ArrayRecordComponent")
record FirstRow(RowCodec codec, DocumentState state, byte[] row, byte[] leaf) {

    static FirstRow of(TableState table, DecodedDelta delta) {
        DocumentState state = DocumentState.empty().apply(delta.cid(), delta.delta());
        byte[] leaf = Fingerprint.leaf(delta.delta().document(), List.of(delta.cid()));
        RowCodec codec = table.codec();
        return new FirstRow(codec, state, codec.encode(0, state), leaf);
    }

    /** The row as that commit writes it. */
    byte[] row(long sequence) {
        return RowCodec.withSequence(row, sequence);
    }
}
