package dev.pando.collection;

import dev.pando.Column;
import dev.pando.ColumnType.Family;
import dev.pando.DocumentId;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Table;
import dev.pando.dag.Delta;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Primary keys and the document ids made of them. */
public final class Keys {

    /** Bytes of one key value at most; refused with 54000. */
    public static final int VALUE_BYTES_MAX = 4_096;

    private Keys() {}

    /**
     * The key of a row, as it stands in the delta that first inserts it.
     *
     * @param values converted values in key order
     * @throws PandoException {@code NOT_NULL_VIOLATION}, {@code LIMIT_EXCEEDED}
     */
    public static SortedMap<String, Value> of(Table table, List<? extends @Nullable Object> values) {
        SortedMap<String, Value> key = new TreeMap<>(DagCbor.KEY_ORDER);
        for (int i = 0; i < values.size(); i++) {
            Column column = table.columns().get(table.primaryKey().get(i));
            key.put(column.id(), encode(table, column, values.get(i)));
        }
        return key;
    }

    private static Value encode(Table table, Column column, @Nullable Object value) {
        if (value == null) {
            throw new PandoException(
                    Kind.NOT_NULL_VIOLATION,
                    "column " + column.name() + " of " + table.qualifiedName() + " is part of the key: no NULL");
        }
        Value encoded = Values.encode(column.type().family(), value);
        if (encoded.encoded().length > VALUE_BYTES_MAX) {
            throw new PandoException(
                    Kind.LIMIT_EXCEEDED,
                    "key column " + column.name() + " takes at most " + VALUE_BYTES_MAX + " bytes");
        }
        return encoded;
    }

    /** The key of a row of a table without primary key. */
    public static SortedMap<String, Value> random(byte[] sixteenRandomBytes) {
        SortedMap<String, Value> key = new TreeMap<>(DagCbor.KEY_ORDER);
        key.put("", Values.encode(Family.BYTES, sixteenRandomBytes));
        return key;
    }

    /** SHA-256 of DAG-CBOR {@code [collection, key]}. */
    public static DocumentId documentId(Cid collection, SortedMap<String, Value> key) {
        return Delta.documentId(collection, key);
    }

    /** The document of that primary key. */
    public static DocumentId documentId(Table table, List<? extends @Nullable Object> values) {
        if (values.size() == 1) {
            // The way of most reads by key: no sorted map is needed to order one entry.
            Column column = table.columns().get(table.primaryKey().get(0));
            return Delta.documentId(table.collectionId(), column.id(), encode(table, column, values.get(0)));
        }
        return documentId(table.collectionId(), of(table, values));
    }
}
