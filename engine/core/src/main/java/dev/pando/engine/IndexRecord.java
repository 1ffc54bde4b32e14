package dev.pando.engine;

import dev.pando.Index;
import dev.pando.PandoException;
import dev.pando.Table;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What this node keeps of an index. A local record of kind {@value #KIND}: docs/formats/local-records.md. */
record IndexRecord(Cid collection, String name, List<String> columnIds, List<Boolean> descending, boolean unique) {

    static final String KIND = "Index";

    IndexRecord named(String other) {
        return new IndexRecord(collection, other, columnIds, descending, unique);
    }

    byte[] encode() {
        return DagCbor.encode(Map.of(
                "id", collection, "name", name, "columns", columnIds, "descending", descending, "unique", unique));
    }

    static IndexRecord decode(byte[] bytes) {
        try {
            Map<?, ?> map = (Map<?, ?>) Objects.requireNonNull(DagCbor.decode(bytes));
            List<?> columns = (List<?>) Objects.requireNonNull(map.get("columns"));
            List<?> descending = (List<?>) Objects.requireNonNull(map.get("descending"));
            if (descending.size() != columns.size()) {
                throw new DecodeException("an index of " + columns.size() + " columns with another number of orders");
            }
            return new IndexRecord(
                    (Cid) Objects.requireNonNull(map.get("id")),
                    (String) Objects.requireNonNull(map.get("name")),
                    columns.stream().map(String.class::cast).toList(),
                    descending.stream().map(Boolean.class::cast).toList(),
                    (Boolean) Objects.requireNonNull(map.get("unique")));
        } catch (DecodeException | ClassCastException | NullPointerException e) {
            throw new PandoException(PandoException.Kind.CORRUPT, "the record of an index cannot be read: " + e, e);
        }
    }

    /** The index as {@code table} shows it; empty when it no longer shows all of the columns. */
    Optional<Index> on(Table table) {
        var ordinals = new ArrayList<Integer>();
        for (String id : columnIds) {
            int ordinal = TableState.ordinal(table, id);
            if (ordinal < 0) {
                return Optional.empty();
            }
            ordinals.add(ordinal);
        }
        return Optional.of(new Index(table.schema(), name, table.name(), List.copyOf(ordinals), descending, unique));
    }
}
