package dev.pando.collection;

import dev.pando.Column;
import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.Index;
import dev.pando.MergeKind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.BlockSource;
import dev.pando.dag.ColumnId;
import dev.pando.dag.FieldOp;
import dev.pando.dag.LargeValue;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A definition as registers: {@code column/<column id>/<attribute>} and {@code check/<name>}, {@code unique/<name>},
 * {@code foreign/<name>}. Each is a column of the definitions' collection that merges by {@code set}. Immutable.
 *
 * @param values by register name, without family and merge kind; NULL for what was taken away
 */
record Registers(SortedMap<String, @Nullable Object> values) {

    static final String COLUMN = "column/";

    /** The table's own comment. */
    static final String COMMENT = "comment";

    private static final Map<String, Family> ATTRIBUTES = Map.of(
            "name", Family.TEXT,
            "type", Family.TEXT,
            "nullable", Family.BOOL,
            "default", Family.TEXT,
            "identity", Family.BOOL,
            "place", Family.INT,
            "hidden", Family.BOOL,
            "comment", Family.TEXT);

    static Registers of(TableSpec spec) {
        SortedMap<String, @Nullable Object> values = new TreeMap<>();
        long place = 0;
        for (TableSpec.ColumnSpec column : spec.columns()) {
            putColumn(values, column, place++);
        }
        spec.checks().forEach(check -> values.put("check/" + check.name(), check.sql()));
        spec.uniques().forEach(unique -> values.put("unique/" + unique.name(), ids(spec, unique.columns())));
        spec.foreignKeys()
                .forEach(key -> values.put(
                        "foreign/" + key.name(),
                        List.of(ids(spec, key.columns()), key.targetSchema(), key.targetTable(), key.targetColumns())));
        return new Registers(Collections.unmodifiableSortedMap(values));
    }

    static void putColumn(Map<String, @Nullable Object> values, TableSpec.ColumnSpec column, long place) {
        String prefix = COLUMN + CollectionId.id(column) + "/";
        values.put(prefix + "name", column.name());
        values.put(prefix + "type", Types.sqlName(column.type()));
        values.put(prefix + "nullable", column.nullable());
        values.put(prefix + "default", column.defaultSql().orElse(null));
        values.put(prefix + "identity", column.identity());
        values.put(prefix + "place", place);
        values.put(prefix + "hidden", false);
    }

    static List<String> ids(TableSpec spec, List<String> names) {
        return names.stream()
                .map(name -> CollectionId.id(CollectionId.find(spec, name)))
                .toList();
    }

    /** These registers with those that a document's state has set. Names this program does not know are left out. */
    Registers overlaid(DocumentState state) {
        SortedMap<String, @Nullable Object> overlaid = new TreeMap<>(values);
        for (String column : state.columns()) {
            ColumnId id = ColumnId.parse(column);
            Value value = state.value(column);
            if (value != null && id.op() == ColumnId.Op.SET && id.family() == family(id.name())) {
                boolean linked = id.family() == Family.TEXT && !value.isNull() && LargeValue.isLarge(value);
                if (!linked) {
                    overlaid.put(id.name(), Values.decode(id.family(), id.scale(), value, BlockSource.EMPTY));
                }
            }
        }
        return new Registers(Collections.unmodifiableSortedMap(overlaid));
    }

    private static @Nullable Family family(String register) {
        if (register.startsWith("check/") || register.equals(COMMENT)) {
            return Family.TEXT;
        } else if (register.startsWith("unique/") || register.startsWith("foreign/")) {
            return Family.ARRAY;
        }
        return register.startsWith(COLUMN) ? ATTRIBUTES.get(register.substring(register.lastIndexOf('/') + 1)) : null;
    }

    /** Ops that make these registers those of {@code wanted}; registers that it does not have stay. */
    SortedMap<String, FieldOp> difference(Registers wanted) {
        SortedMap<String, FieldOp> ops = new TreeMap<>(DagCbor.KEY_ORDER);
        wanted.values.forEach((register, value) -> {
            Family family = family(register);
            if (family != null && !DeltaFactory.same(values.get(register), value)) {
                String column = ColumnId.parse(register + ":" + familyText(family) + ":set")
                        .text();
                ops.put(column, new FieldOp.SetValue(Values.encode(family, value)));
            }
        });
        return ops;
    }

