package dev.pando.store;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where each replicated block stands: CID → position and length of its content. Any thread reads; the writer adds.
 *
 * <p>A block goes through three places, each entered before the one before is left, so that a reader who asks them in
 * this order never misses it: blocks that are appended but not yet written to their file are kept here themselves;
 * places of written ones wait to be put into the map; then they are in the map. Many at a time are put there by a thread
 * of its own, for that takes as long as merging what the blocks say.
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

    /** As few places as this the writer puts into the map itself. */
    private static final int BACKGROUND_MIN = 128;

    /** Places between which other threads may come first. */
    private static final int STEPS = 32;

    /** A map that held more blocks is made anew: clearing one costs as much as it ever held. */
    private static final int KEPT_MAX = 256;

    /** Places that may wait; the writer waits when there are more. */
    private static final int WAITING_MAX = 1 << 16;

    private final DerivedMap map;
    private final @Nullable BackgroundWriter background;
    private volatile ConcurrentHashMap<Cid, Block> unwritten = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Cid, Place> waiting = new ConcurrentHashMap<>();
    private List<Pending> pending = new ArrayList<>();

    /** Blocks that compaction takes out of the log, while they are still in the map. */
    private final Set<Cid> dropping = ConcurrentHashMap.newKeySet();

    /** Blocks that are in their file, but not certain to be on disk. */
    private final List<Cid> unforced = new ArrayList<>();

    /** @param inBackground whether there may be another thread: not in a simulation */
    BlockIndex(DerivedMap map, boolean inBackground) {
        this.map = map;
        this.background = inBackground ? new BackgroundWriter("pando-index", WAITING_MAX) : null;
    }

    private record Pending(Cid cid, Place place) {}

    record Place(long position, int length) {}

    /** Local records, markers and the like are never found by their CID. */
    static boolean isIndexed(Cid cid) {
        return (cid.codec() == Cid.DAG_CBOR || cid.codec() == Cid.RAW) && cid.byteLength() == KEY_BYTES;
    }

    boolean contains(Cid cid) {
        return isIndexed(cid) && (unwritten.containsKey(cid) || waiting.containsKey(cid) || isInMap(cid));
    }

    private boolean isInMap(Cid cid) {
        return (dropping.isEmpty() || !dropping.contains(cid)) && map.contains(cid.toBytes());
    }

    @Nullable
    Block unwritten(Cid cid) {
        return unwritten.get(cid);
    }

    @Nullable
    Place find(Cid cid) {
        if (!isIndexed(cid)) {
            return null;
        }
        Place written = waiting.get(cid);
        if (written != null) {
            return written;
        }
        if (!dropping.isEmpty() && dropping.contains(cid)) {
            return null;
        }
        byte[] value = map.get(cid.toBytes());
        if (value == null) {
            return null;
        }
        ByteBuffer place = ByteBuffer.wrap(value);
        return new Place(place.getLong(), place.getInt());
    }

    void addUnwritten(Block block, long position) {
        if (!dropping.isEmpty()) {
            remove(block.cid());
        }
        unwritten.put(block.cid(), block);
        pending.add(new Pending(block.cid(), new Place(position, block.bytes().length)));
    }

    /** All that was added can be read from its file now. */
    void written() {
        int count = pending.size();
        pending.forEach(added -> unforced.add(added.cid()));
        BackgroundWriter other = background;
        if (other == null || pending.size() < BACKGROUND_MIN && other.isIdle()) {
            pending.forEach(this::put);
            pending.clear();
        } else {
            List<Pending> some = pending;
            pending = new ArrayList<>();
            some.forEach(added -> waiting.put(added.cid(), added.place()));
            var courtesy = new Courtesy(STEPS);
            other.run(
                    some.size(),
                    () -> some.forEach(added -> {
                        courtesy.step();
                        put(added);
                        waiting.remove(added.cid(), added.place());
                    }));
        }
        forgetUnwritten(count);
    }

    private void forgetUnwritten(int count) {
        if (count > KEPT_MAX) {
            unwritten = new ConcurrentHashMap<>();
        } else {
            unwritten.clear();
        }
    }

    /** All that was written is on disk. */
    void forced() {
        unforced.clear();
    }

    /** What was added since {@link #forced} is not in the log any more. */
    void takeBack() {
        settle();
        forgetUnwritten(pending.size());
        pending.clear();
        unforced.forEach(cid -> map.remove(cid.toBytes()));
        unforced.clear();
    }

    /** Returns when all that was written to its file before this call is in the map. */
    void settle() {
        BackgroundWriter other = background;
        if (other != null) {
            other.settle();
        }
    }

    /** Like {@link #settle}; nothing is added any more. False when the map lacks something. */
    boolean close() {
        BackgroundWriter other = background;
        return other == null || other.close();
    }

    /** From now on these are not in the log. With the writer's lock; {@link #remove} follows for each. */
    void drop(Collection<Cid> cids) {
        dropping.addAll(cids);
    }

    /** Takes a dropped block out of the map, unless it has been appended again since. With the writer's lock. */
    void remove(Cid cid) {
        if (dropping.contains(cid)) {
            map.remove(cid.toBytes());
            dropping.remove(cid);
        }
    }

    private void put(Pending added) {
        put(added.cid(), added.place().position(), added.place().length());
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
