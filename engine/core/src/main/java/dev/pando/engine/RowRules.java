package dev.pando.engine;

import dev.pando.Column;
import dev.pando.ExpressionCompiler;
import dev.pando.MergeKind;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Table;
import dev.pando.collection.Types;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a row written here must be: types, NOT NULL, CHECK, and what stands where nothing was named. Rows that come by
 * merge are not asked. Compiled when first needed; thread-safe.
 *
 * <p>Peers alter a table apart: one adds a CHECK over a column that another drops or renames. Such a CHECK is asked of no
 * row until somebody drops it, and is listed among the violations.
 */
final class RowRules {

    private record Rule(Table.Check check, ExpressionCompiler.RowFunction condition) {}

    /** A CHECK that is no condition of this table. */
    record Idle(Table.Check check, PandoException reason) {}

    private record Checks(List<Rule> rules, List<Idle> idle) {}

    private final Table table;
    private final Optional<ExpressionCompiler> compiler;
    private volatile @Nullable Checks checks;
    private volatile @Nullable List<Optional<ExpressionCompiler.RowFunction>> defaults;

    RowRules(Table table, Optional<ExpressionCompiler> compiler) {
        this.table = table;
        this.compiler = compiler;
    }

    /**
     * Compiles everything now.
     *
     * @param known CHECKs that may be idle, as they were before
     * @throws PandoException {@code INVALID_DEFINITION}, or {@code NOT_SUPPORTED} without a compiler
     */
    void compile(List<Table.Check> known) {
        for (Idle idle : checks().idle()) {
            if (!known.contains(idle.check())) {
                throw idle.reason();
            }
        }
        defaults();
    }

    /** CHECKs that are asked of no row. */
    List<Idle> idle() {
        return checks().idle();
    }

    private Checks checks() {
        Checks compiled = checks;
        if (compiled == null) {
            var rules = new ArrayList<Rule>();
            var idle = new ArrayList<Idle>();
            for (Table.Check check : table.checks()) {
                try {
                    rules.add(new Rule(check, compile(check.sql())));
                } catch (PandoException e) {
                    if (e.kind() != Kind.INVALID_DEFINITION) {
                        throw e;
                    }
                    idle.add(new Idle(check, e));
                }
            }
            compiled = new Checks(List.copyOf(rules), List.copyOf(idle));
            checks = compiled;
        }
        return compiled;
    }

    private List<Optional<ExpressionCompiler.RowFunction>> defaults() {
        List<Optional<ExpressionCompiler.RowFunction>> compiled = defaults;
        if (compiled == null) {
            compiled = new ArrayList<>();
            for (Column column : table.columns()) {
                compiled.add(column.defaultSql().map(sql -> defaultOf(sql)));
            }
            defaults = compiled;
        }
        return compiled;
    }

    private ExpressionCompiler.RowFunction defaultOf(String sql) {
        Optional<@Nullable Object[]> literal = literal(sql.trim());
        if (literal.isPresent()) {
            Object value = literal.get()[0];
            return row -> value;
        }
        return compile(sql);
    }

    private ExpressionCompiler.RowFunction compile(String sql) {
        return compiler.orElseThrow(() -> new PandoException(
                        Kind.NOT_SUPPORTED,
                        table.qualifiedName() + " has the expression '" + sql
                                + "', and this engine was opened without a compiler for it"))
                .compile(sql, table);
    }

    /** A constant in a box, because NULL is one too; empty for what only the compiler can read. */
    private static Optional<@Nullable Object[]> literal(String sql) {
        return switch (sql.toUpperCase(Locale.ROOT)) {
            case "NULL" -> Optional.of(new @Nullable Object[] {null});
            case "TRUE" -> Optional.of(new @Nullable Object[] {true});
            case "FALSE" -> Optional.of(new @Nullable Object[] {false});
            default -> number(sql);
        };
    }

    private static Optional<@Nullable Object[]> number(String sql) {
        if (sql.isEmpty()
                || sql.length() > 40
                || !sql.chars().allMatch(c -> c >= '0' && c <= '9' || c == '-' || c == '.')) {
            return Optional.empty();
        }
        try {
            return Optional.of(new @Nullable Object[] {new BigDecimal(sql)});
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The value of a column that no one named; null for none. */
    @Nullable
    Object defaultValue(Column column, ExpressionCompiler.RowValues row) {
        return defaults()
                .get(column.ordinal())
                .map(function -> Types.convert(column.type(), function.apply(row), column.name()))
                .orElse(null);
    }

    /** @throws PandoException {@code NOT_NULL_VIOLATION}, {@code CHECK_VIOLATION} */
    void check(@Nullable Object[] values) {
        for (Column column : table.columns()) {
            if (!column.nullable() && values[column.ordinal()] == null && column.merge() != MergeKind.SUM) {
                throw new PandoException(
                        Kind.NOT_NULL_VIOLATION,
                        "column " + column.name() + " of " + table.qualifiedName() + " must not be NULL");
            }
        }
        for (Rule rule : checks().rules()) {
            if (Boolean.FALSE.equals(rule.condition().apply(ordinal -> values[ordinal]))) {
                throw new PandoException(
                        Kind.CHECK_VIOLATION,
                        "the row breaks CHECK " + rule.check().name() + " ("
                                + rule.check().sql() + ") of " + table.qualifiedName());
            }
        }
    }
}
