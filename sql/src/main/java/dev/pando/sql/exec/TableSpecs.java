package dev.pando.sql.exec;

import dev.pando.Alteration;
import dev.pando.ColumnType;
import dev.pando.ColumnType.Family;
import dev.pando.MergeKind;
import dev.pando.Table;
import dev.pando.TableSpec;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.expr.Expression;
import dev.pando.sql.expr.ExpressionBinder;
import dev.pando.sql.expr.Names;
import dev.pando.sql.expr.TypeNames;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.parser.ColumnDefinition;
import dev.pando.sql.parser.SqlText;
import dev.pando.sql.parser.TableConstraint;
import dev.pando.sql.parser.TableStatement;
import dev.pando.sql.plan.Sequences;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.Assign;
import dev.pando.sql.types.SqlTypes;
import dev.pando.sql.types.Values;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** Makes the engine's specifications of what CREATE TABLE says. */
final class TableSpecs {
    private static final Set<String> VOLATILE = Set.of(
            "CURRENT_TIMESTAMP",
            "CURRENT_DATE",
            "CURRENT_TIME",
            "LOCALTIME",
            "LOCALTIMESTAMP",
            "NOW",
            "RANDOM_UUID",
            "GEN_RANDOM_UUID",
            "NEXT_VALUE",
            "RAND");

    private final SchemaSnapshot snapshot;
    private final String defaultSchema;

    TableSpecs(SchemaSnapshot snapshot, String defaultSchema) {
        this.snapshot = snapshot;
        this.defaultSchema = defaultSchema;
    }

