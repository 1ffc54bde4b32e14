package dev.pando.store;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Maps on the heap, gone at the end. */
final class MemoryMaps implements MapSet {

    private final Map<String, DerivedMap> maps = new ConcurrentHashMap<>();

    @Override
    public DerivedMap map(String name) {
        return maps.computeIfAbsent(name, ignored -> new MemoryMap());
    }

    @Override
    public void load(String name, List<PageCursor.Entry> entries) {
        DerivedMap map = map(name);
        entries.forEach(entry -> map.put(entry.key(), entry.value()));
    }

    @Override
    public Map<String, DerivedMap> all() {
        return Map.copyOf(maps);
    }

    @Override
    public boolean reopen(Map<String, String> files) {
        return false;
    }

    @Override
    public void discard() {
        maps.values().forEach(map -> ((MemoryMap) map).entries.clear());
    }

    @Override
    public void end() {
        maps.clear();
    }

    @Override
    public boolean isDamaged() {
        return false;
    }

    @Override
    public @Nullable String indexDirectory() {
        return null;
    }

    @Override
    public Map<String, String> close() {
        maps.clear();
        return Map.of();
    }

    @Override
    public String description() {
        return "memory";
    }

    private static final class MemoryMap implements DerivedMap {

        private final ConcurrentHashMap<Key, byte[]> entries = new ConcurrentHashMap<>();

        @Override
        public byte @Nullable [] get(byte[] key) {
            byte[] value = entries.get(new Key(key));
            return value == null ? null : value.clone();
        }

        @Override
        public boolean contains(byte[] key) {
            return entries.containsKey(new Key(key));
        }

        @Override
        public void put(byte[] key, byte[] value) {
            DerivedMaps.checkEntry(key, value);
            entries.put(new Key(key.clone()), value.clone());
        }

        @Override
        public void remove(byte[] key) {
            entries.remove(new Key(key));
        }

        @Override
        public long size() {
            return entries.mappingCount();
        }

        @Override
        public EntryWalk walk() {
            return new Walk(entries.entrySet().iterator());
        }
    }

    /** Shows the arrays of the map itself: they are never changed. */
    private static final class Walk implements EntryWalk {

        private static final byte[] NOTHING = {};

        private final Iterator<Map.Entry<Key, byte[]>> all;
        private byte[] key = NOTHING;
        private byte[] value = NOTHING;

        Walk(Iterator<Map.Entry<Key, byte[]>> all) {
            this.all = all;
        }

        @Override
        public boolean next() {
            if (!all.hasNext()) {
                return false;
            }
            Map.Entry<Key, byte[]> entry = all.next();
            key = entry.getKey().bytes;
            value = entry.getValue();
            return true;
        }

        @Override
        public byte[] keyBytes() {
            return key;
        }

        @Override
        public int keyFrom() {
            return 0;
        }

        @Override
        public int keyLength() {
            return key.length;
        }

        @Override
        public byte[] valueBytes() {
            return value;
        }

        @Override
        public int valueFrom() {
            return 0;
        }

        @Override
        public int valueLength() {
            return value.length;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private static final class Key {
        private final byte[] bytes;
        private final int hash;

        Key(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && hash == that.hash && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
