package dev.pando.collection;

import dev.pando.Alteration;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.TableSpec;
import dev.pando.dag.ColumnId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What ALTER TABLE makes of registers: each change sees what those before it made. One thread's. */
final class Alterations {

    /** Characters of an expression or a comment at most; refused with 54000. A register never is a linked value. */
    static final int TEXT_MAX = 16_384;

    private static final List<String> CONSTRAINTS = List.of("check/", "unique/", "foreign/");

    private final TableSpec spec;
    private final SortedMap<String, @Nullable Object> values;

    Alterations(TableSpec spec, Registers present) {
        this.spec = spec;
        this.values = new TreeMap<>(present.values());
    }

    /** What the changes so far have made. */
    Registers registers() {
        return new Registers(values);
    }

    void apply(Alteration change) {
        if (change instanceof Alteration.AddColumn add) {
            addColumn(add.column());
        } else if (change instanceof Alteration.DropColumn drop) {
            dropColumn(drop.column());
        } else if (change instanceof Alteration.RenameColumn rename) {
            renameColumn(rename.column(), rename.newName());
        } else if (change instanceof Alteration.SetType type) {
            setType(type);
        } else if (change instanceof Alteration.SetDefault set) {
            setDefault(set);
        } else if (change instanceof Alteration.SetNullable set) {
            setNullable(set);
        } else if (change instanceof Alteration.AddCheck add) {
            addConstraint("check/", add.check().name(), text(add.check().sql()));
        } else if (change instanceof Alteration.AddUnique add) {
            addConstraint("unique/", add.unique().name(), ids(add.unique().columns()));
        } else if (change instanceof Alteration.AddForeignKey add) {
            addForeignKey(add.foreignKey());
        } else if (change instanceof Alteration.DropConstraint drop) {
            dropConstraint(drop.name());
        } else if (change instanceof Alteration.SetComment comment) {
            setComment(comment);
        }
    }

    // ---- columns

    private void addColumn(TableSpec.ColumnSpec column) {
        SpecRules.checkColumn(spec, column);
        column.defaultSql().ifPresent(Alterations::text);
        List<Registers.Shown> shown = registers().shown(spec);
        if (shown.size() >= SpecRules.COLUMNS_MAX) {
            throw new PandoException(Kind.LIMIT_EXCEEDED, "a table has at most " + SpecRules.COLUMNS_MAX + " columns");
        }
        requireFree(column.name(), null);
        long place = 1 + shown.stream().mapToLong(Registers.Shown::place).max().orElse(0);
        Registers.putColumn(values, column, place);
    }

    private void dropColumn(String name) {
        Registers.Shown column = find(name);
        if (isKey(column)) {
            throw Definition.invalid(spec, "column " + name + " is part of the key and cannot be dropped");
        }
        constraintsOf(column).stream().findFirst().ifPresent(constraint -> {
            throw Definition.invalid(
                    spec, "column " + name + " belongs to constraint " + constraint + "; drop that first");
        });
        set(column, "hidden", true);
    }

    /** Names of UNIQUE and foreign key constraints over a column. */
    private List<String> constraintsOf(Registers.Shown column) {
        List<String> names = new ArrayList<>();
        values.forEach((register, value) -> {
            boolean unique = register.startsWith("unique/") && value instanceof List<?> ids && contains(ids, column);
            boolean foreign = register.startsWith("foreign/")
                    && value instanceof List<?> fields
                    && !fields.isEmpty()
                    && fields.get(0) instanceof List<?> ids
                    && contains(ids, column);
            if (unique || foreign) {
                names.add(register.substring(register.indexOf('/') + 1));
            }
        });
        return names;
    }

    private static boolean contains(List<?> ids, Registers.Shown column) {
        return ids.contains(column.id().text());
    }

    private void renameColumn(String name, String newName) {
        SpecRules.checkName("column", newName);
        Registers.Shown column = find(name);
        requireFree(newName, column);
        set(column, "name", newName);
    }

    private void requireFree(String name, Registers.@Nullable Shown itself) {
        String folded = ColumnId.fold(name);
        for (Registers.Shown other : registers().shown(spec)) {
            boolean same = itself != null && other.id().equals(itself.id());
            if (!same && ColumnId.fold(other.name()).equals(folded)) {
                throw new PandoException(
                        Kind.COLUMN_EXISTS,
                        "table " + spec.schema() + "." + spec.name() + " has a column " + other.name());
            }
        }
    }

