package dev.pando.engine;

import dev.pando.PandoException;
import dev.pando.collection.Definition;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DecodeException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What this node keeps of a table: the number that its rows are kept under, and what CREATE said, which is the genesis of
 * its definition (docs/rules.md §5). A local record of kind {@value #KIND}: docs/formats/local-records.md.
 */
record TableRecord(int number, Definition created) {

    static final String KIND = "Table";

    Cid collection() {
        return created.collectionId();
    }

    byte[] encode() {
        byte[] definition = created.encode();
        return ByteBuffer.allocate(Integer.BYTES + definition.length)
                .putInt(number)
                .put(definition)
                .array();
    }

    static TableRecord decode(byte[] bytes) {
        try {
            int number = ByteBuffer.wrap(bytes).getInt();
            return new TableRecord(number, Definition.decode(Arrays.copyOfRange(bytes, Integer.BYTES, bytes.length)));
        } catch (DecodeException | IndexOutOfBoundsException | java.nio.BufferUnderflowException e) {
            throw new PandoException(
                    PandoException.Kind.CORRUPT, "the record of a table cannot be read: " + e.getMessage(), e);
        }
    }
}
