package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Elements of arrays whose values are not of themselves what they are stored as: an array column's id says no more than
 * {@code array}, so the bytes of a decimal carry its scale, and the column's type tells bytes that are a decimal or a
 * UUID from bytes that are bytes.
 */
final class ArrayElements {

    private static final String SUFFIX = " ARRAY";

    private ArrayElements() {}

    /** The type of the innermost elements, when it is DECIMAL or UUID. */
    static Optional<ColumnType> special(ColumnType array) {
        String name = array.name();
        while (name.endsWith(SUFFIX)) {
            name = name.substring(0, name.length() - SUFFIX.length());
        }
        return switch (name) {
            case "DECIMAL", "NUMERIC" ->
                Optional.of(new ColumnType(Family.DEC, "DECIMAL", array.precision(), array.scale()));
            case "UUID" -> Optional.of(new ColumnType(Family.UUID, "UUID", -1, 0));
            default -> Optional.empty();
        };
    }

    /** The array as users see it, of what was decoded by family. Bytes of another form stay bytes. */
    static @Nullable Object shown(ColumnType array, @Nullable Object decoded) {
        Optional<ColumnType> element = special(array);
        return element.isEmpty() || decoded == null
                ? decoded
                : shown(element.get().family(), decoded);
    }

    private static @Nullable Object shown(Family family, @Nullable Object value) {
        if (value instanceof List<?> list) {
            List<@Nullable Object> shown = new ArrayList<>(list.size());
            list.forEach(item -> shown.add(shown(family, item)));
            return Collections.unmodifiableList(shown);
        }
        if (!(value instanceof byte[] bytes)) {
            return value;
        }
        if (family == Family.UUID) {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            return bytes.length == 16 ? new UUID(in.getLong(), in.getLong()) : bytes;
        }
        return bytes.length < 2
                ? bytes
                : new BigDecimal(new BigInteger(Arrays.copyOfRange(bytes, 1, bytes.length)), bytes[0]);
    }
}
