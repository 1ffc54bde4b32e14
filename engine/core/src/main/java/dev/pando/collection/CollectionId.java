package dev.pando.collection;

import dev.pando.PandoException;
import dev.pando.TableSpec;
import dev.pando.dag.ColumnId;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The id of a collection (docs/rules.md §5): hash of the folded schema and name, the columns of CREATE by their ids, the
 * key columns in key order and the generation, and of nothing else.
 */
public final class CollectionId {

    private CollectionId() {}

    /**
     * The same for every order of the columns.
     *
     * @throws PandoException {@code INVALID_DEFINITION} and the like when {@code spec} is no table
     */
    public static Cid of(TableSpec spec) {
        SpecRules.check(spec);
        return Cid.ofSha256(Cid.DAG_CBOR, encode(spec));
    }

    static byte[] encode(TableSpec spec) {
        TreeSet<String> columns = new TreeSet<>(DagCbor.KEY_ORDER);
        spec.columns().forEach(column -> columns.add(id(column)));
        List<String> key = new ArrayList<>();
        for (String name : spec.primaryKey()) {
            key.add(id(find(spec, name)));
        }
        return DagCbor.encode(Map.of(
                "v",
                1L,
                "schema",
                ColumnId.fold(spec.schema()),
                "name",
                ColumnId.fold(spec.name()),
                "columns",
                List.copyOf(columns),
                "key",
                key,
                "generation",
                (long) spec.generation()));
    }

    static String id(TableSpec.ColumnSpec column) {
        return ColumnId.of(column.name(), column.type(), column.merge()).text();
    }

    static TableSpec.ColumnSpec find(TableSpec spec, String name) {
        String folded = ColumnId.fold(name);
        for (TableSpec.ColumnSpec column : spec.columns()) {
            if (ColumnId.fold(column.name()).equals(folded)) {
                return column;
            }
        }
        throw new PandoException(
                PandoException.Kind.UNKNOWN_COLUMN,
                "table " + spec.schema() + "." + spec.name() + " has no column '" + name + "'");
    }
}
