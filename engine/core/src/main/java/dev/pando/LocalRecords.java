package dev.pando;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Small durable records of the layers above, kept in this node's log and never replicated, served or exported. A write
 * is durable when its method returns. Thread-safe.
 */
public interface LocalRecords {

    /** Bytes of one value at most. */
    int VALUE_BYTES_MAX = 256 * 1024;

    byte @Nullable [] get(String kind, String key);

    /** All records of a kind, by key. */
    Map<String, byte[]> all(String kind);

    void put(String kind, String key, byte[] value);

    void remove(String kind, String key);
}
