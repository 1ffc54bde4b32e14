package dev.pando.collection;

import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.MergeKind;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.TableSpec;
import dev.pando.TableSpec.ColumnSpec;
import dev.pando.dag.ColumnId;
import java.util.HashSet;
import java.util.Set;

/** What a table may be. */
final class SpecRules {

    /** Columns of one table at most; refused with 54000. */
    static final int COLUMNS_MAX = 1_024;

    /** Characters of a name at most; refused with 54000. */
    static final int NAME_MAX = 128;

    private SpecRules() {}

    static void check(TableSpec spec) {
        checkName("schema", spec.schema());
        checkName("table", spec.name());
        if (spec.columns().size() > COLUMNS_MAX) {
            throw new PandoException(Kind.LIMIT_EXCEEDED, "a table has at most " + COLUMNS_MAX + " columns");
        }
        if (spec.columns().isEmpty()) {
            throw Definition.invalid(spec, "it has no columns");
        }
        Set<String> names = new HashSet<>();
        for (ColumnSpec column : spec.columns()) {
            checkColumn(spec, column);
            if (!names.add(ColumnId.fold(column.name()))) {
                throw new PandoException(
                        Kind.COLUMN_EXISTS,
                        "table " + spec.schema() + "." + spec.name() + ": column " + column.name() + " twice");
            }
        }
        checkKey(spec);
        spec.uniques().forEach(unique -> unique.columns().forEach(name -> CollectionId.find(spec, name)));
        spec.foreignKeys().forEach(key -> key.columns().forEach(name -> CollectionId.find(spec, name)));
    }

    static void checkColumn(TableSpec spec, ColumnSpec column) {
        checkName("column", column.name());
        Family family = column.type().family();
        ColumnId.Op op = switch (column.merge()) {
            case LAST -> ColumnId.Op.SET;
            case SUM -> ColumnId.Op.ADD;
            case MAX -> ColumnId.Op.MAX;
            case MIN -> ColumnId.Op.MIN;
        };
        if (!ColumnId.allows(family, op)) {
            throw Definition.invalid(
                    spec,
                    "column " + column.name() + " of type " + Types.sqlName(column.type()) + " cannot merge by "
                            + column.merge() + (op == ColumnId.Op.ADD ? ": only exact numbers add up" : ""));
        }
        checkDecimal(spec, column.name(), column.type());
        if (column.identity() && !column.type().name().equals("BIGINT")) {
            throw Definition.invalid(
                    spec,
                    "column " + column.name()
                            + ": IDENTITY makes values of 63 bits: use BIGINT, or UUID with DEFAULT RANDOM_UUID()");
        }
    }

    private static void checkDecimal(TableSpec spec, String column, ColumnType type) {
        boolean valid = type.family() != Family.DEC
                || type.scale() >= 0
                        && type.scale() <= ColumnId.SCALE_MAX
                        && type.precision() <= ColumnId.SCALE_MAX
                        && (type.precision() < 0 || type.precision() >= Math.max(1, type.scale()));
        if (!valid) {
            throw Definition.invalid(
                    spec, "column " + column + ": DECIMAL has 1 to 38 digits, of which the scale is a part");
        }
    }

    private static void checkKey(TableSpec spec) {
        Set<String> key = new HashSet<>();
        for (String name : spec.primaryKey()) {
            ColumnSpec column = CollectionId.find(spec, name);
            if (column.merge() != MergeKind.LAST) {
                throw Definition.invalid(spec, "key column " + name + " cannot merge by " + column.merge());
            }
            Family family = column.type().family();
            if (family == Family.JSON || family == Family.ARRAY) {
                throw Definition.invalid(spec, "key column " + name + " cannot be " + Types.sqlName(column.type()));
            }
            if (!key.add(ColumnId.fold(name))) {
                throw Definition.invalid(spec, "key column " + name + " twice");
            }
        }
    }

    static void checkName(String what, String name) {
        if (name.isEmpty() || name.length() > NAME_MAX) {
            throw new PandoException(
                    Kind.LIMIT_EXCEEDED,
                    "a " + what + " name has 1 to " + NAME_MAX + " characters, not " + name.length());
        }
    }
}
