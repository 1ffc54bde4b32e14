package dev.pando;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A range over the leading columns of a key or index. Bounds may be shorter than the key: a prefix stands for all keys
 * that begin with it. Of columns that an index has in descending order, {@code low} bounds the lesser values all the same,
 * where it is the first column in which the bounds differ.
 *
 * @param low values of the leading columns, empty for the beginning
 * @param high values of the leading columns, empty for the end
 */
public record KeyRange(
        List<@Nullable Object> low, boolean lowInclusive, List<@Nullable Object> high, boolean highInclusive) {

    /** Everything. */
    public static KeyRange all() {
        return new KeyRange(List.of(), true, List.of(), true);
    }

    /** All keys that begin with {@code prefix}. */
    public static KeyRange prefix(List<@Nullable Object> prefix) {
        return new KeyRange(prefix, true, prefix, true);
    }
}