    TableSpec of(TableStatement.CreateTable create, String schema, String name) throws SQLException {
        List<SqlIdentifier> key = primaryKey(create);
        List<TableSpec.ColumnSpec> columns = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ColumnDefinition column : create.columns()) {
            if (!seen.add(column.name().getSimple().toLowerCase(Locale.ROOT))) {
                throw PandoSqlState.DUPLICATE_COLUMN.exception(NameResolver.place(column.name()) + "column "
                        + column.name().getSimple() + " is there twice");
            }
            columns.add(column(column, contains(key, column.name())));
        }
        key.forEach(each -> seen.add(each.getSimple().toLowerCase(Locale.ROOT)));
        if (seen.size() > columns.size()) {
            throw PandoSqlState.NO_COLUMN.exception("the primary key names a column that " + name + " does not have");
        }
        if (create.generation() > Integer.MAX_VALUE) {
            throw PandoSqlState.OUT_OF_RANGE.exception("GENERATION is at most " + Integer.MAX_VALUE);
        }
        Constraints constraints = new Constraints(
                name, columns.stream().map(TableSpec.ColumnSpec::name).toList(), 0);
        for (TableConstraint constraint : create.constraints()) {
            constraints.add(constraint);
        }
        return new TableSpec(
                schema,
                name,
                columns,
                names(key),
                create.local(),
                (int) create.generation(),
                constraints.checks,
                constraints.uniques,
                constraints.foreignKeys);
    }

    /** What adds these constraints to a table that is there; {@code newColumns} come with them. */
    List<Alteration> added(Table table, List<String> newColumns, List<TableConstraint> added) throws SQLException {
        List<String> columns = new ArrayList<>(newColumns);
        table.columns().forEach(column -> columns.add(column.name()));
        Constraints constraints =
                new Constraints(table.name(), columns, table.checks().size());
        for (TableConstraint constraint : added) {
            if (constraint instanceof TableConstraint.PrimaryKey) {
                throw PandoSqlState.NOT_SUPPORTED.exception("the primary key of " + table.qualifiedName()
                        + " is part of what the collection is: it is given when the table is made");
            }
            constraints.add(constraint);
        }
        List<Alteration> changes = new ArrayList<>();
        constraints.checks.forEach(check -> changes.add(new Alteration.AddCheck(check)));
        constraints.uniques.forEach(unique -> changes.add(new Alteration.AddUnique(unique)));
        constraints.foreignKeys.forEach(foreign -> changes.add(new Alteration.AddForeignKey(foreign)));
        return changes;
    }

    private static List<SqlIdentifier> primaryKey(TableStatement.CreateTable create) throws SQLException {
        List<SqlIdentifier> key = List.of();
        for (TableConstraint constraint : create.constraints()) {
            if (constraint instanceof TableConstraint.PrimaryKey primary) {
                if (!key.isEmpty()) {
                    throw PandoSqlState.INVALID_DEFINITION.exception("a table has one primary key");
                }
                key = primary.columns();
            }
        }
        return key;
    }

    private static boolean contains(List<SqlIdentifier> names, SqlIdentifier name) {
        return names.stream().anyMatch(each -> each.getSimple().equalsIgnoreCase(name.getSimple()));
    }

    static List<String> names(List<SqlIdentifier> identifiers) {
        return identifiers.stream().map(SqlIdentifier::getSimple).toList();
    }

    /** A name for what the text does not name. */
    static String generatedName(String table, List<String> columns, String suffix) {
        return table + "_" + String.join("_", columns) + "_" + suffix;
    }

    TableSpec.ColumnSpec column(ColumnDefinition column, boolean key) throws SQLException {
        String name = column.name().getSimple();
        ColumnType type = TypeNames.columnType(column.type());
        MergeKind merge = merge(column, type, key);
        boolean counter = merge == MergeKind.SUM;
        if (column.identity() && !type.name().equals("BIGINT")) {
            throw PandoSqlState.INVALID_DEFINITION.exception(NameResolver.place(column.name())
                    + "an IDENTITY column is a BIGINT: its numbers are generated without asking other nodes and need"
                    + " 63 bits; or use UUID DEFAULT RANDOM_UUID()");
        }
        if (Boolean.TRUE.equals(column.nullable()) && (key || counter)) {
            throw PandoSqlState.INVALID_DEFINITION.exception(
                    NameResolver.place(column.name()) + "column " + name + " cannot be NULL");
        }
        boolean nullable = !key && !counter && !Boolean.FALSE.equals(column.nullable());
        Optional<String> defaultSql = column.defaultValue() == null
                ? Optional.ofNullable(counter ? zero(type) : null)
                : Optional.of(defaultSql(column.defaultValue(), type, snapshot, defaultSchema));
        return new TableSpec.ColumnSpec(name, type, merge, nullable, defaultSql, column.identity());
    }

    private static String zero(ColumnType type) {
        return type.family() == Family.DEC ? "CAST(0 AS " + SqlTypes.text(type) + ")" : "0";
    }

    private static MergeKind merge(ColumnDefinition column, ColumnType type, boolean key) throws SQLException {
        ColumnDefinition.MergeRule rule = column.merge();
        if (rule == null || rule == ColumnDefinition.MergeRule.LAST) {
            return MergeKind.LAST;
        }
        String place = NameResolver.place(column.name());
        if (key) {
            throw PandoSqlState.INVALID_DEFINITION.exception(place + "a key column never changes and has no MERGE");
        }
        return switch (rule) {
            case SUM -> {
                if (type.family() != Family.INT && type.family() != Family.DEC) {
                    throw PandoSqlState.INVALID_DEFINITION.exception(
                            place + "a COUNTER is an exact number: TINYINT to BIGINT, or DECIMAL");
                }
                yield MergeKind.SUM;
            }
            case MAX -> MergeKind.MAX;
            case MIN -> MergeKind.MIN;
            default -> throw PandoSqlState.NOT_SUPPORTED.exception(place + "MERGE SET is not supported yet");
        };
    }

    /* The text gives values of the column's type, since it is evaluated where no assignment follows. */
    static String defaultSql(SqlNode node, ColumnType type, SchemaSnapshot snapshot, String defaultSchema)
            throws SQLException {
        if (node.getKind() == SqlKind.NEXT_VALUE) {
            Sequences.resolved(node, snapshot, defaultSchema);
            if (!type.name().equals("BIGINT")) {
                throw PandoSqlState.INVALID_DEFINITION.exception(
                        "a column whose DEFAULT is a sequence is a BIGINT: its numbers need 63 bits");
            }
            SqlIdentifier sequence = ((SqlCall) node).operand(0);
            return "NEXT VALUE FOR "
                    + sequence.names.stream().map(SqlText::name).collect(Collectors.joining("."));
        }
        String text = SqlText.of(node);
        try {
            Expression bound = new ExpressionBinder(Names.NONE, new ArrayList<>()).bind(node, null);
            ColumnType found = bound.type();
            if (found == null || found.equals(type)) {
                return text;
            }
            if (bound instanceof Expression.Constant constant) {
                /* A text that is too long is an error, which the CAST below would cut. */
                Assign.to(type, Values.toSession(found, constant.value()), "DEFAULT");
            }
            boolean same = found.family() == type.family()
                    && type.precision() < 0
                    && found.family() != Family.DEC
                    && found.family() != Family.INT;
            boolean small = found.name().equals("INTEGER") && type.name().equals("BIGINT");
            return same || small ? text : "CAST(" + text + " AS " + SqlTypes.text(type) + ")";
        } catch (Unsupported e) {
            throw PandoSqlState.INVALID_DEFINITION.exception(
                    "a DEFAULT is a constant, CURRENT_TIMESTAMP, CURRENT_DATE or RANDOM_UUID(): " + text, e);
        }
    }

    private final class Constraints {
        private final String table;
        private final List<String> columns;
        private final int checksBefore;
        private final List<Table.Check> checks = new ArrayList<>();
        private final List<TableSpec.UniqueSpec> uniques = new ArrayList<>();
        private final List<TableSpec.ForeignKeySpec> foreignKeys = new ArrayList<>();

        Constraints(String table, List<String> columns, int checksBefore) {
            this.table = table;
            this.columns = columns;
            this.checksBefore = checksBefore;
        }

        void add(TableConstraint constraint) throws SQLException {
            if (constraint instanceof TableConstraint.Unique unique) {
                List<String> named = names(unique.columns());
                requireColumns(unique.columns());
                uniques.add(new TableSpec.UniqueSpec(name(unique.name(), named, "key"), named));
            } else if (constraint instanceof TableConstraint.Check check) {
                requirePure(check.condition());
                List<String> number = List.of(Integer.toString(checksBefore + checks.size() + 1));
                checks.add(new Table.Check(name(check.name(), number, "check"), SqlText.of(check.condition())));
            } else if (constraint instanceof TableConstraint.ForeignKey foreign) {
                foreignKeys.add(foreignKey(foreign));
            }
        }

        private String name(@Nullable SqlIdentifier given, List<String> named, String suffix) {
            return given == null ? generatedName(table, named, suffix) : given.getSimple();
        }

        private void requireColumns(List<SqlIdentifier> named) throws SQLException {
            for (SqlIdentifier each : named) {
                if (columns.stream().noneMatch(each.getSimple()::equalsIgnoreCase)) {
                    throw PandoSqlState.NO_COLUMN.exception(
                            NameResolver.place(each) + "there is no column '" + each.getSimple() + "' in " + table);
                }
            }
        }

        private void requirePure(SqlNode condition) throws SQLException {
            Set<String> found = new HashSet<>();
            condition.accept(new SqlBasicVisitor<@Nullable Void>() {
                @Override
                public @Nullable Void visit(SqlIdentifier identifier) {
                    found.add(identifier.names.get(0).toUpperCase(Locale.ROOT));
                    return null;
                }

                @Override
                public @Nullable Void visit(SqlCall call) {
                    found.add(call.getOperator().getName().toUpperCase(Locale.ROOT));
                    return super.visit(call);
                }

                @Override
                public @Nullable Void visit(SqlDataTypeSpec type) {
                    return null;
                }
            });
            found.retainAll(VOLATILE);
            if (!found.isEmpty()) {
                throw PandoSqlState.INVALID_DEFINITION.exception(
                        "a CHECK depends on the row alone, not on " + String.join(", ", found));
            }
        }

        private TableSpec.ForeignKeySpec foreignKey(TableConstraint.ForeignKey foreign) throws SQLException {
            requireColumns(foreign.columns());
            if (!isPassive(foreign.onDelete()) || !isPassive(foreign.onUpdate())) {
                throw PandoSqlState.NOT_SUPPORTED.exception(
                        "foreign keys only refuse (NO ACTION, RESTRICT): a cascade would meet rows that other nodes"
                                + " write at the same time");
            }
            List<String> named = names(foreign.columns());
            Table target = null;
            NameResolver.Qualified name = NameResolver.qualify(foreign.target(), snapshot, defaultSchema);
            boolean itself =
                    foreign.target().isSimple() && foreign.target().getSimple().equalsIgnoreCase(table);
            if (!itself) {
                target = NameResolver.table(foreign.target(), snapshot, defaultSchema);
            }
            List<String> targetColumns = names(foreign.targetColumns());
            if (targetColumns.isEmpty()) {
                if (target == null || target.primaryKey().isEmpty()) {
                    throw PandoSqlState.INVALID_DEFINITION.exception(
                            NameResolver.place(foreign.target()) + "name the columns that are referred to");
                }
                Table found = target;
                targetColumns = target.primaryKey().stream()
                        .map(ordinal -> found.columns().get(ordinal).name())
                        .toList();
            } else if (target != null) {
                for (SqlIdentifier each : foreign.targetColumns()) {
                    NameResolver.column(each, target);
                }
            }
            if (targetColumns.size() != named.size()) {
                throw PandoSqlState.INVALID_DEFINITION.exception(
                        "a foreign key has as many columns as the key that it refers to");
            }
            return new TableSpec.ForeignKeySpec(
                    name(foreign.name(), named, "fkey"), named, name.schema(), name.name(), targetColumns);
        }
    }

    /** Whether an expression over one table names that column of it. */
    static boolean namesColumn(SqlNode expression, String column) {
        boolean[] found = {false};
        expression.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier identifier) {
                found[0] |= identifier.names.get(identifier.names.size() - 1).equalsIgnoreCase(column);
                return null;
            }
        });
        return found[0];
    }

    private static boolean isPassive(TableConstraint.Action action) {
        return action == TableConstraint.Action.NO_ACTION || action == TableConstraint.Action.RESTRICT;
    }
}
