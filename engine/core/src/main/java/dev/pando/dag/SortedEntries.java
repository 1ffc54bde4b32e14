package dev.pando.dag;

import dev.pando.ipld.DagCbor;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A small map that was read in order: two arrays, so that decoding a delta compares no keys. Immutable, in
 * {@link DagCbor#KEY_ORDER}.
 */
final class SortedEntries<V> extends AbstractMap<String, V> implements SortedMap<String, V> {

    private final String[] keys;
    private final V[] values;

    /** Takes over arrays of one length, {@code keys} ascending. */
    SortedEntries(String[] keys, V[] values) {
        this.keys = keys;
        this.values = values;
    }

    private int indexOf(@Nullable Object key) {
        if (key instanceof String text) {
            for (int i = 0; i < keys.length; i++) {
                if (keys[i].equals(text)) {
                    return i;
                }
            }
        }
        return -1;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        int at = indexOf(key);
        return at < 0 ? null : values[at];
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return indexOf(key) >= 0;
    }

    @Override
    public int size() {
        return keys.length;
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super V> action) {
        for (int i = 0; i < keys.length; i++) {
            action.accept(keys[i], values[i]);
        }
    }

    @Override
    public Set<Map.Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, V>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return keys.length;
            }
        };
    }

    @Override
    public Comparator<? super String> comparator() {
        return DagCbor.KEY_ORDER;
    }

    @Override
    public SortedMap<String, V> subMap(String from, String to) {
        return tree().subMap(from, to);
    }

    @Override
    public SortedMap<String, V> headMap(String to) {
        return tree().headMap(to);
    }

    @Override
    public SortedMap<String, V> tailMap(String from) {
        return tree().tailMap(from);
    }

    private SortedMap<String, V> tree() {
        return new TreeMap<>(this);
    }

    @Override
    public String firstKey() {
        return Arrays.asList(keys).get(0);
    }

    @Override
    public String lastKey() {
        return Arrays.asList(keys).get(keys.length - 1);
    }

    private final class Entries implements Iterator<Map.Entry<String, V>> {

        private int at;

        @Override
        public boolean hasNext() {
            return at < keys.length;
        }

        @Override
        public Map.Entry<String, V> next() {
            if (at == keys.length) {
                throw new NoSuchElementException();
            }
            return Map.entry(keys[at], values[at++]);
        }
    }
}
