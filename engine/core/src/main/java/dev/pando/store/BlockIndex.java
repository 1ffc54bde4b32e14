package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where each replicated block stands: CID → position and length of its content. Blocks that are appended but not yet
 * written to their file are kept here themselves. Any thread reads; the writer adds.
 *
 * <pre>
 * key    CID (36)
 * value  position: segment (4), offset (4) | length (4)
 * </pre>
 */
final class BlockIndex {

    static final String MAP = "index";

    static final int KEY_BYTES = Cid.SHA256_BYTES;
    static final int VALUE_BYTES = 12;

    private final DerivedMap map;
    private final ConcurrentHashMap<Cid, Block> unwritten = new ConcurrentHashMap<>();
    private final List<Pending> pending = new ArrayList<>();

    BlockIndex(DerivedMap map) {
        this.map = map;
    }

    private record Pending(Cid cid, long position, int length) {}

    record Place(long position, int length) {}

    /** Local records, markers and the like are never found by their CID. */
    static boolean isIndexed(Cid cid) {
        return (cid.codec() == Cid.DAG_CBOR || cid.codec() == Cid.RAW) && cid.byteLength() == KEY_BYTES;
    }

    boolean contains(Cid cid) {
        return isIndexed(cid) && (unwritten.containsKey(cid) || map.contains(cid.toBytes()));
    }

    @Nullable
    Block unwritten(Cid cid) {
        return unwritten.get(cid);
    }

    @Nullable
    Place find(Cid cid) {
        byte[] value = isIndexed(cid) ? map.get(cid.toBytes()) : null;
        if (value == null) {
            return null;
        }
        ByteBuffer place = ByteBuffer.wrap(value);
        return new Place(place.getLong(), place.getInt());
    }

    void addUnwritten(Block block, long position) {
        unwritten.put(block.cid(), block);
        pending.add(new Pending(block.cid(), position, block.bytes().length));
    }

    /** All that was added can be read from its file now. */
    void written() {
        for (Pending added : pending) {
            put(added.cid(), added.position(), added.length());
        }
        pending.clear();
        unwritten.clear();
    }

    void put(Cid cid, long position, int length) {
        map.put(
                cid.toBytes(),
                ByteBuffer.allocate(VALUE_BYTES)
                        .putLong(position)
                        .putInt(length)
                        .array());
    }

    long size() {
        return map.size() + unwritten.size();
    }
}