    private void setType(Alteration.SetType change) {
        Registers.Shown column = find(change.column());
        var present = TypeText.parse(column.id(), (String) values.get(register(column, "type")));
        String wanted = Types.sqlName(change.type());
        if (!present.familyText().equals(change.type().familyText())) {
            throw new PandoException(
                    Kind.NOT_SUPPORTED,
                    "column " + change.column() + " is " + Types.sqlName(present) + " and cannot become " + wanted
                            + ", whose values are stored otherwise: add a column of that type, copy, and drop this one");
        }
        if (!Widening.allows(present, change.type())) {
            throw new PandoException(
                    Kind.NOT_SUPPORTED,
                    "column " + change.column() + " is " + Types.sqlName(present) + " and cannot become " + wanted
                            + ": peers may hold values that would not fit");
        }
        set(column, "type", wanted);
    }

    private void setDefault(Alteration.SetDefault change) {
        Registers.Shown column = find(change.column());
        if (Boolean.TRUE.equals(values.get(register(column, "identity")))) {
            throw Definition.invalid(spec, "column " + change.column() + " is an IDENTITY and takes no DEFAULT");
        }
        set(column, "default", change.sql().map(Alterations::text).orElse(null));
    }

    private void setNullable(Alteration.SetNullable change) {
        Registers.Shown column = find(change.column());
        if (change.nullable() && (isKey(column) || column.id().op() == ColumnId.Op.ADD)) {
            throw Definition.invalid(spec, "column " + change.column() + " is a key column or counter: never NULL");
        }
        set(column, "nullable", change.nullable());
    }

    private boolean isKey(Registers.Shown column) {
        return Registers.ids(spec, spec.primaryKey()).contains(column.id().text());
    }

    private void setComment(Alteration.SetComment change) {
        String text = change.text().map(Alterations::text).orElse(null);
        Optional<String> column = change.column();
        if (column.isPresent()) {
            set(find(column.get()), "comment", text);
        } else {
            values.put(Registers.COMMENT, text);
        }
    }

    // ---- constraints

    private void addForeignKey(TableSpec.ForeignKeySpec key) {
        addConstraint(
                "foreign/",
                key.name(),
                List.of(ids(key.columns()), key.targetSchema(), key.targetTable(), key.targetColumns()));
    }

    private void addConstraint(String kind, String name, Object value) {
        SpecRules.checkName("constraint", name);
        if (!constraints(name).isEmpty()) {
            throw Definition.invalid(spec, "it has a constraint " + name + " already");
        }
        values.put(kind + name, value);
    }

    private void dropConstraint(String name) {
        List<String> present = constraints(name);
        if (present.isEmpty()) {
            throw Definition.invalid(spec, "it has no constraint " + name);
        }
        present.forEach(register -> values.put(register, null));
    }

    /** Registers of the constraints of that name: several where nodes made them apart. */
    private List<String> constraints(String name) {
        String folded = ColumnId.fold(name);
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, @Nullable Object> entry : values.entrySet()) {
            String register = entry.getKey();
            boolean constraint = CONSTRAINTS.stream().anyMatch(register::startsWith);
            if (constraint
                    && entry.getValue() != null
                    && ColumnId.fold(register.substring(register.indexOf('/') + 1))
                            .equals(folded)) {
                found.add(register);
            }
        }
        return found;
    }

    // ---- words

    private List<String> ids(List<String> columns) {
        if (columns.isEmpty()) {
            throw Definition.invalid(spec, "a constraint needs one column at least");
        }
        return columns.stream().map(name -> find(name).id().text()).toList();
    }

    private Registers.Shown find(String name) {
        String folded = ColumnId.fold(name);
        return registers().shown(spec).stream()
                .filter(column -> ColumnId.fold(column.name()).equals(folded))
                .findFirst()
                .orElseThrow(() -> new PandoException(
                        Kind.UNKNOWN_COLUMN,
                        "table " + spec.schema() + "." + spec.name() + " has no column '" + name + "'"));
    }

    private void set(Registers.Shown column, String attribute, @Nullable Object value) {
        values.put(register(column, attribute), value);
    }

    private static String register(Registers.Shown column, String attribute) {
        return Registers.COLUMN + column.id().text() + "/" + attribute;
    }

    private static String text(String text) {
        if (text.length() > TEXT_MAX) {
            throw new PandoException(
                    Kind.LIMIT_EXCEEDED,
                    "an expression or comment of a definition has at most " + TEXT_MAX + " characters");
        }
        return text;
    }
}