    private static String familyText(Family family) {
        return new ColumnType(family, family.name(), -1, 0).familyText();
    }

    Table table(TableSpec spec, String name, Cid collectionId, List<Index> indexes) {
        List<Column> columns = new ArrayList<>();
        Map<String, Integer> ordinals = new HashMap<>();
        for (Shown shown : shown(spec)) {
            ordinals.put(shown.id.text(), columns.size());
            columns.add(column(shown, columns.size()));
        }
        List<Integer> key = new ArrayList<>();
        ids(spec, spec.primaryKey()).forEach(id -> key.add(ordinals.get(id)));
        Constraints constraints = new Constraints(values, ordinals);
        return new Table(
                spec.schema(),
                name,
                collectionId,
                List.copyOf(columns),
                List.copyOf(key),
                spec.local(),
                constraints.checks(),
                constraints.uniques(),
                constraints.foreignKeys(),
                List.copyOf(indexes),
                Optional.ofNullable((String) values.get(COMMENT)));
    }

    private Column column(Shown shown, int ordinal) {
        MergeKind merge = switch (shown.id.op()) {
            case ADD -> MergeKind.SUM;
            case MAX -> MergeKind.MAX;
            case MIN -> MergeKind.MIN;
            case SET, ELEMENTS -> MergeKind.LAST;
        };
        String prefix = COLUMN + shown.id.text() + "/";
        return new Column(
                ordinal,
                shown.id.text(),
                shown.name,
                TypeText.parse(shown.id, (String) values.get(prefix + "type")),
                merge,
                !Boolean.FALSE.equals(values.get(prefix + "nullable")),
                Optional.ofNullable((String) values.get(prefix + "default")),
                Boolean.TRUE.equals(values.get(prefix + "identity")),
                Optional.ofNullable((String) values.get(prefix + "comment")));
    }

    List<String> remarks(TableSpec spec) {
        List<String> remarks = new ArrayList<>();
        for (Shown shown : shown(spec)) {
            if (!shown.name.equals(shown.asked)) {
                remarks.add("column " + shown.id + " is shown as " + shown.name + ": another one has the name "
                        + shown.asked);
            }
        }
        return remarks;
    }

    /** The columns in order, with the names they show under: of one name, the least id keeps it. */
    List<Shown> shown(TableSpec spec) {
        List<Shown> asked = new ArrayList<>();
        List<String> key = ids(spec, spec.primaryKey());
        for (String register : values.keySet()) {
            if (register.startsWith(COLUMN) && register.endsWith("/name")) {
                String id = register.substring(COLUMN.length(), register.length() - "/name".length());
                Shown column = shown(id);
                if (column != null && (!column.hidden || key.contains(id))) {
                    asked.add(column);
                }
            }
        }
        asked.sort(Comparator.comparing(column -> column.id.text()));
        Map<String, Shown> names = new HashMap<>();
        List<Shown> all = new ArrayList<>();
        for (Shown column : asked) {
            Shown named = column;
            while (names.putIfAbsent(ColumnId.fold(named.name), named) != null) {
                named = named.renamed();
            }
            all.add(named);
        }
        all.sort(Comparator.comparingLong(Shown::place).thenComparing(column -> column.id.text()));
        return all;
    }

    private @Nullable Shown shown(String column) {
        ColumnId id;
        try {
            id = ColumnId.parse(column);
        } catch (DecodeException e) {
            return null; // a register of something that is no column: of a later program, or of nobody's
        }
        String prefix = COLUMN + column + "/";
        if (!(values.get(prefix + "name") instanceof String name)
                || name.isEmpty()
                || id.op() == ColumnId.Op.ELEMENTS) {
            return null;
        }
        long place = values.get(prefix + "place") instanceof Long number ? number : Long.MAX_VALUE;
        return new Shown(id, name, name, place, Boolean.TRUE.equals(values.get(prefix + "hidden")));
    }

    /** @param asked the name that was asked for */
    record Shown(ColumnId id, String name, String asked, long place, boolean hidden) {

        Shown renamed() {
            String family =
                    id.text().substring(id.name().length() + 1, id.text().lastIndexOf(':'));
            return new Shown(id, name + "$" + family.toUpperCase(Locale.ROOT), asked, place, hidden);
        }
    }
}
