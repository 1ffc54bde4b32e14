package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.MergeKind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
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
        Fields constraints = new Fields(in.get("constraints", Map.class));
        return new TableSpec(
                in.get("schema", String.class),
                in.get("name", String.class),
                in.list("columns").stream().map(SpecCodec::column).toList(),
                texts(in.list("key")),
                in.get("local", Boolean.class),
                in.integer("generation"),
                in.list("checks").stream().map(SpecCodec::check).toList(),
                constraints.list("unique").stream().map(SpecCodec::unique).toList(),
                constraints.list("foreign").stream().map(SpecCodec::foreignKey).toList());
    }

    private static Table.Check check(Object value) {
        List<?> fields = fields(value, 2);
        return new Table.Check(text(fields.get(0)), text(fields.get(1)));
    }

    private static TableSpec.UniqueSpec unique(Object value) {
        List<?> fields = fields(value, 2);
        return new TableSpec.UniqueSpec(text(fields.get(0)), texts(fields.get(1)));
    }

    private static TableSpec.ForeignKeySpec foreignKey(Object value) {
        List<?> fields = fields(value, 5);
        return new TableSpec.ForeignKeySpec(
                text(fields.get(0)),
                texts(fields.get(1)),
                text(fields.get(2)),
                text(fields.get(3)),
                texts(fields.get(4)));
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

    private static TableSpec.ColumnSpec column(Object value) {
        Fields in = new Fields(value);
        ColumnType type = new ColumnType(
                in.constant("family", Family.class),
                in.get("type", String.class),
                in.integer("precision"),
                in.integer("scale"));
        return new TableSpec.ColumnSpec(
                in.get("name", String.class),
                type,
                in.constant("merge", MergeKind.class),
                in.get("nullable", Boolean.class),
                in.text("default"),
                in.get("identity", Boolean.class));
    }

    private static List<Object> foreignKey(TableSpec.ForeignKeySpec key) {
        return List.of(key.name(), key.columns(), key.targetSchema(), key.targetTable(), key.targetColumns());
    }

    private static List<?> fields(Object value, int count) {
        if (value instanceof List<?> fields && fields.size() == count) {
            return fields;
        }
        throw new DecodeException("a constraint that has not " + count + " fields");
    }

    private static String text(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new DecodeException("a name that is no text");
    }

    private static List<String> texts(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(SpecCodec::text).toList();
        }
        throw new DecodeException("names that are no list");
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

        int integer(String name) {
            long value = get(name, Long.class);
            if (value != (int) value) {
                throw new DecodeException("a table whose " + name + " is " + value);
            }
            return (int) value;
        }

        <E extends Enum<E>> E constant(String name, Class<E> type) {
            String value = get(name, String.class);
            for (E constant : type.getEnumConstants()) {
                if (constant.name().equals(value)) {
                    return constant;
                }
            }
            throw new DecodeException("a column whose " + name + " is '" + value + "'");
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
