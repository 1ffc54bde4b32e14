package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.MergeKind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The local record of a table: what CREATE said, as a DAG-CBOR map (docs/formats/definitions.md). */
final class SpecCodec {

    private SpecCodec() {}

    static byte[] encode(TableSpec spec, Cid collectionId) {
        return DagCbor.encode(Map.of(
                "v", 1L,
                "collection", collectionId,
                "schema", spec.schema(),
                "name", spec.name(),
                "local", spec.local(),
                "generation", (long) spec.generation(),
                "columns", spec.columns().stream().map(SpecCodec::column).toList(),
                "key", spec.primaryKey(),
                "checks",
                        spec.checks().stream()
                                .map(c -> List.of(c.name(), c.sql()))
                                .toList(),
                "constraints",
                        Map.of(
                                "unique",
                                spec.uniques().stream()
                                        .map(u -> List.of(u.name(), u.columns()))
                                        .toList(),
                                "foreign",
                                spec.foreignKeys().stream()
                                        .map(SpecCodec::foreignKey)
                                        .toList())));
    }

    static Cid collectionId(byte[] record) {
        return new Fields(DagCbor.decode(record)).get("collection", Cid.class);
    }

    static TableSpec decode(byte[] record) {
        Fields in = new Fields(DagCbor.decode(record));
        if (in.get("v", Long.class) != 1) {
            throw new DecodeException("a table of version " + in.get("v", Long.class));
        }
        List<TableSpec.ColumnSpec> columns = new ArrayList<>();
        for (Object column : in.list("columns")) {
            columns.add(column(new Fields(column)));
        }
        List<Table.Check> checks = new ArrayList<>();
        for (Object check : in.list("checks")) {
            List<String> texts = texts(check);
            checks.add(new Table.Check(texts.get(0), texts.get(1)));
        }
        Fields constraints = new Fields(in.get("constraints", Map.class));
        List<TableSpec.UniqueSpec> uniques = new ArrayList<>();
        for (Object unique : constraints.list("unique")) {
            List<?> pair = (List<?>) unique;
            uniques.add(new TableSpec.UniqueSpec((String) pair.get(0), texts(pair.get(1))));
        }
        List<TableSpec.ForeignKeySpec> foreignKeys = new ArrayList<>();
        for (Object key : constraints.list("foreign")) {
            List<?> fields = (List<?>) key;
            foreignKeys.add(new TableSpec.ForeignKeySpec(
                    (String) fields.get(0),
                    texts(fields.get(1)),
                    (String) fields.get(2),
                    (String) fields.get(3),
                    texts(fields.get(4))));
        }
        return new TableSpec(
                in.get("schema", String.class),
                in.get("name", String.class),
                List.copyOf(columns),
                texts(in.list("key")),
                in.get("local", Boolean.class),
                Math.toIntExact(in.get("generation", Long.class)),
                List.copyOf(checks),
                List.copyOf(uniques),
                List.copyOf(foreignKeys));
    }

    private static Map<String, @Nullable Object> column(TableSpec.ColumnSpec column) {
        Map<String, @Nullable Object> fields = new HashMap<>();
        fields.put("name", column.name());
        fields.put("family", column.type().family().name());
        fields.put("type", column.type().name());
        fields.put("precision", (long) column.type().precision());
        fields.put("scale", (long) column.type().scale());
        fields.put("merge", column.merge().name());
        fields.put("nullable", column.nullable());
        fields.put("default", column.defaultSql().orElse(null));
        fields.put("identity", column.identity());
        return fields;
    }

    private static TableSpec.ColumnSpec column(Fields in) {
        ColumnType type = new ColumnType(
                Family.valueOf(in.get("family", String.class)),
                in.get("type", String.class),
                Math.toIntExact(in.get("precision", Long.class)),
                Math.toIntExact(in.get("scale", Long.class)));
        return new TableSpec.ColumnSpec(
                in.get("name", String.class),
                type,
                MergeKind.valueOf(in.get("merge", String.class)),
                in.get("nullable", Boolean.class),
                in.text("default"),
                in.get("identity", Boolean.class));
    }

    private static List<Object> foreignKey(TableSpec.ForeignKeySpec key) {
        return List.of(key.name(), key.columns(), key.targetSchema(), key.targetTable(), key.targetColumns());
    }

    private static List<String> texts(@Nullable Object list) {
        List<String> texts = new ArrayList<>();
        if (list instanceof List<?> items) {
            items.forEach(item -> texts.add((String) item));
        }
        return List.copyOf(texts);
    }

    /** A decoded map whose entries have the type asked for, or are refused. */
    private record Fields(@Nullable Object map) {

        <T> T get(String name, Class<T> type) {
            Object value = map instanceof Map<?, ?> fields ? fields.get(name) : null;
            if (!type.isInstance(value)) {
                throw new DecodeException("a table without its " + name);
            }
            return type.cast(value);
        }

        List<?> list(String name) {
            return get(name, List.class);
        }

        Optional<String> text(String name) {
            Object value = map instanceof Map<?, ?> fields ? fields.get(name) : null;
            return value instanceof String text ? Optional.of(text) : Optional.empty();
        }
    }
}
