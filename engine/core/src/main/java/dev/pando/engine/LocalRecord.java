package dev.pando.engine;

import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.CborReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.DecodeException;
import dev.pando.store.Codecs;
import org.jspecify.annotations.Nullable;

/**
 * One write of a durable record that never leaves this node: docs/formats/local-records.md.
 *
 * @param kind whose record it is; the engine's own begin with a capital letter
 * @param value null when the record is removed
 * @param number grows with every record of a log: equal records must not be one block, for a log keeps a block once
 */
record LocalRecord(String kind, String key, byte @Nullable [] value, long number) {

    private static final int VERSION = 1;

    /* Map keys in the order of DAG-CBOR: shorter first. */
    Block block() {
        var out = new CborWriter(64 + (value == null ? 0 : value.length));
        out.startMap(value == null ? 4 : 5);
        out.writeKey("k");
        out.writeText(kind);
        out.writeKey("n");
        out.writeInt(number);
        out.writeKey("v");
        out.writeInt(VERSION);
        out.writeKey("key");
        out.writeText(key);
        if (value != null) {
            out.writeKey("value");
            out.writeBytes(value);
        }
        return Block.of(Codecs.LOCAL_RECORD, out.toByteArray());
    }

    static LocalRecord decode(Block block) {
        try {
            var in = new CborReader(block.bytes());
            int entries = in.readMap();
            in.expectKey("k");
            String kind = in.readText();
            in.expectKey("n");
            long number = in.readInt();
            in.expectKey("v");
            long version = in.readInt();
            if (version != VERSION) {
                throw new DecodeException("version " + version);
            }
            in.expectKey("key");
            String key = in.readText();
            byte[] value = null;
            if (entries == 5) {
                in.expectKey("value");
                value = in.readBytes();
            }
            in.endMap();
            in.end();
            return new LocalRecord(kind, key, value, number);
        } catch (DecodeException e) {
            throw new PandoException(
                    PandoException.Kind.CORRUPT,
                    "local record " + block.cid() + " cannot be read: " + e.getMessage(),
                    e);
        }
    }
}
