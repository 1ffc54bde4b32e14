package dev.pando.engine;

import dev.pando.PandoException;
import dev.pando.store.DerivedMap;
import dev.pando.store.PageCursor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The local records as they stand: in memory for readers, in the store's meta map for the next start. One writer, many
 * readers.
 */
final class Locals {

    /** Marks keys of local records in the meta map. */
    private static final byte PREFIX = 'r';

    /** What a record's kind and key take together at most, in UTF-8. */
    static final int NAME_BYTES_MAX = 1_000;

    private final DerivedMap meta;
    private final ConcurrentHashMap<String, ConcurrentSkipListMap<String, byte[]>> kinds = new ConcurrentHashMap<>();

    Locals(DerivedMap meta) {
        this.meta = meta;
    }

    /** Fills the memory from the meta map. */
    void load() {
        try (PageCursor pages = meta.pages()) {
            for (List<PageCursor.Entry> page = pages.next(); !page.isEmpty(); page = pages.next()) {
                page.forEach(this::loadEntry);
            }
        }
    }

    private void loadEntry(PageCursor.Entry entry) {
        byte[] name = entry.key();
        if (name[0] != PREFIX) {
            return;
        }
        String text = new String(name, 1, name.length - 1, StandardCharsets.UTF_8);
        int split = text.indexOf('\0');
        kind(text.substring(0, split)).put(text.substring(split + 1), entry.value());
    }

    /** Applies a record that is in the log. */
    void apply(LocalRecord record) {
        byte[] name = name(record.kind(), record.key());
        byte[] value = record.value();
        if (value == null) {
            meta.remove(name);
            kind(record.kind()).remove(record.key());
        } else {
            meta.put(name, value);
            kind(record.kind()).put(record.key(), value);
        }
    }

    byte @Nullable [] get(String kind, String key) {
        return kinds.getOrDefault(kind, EMPTY).get(key);
    }

    /** A copy, by key. */
    SortedMap<String, byte[]> all(String kind) {
        var present = kinds.get(kind);
        return present == null ? new TreeMap<>() : new TreeMap<>(present);
    }

    private static final ConcurrentSkipListMap<String, byte[]> EMPTY = new ConcurrentSkipListMap<>();

    private ConcurrentSkipListMap<String, byte[]> kind(String kind) {
        return kinds.computeIfAbsent(kind, k -> new ConcurrentSkipListMap<>());
    }

    /** @throws PandoException {@code INVALID_ARGUMENT} for a name that cannot be kept */
    static void checkName(String kind, String key) {
        if (kind.isEmpty() || kind.indexOf('\0') >= 0 || name(kind, key).length > NAME_BYTES_MAX) {
            throw new PandoException(
                    PandoException.Kind.INVALID_ARGUMENT,
                    "a local record's kind and key have " + NAME_BYTES_MAX + " bytes together at most");
        }
    }

    private static byte[] name(String kind, String key) {
        byte[] text = (kind + '\0' + key).getBytes(StandardCharsets.UTF_8);
        byte[] name = new byte[text.length + 1];
        name[0] = PREFIX;
        System.arraycopy(text, 0, name, 1, text.length);
        return name;
    }
}
