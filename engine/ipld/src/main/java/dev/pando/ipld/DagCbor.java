package dev.pando.ipld;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DAG-CBOR as Java objects, where speed is no concern. The model: null, {@link Boolean}, {@link Long},
 * {@link BigInteger} (beyond the range of long only), {@link Double}, {@link String}, {@code byte[]}, {@link List},
 * {@link Map} with {@link String} keys, {@link Cid}.
 */
public final class DagCbor {

    /** The order of keys in a map: the shorter UTF-8 first, then by bytes. */
    public static final Comparator<String> KEY_ORDER = Utf8::compareKeys;

    /** Room made for a container before its items are read: its announced count is not to be trusted yet. */
    private static final int INITIAL_ITEMS_MAX = 64;

    private DagCbor() {}

    /**
     * Encodes {@code value}; maps in any order.
     *
     * @throws IllegalArgumentException when it holds anything outside the model, NaN, an infinity or a lone surrogate
     * @throws IllegalStateException when it is nested deeper than 64
     */
    public static byte[] encode(@Nullable Object value) {
        CborWriter writer = new CborWriter();
        write(writer, value);
        return writer.toByteArray();
    }

    /**
     * Decodes one whole value. Lists and maps cannot be modified; maps iterate in {@link #KEY_ORDER}.
     *
     * @throws DecodeException when the bytes are not exactly one canonical value
     */
    public static @Nullable Object decode(byte[] bytes) {
        CborReader reader = new CborReader(bytes);
        Object value = read(reader);
        reader.end();
        return value;
    }

    /** Writes {@code value} as the next value of {@code writer}. */
    public static void write(CborWriter writer, @Nullable Object value) {
        if (value == null) {
            writer.writeNull();
        } else if (value instanceof Boolean bool) {
            writer.writeBool(bool);
        } else if (value instanceof Long number) {
            writer.writeInt(number);
        } else if (value instanceof BigInteger number) {
            writer.writeInteger(number);
        } else if (value instanceof Double number) {
            writer.writeDouble(number);
        } else if (value instanceof String text) {
            writer.writeText(text);
        } else if (value instanceof byte[] bytes) {
            writer.writeBytes(bytes);
        } else if (value instanceof Cid cid) {
            writer.writeLink(cid);
        } else if (value instanceof List<?> list) {
            writer.startList(list.size());
            for (Object item : list) {
                write(writer, item);
            }
        } else if (value instanceof Map<?, ?> map) {
            writeMap(writer, map);
        } else {
            throw new IllegalArgumentException(
                    "not of the IPLD data model: " + value.getClass().getName());
        }
    }

    private static void writeMap(CborWriter writer, Map<?, ?> map) {
        String[] keys = new String[map.size()];
        int i = 0;
        for (Object key : map.keySet()) {
            if (!(key instanceof String text)) {
                throw new IllegalArgumentException("map keys are text, got " + key);
            }
            keys[i++] = text;
        }
        Arrays.sort(keys, KEY_ORDER);
        writer.startMap(keys.length);
        for (String key : keys) {
            writer.writeKey(key);
            write(writer, map.get(key));
        }
    }

    /** Reads the next value of {@code reader}. */
    public static @Nullable Object read(CborReader reader) {
        return switch (reader.peek()) {
            case NULL -> {
                reader.readNull();
                yield null;
            }
            case BOOL -> reader.readBool();
            case INT -> {
                BigInteger number = reader.readInteger();
                yield number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
            }
            case DOUBLE -> reader.readDouble();
            case TEXT -> reader.readText();
            case BYTES -> reader.readBytes();
            case LINK -> reader.readLink();
            case LIST -> readList(reader);
            case MAP -> readMap(reader);
        };
    }

    private static List<@Nullable Object> readList(CborReader reader) {
        int items = reader.readList();
        List<@Nullable Object> list = new ArrayList<>(Math.min(items, INITIAL_ITEMS_MAX));
        for (int i = 0; i < items; i++) {
            list.add(read(reader));
        }
        return Collections.unmodifiableList(list);
    }

    private static Map<String, @Nullable Object> readMap(CborReader reader) {
        int entries = reader.readMap();
        Map<String, @Nullable Object> map = new LinkedHashMap<>(Math.min(entries, INITIAL_ITEMS_MAX) * 2);
        for (int i = 0; i < entries; i++) {
            String key = reader.readKey();
            map.put(key, read(reader));
        }
        return Collections.unmodifiableMap(map);
    }
}
