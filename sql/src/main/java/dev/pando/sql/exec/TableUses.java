package dev.pando.sql.exec;

import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.parser.PandoParser;
import dev.pando.sql.parser.RightsStatement.Privilege;
import dev.pando.sql.parser.StatementNode;
import dev.pando.sql.parser.TableStatement;
import dev.pando.sql.parser.UtilityStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlMerge;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSnapshot;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Which tables and views a statement names, and what it does with them: what a user without a role for it needs rights
 * on. A view stands for what it reads.
 */
public final class TableUses extends SqlBasicVisitor<@Nullable Void> {
    /** A table or view, by the names that the schema has for it, and what is done with it. */
    public record Use(String schema, String name, Privilege privilege) {}

    /** In FROM, what makes rows itself. */
    private static final Set<SqlKind> MADE;

    static {
        MADE = EnumSet.copyOf(SqlKind.QUERY);
        MADE.add(SqlKind.UNNEST);
        MADE.add(SqlKind.VALUES);
        MADE.add(SqlKind.COLLECTION_TABLE);
    }

    private final SchemaSnapshot snapshot;
    private final String defaultSchema;
    private final Set<Use> uses = new LinkedHashSet<>();
    /* Names that WITH gives to queries, innermost last. */
    private final Deque<String> withNames = new ArrayDeque<>();

    private TableUses(SchemaSnapshot snapshot, String defaultSchema) {
        this.snapshot = snapshot;
        this.defaultSchema = defaultSchema;
    }

    /** Of a statement's text. */
    public static Set<Use> of(String sql, SchemaSnapshot snapshot, String defaultSchema) throws SQLException {
        TableUses found = new TableUses(snapshot, defaultSchema);
        found.statement(PandoParser.parse(sql));
        return found.uses;
    }

    private void statement(SqlNode node) {
        if (!(node instanceof StatementNode own)) {
            node.accept(this);
        } else if (own.statement() instanceof UtilityStatement.Explain explain) {
            statement(explain.statement());
        } else if (own.statement() instanceof UtilityStatement.InsertDefaults insert) {
            add(insert.table(), Privilege.INSERT);
        } else if (own.statement() instanceof TableStatement.Truncate truncate) {
            add(truncate.name(), Privilege.DELETE);
        } else if (own.statement() instanceof UtilityStatement.ForUpdate query) {
            int before = uses.size();
            query.query().accept(this);
            List.copyOf(uses).subList(before, uses.size()).stream()
                    .map(use -> new Use(use.schema, use.name, Privilege.UPDATE))
                    .forEach(uses::add);
        }
    }

    private void add(SqlNode name, Privilege... privileges) {
        if (!(name instanceof SqlIdentifier identifier)) {
            return;
        }
        List<String> names = identifier.names;
        String schema = names.size() > 1 ? names.get(names.size() - 2) : defaultSchema;
        String known = snapshot.schemaName(schema).orElse(schema);
        for (Privilege privilege : privileges) {
            uses.add(new Use(known, names.get(names.size() - 1), privilege));
        }
    }

    /* What is read under a name: the query that WITH gives it to, by its letters as the planner compares them, or a table. */
    private void read(SqlNode name) {
        boolean ofQuery = name instanceof SqlIdentifier identifier
                && identifier.isSimple()
                && withNames.contains(identifier.getSimple());
        if (!ofQuery) {
            add(name, Privilege.SELECT);
        }
    }

    @Override
    public @Nullable Void visit(SqlCall call) {
        if (call instanceof SqlInsert insert) {
            add(insert.getTargetTable(), Privilege.INSERT);
            if (insert.isUpsert()) {
                add(insert.getTargetTable(), Privilege.UPDATE);
            }
            return insert.getSource().accept(this);
        }
        if (call instanceof SqlUpdate update) {
            add(update.getTargetTable(), Privilege.UPDATE, Privilege.SELECT);
            return super.visit(call);
        }
        if (call instanceof SqlDelete delete) {
            add(delete.getTargetTable(), Privilege.DELETE, Privilege.SELECT);
            return super.visit(call);
        }
        if (call instanceof SqlMerge merge) {
            return merge(merge);
        }
        if (call instanceof SqlWith with) {
            return with(with);
        }
        if (call instanceof SqlSelect select && select.getFrom() != null) {
            from(select.getFrom());
        }
        if (call.getKind() == SqlKind.EXPLICIT_TABLE) {
            read(call.operand(0));
        }
        return super.visit(call);
    }

    private @Nullable Void merge(SqlMerge merge) {
        add(merge.getTargetTable(), Privilege.SELECT);
        if (merge.getUpdateCall() != null) {
            add(merge.getTargetTable(), Privilege.UPDATE);
        }
        if (merge.getInsertCall() != null) {
            add(merge.getTargetTable(), Privilege.INSERT);
        }
        from(merge.getSourceTableRef());
        return super.visit(merge);
    }

    /* Of a recursive query only what follows UNION knows its name: what begins it reads a table of that name. */
    private @Nullable Void with(SqlWith with) {
        int named = 0;
        for (SqlNode each : with.withList) {
            SqlWithItem item = (SqlWithItem) each;
            boolean recursive = item.recursive.booleanValue() && item.query.getKind() == SqlKind.UNION;
            if (recursive) {
                ((SqlCall) item.query).operand(0).accept(this);
            } else {
                item.query.accept(this);
            }
            withNames.addLast(item.name.getSimple());
            named++;
            if (recursive) {
                ((SqlCall) item.query).operand(1).accept(this);
            }
        }
        with.body.accept(this);
        for (int i = 0; i < named; i++) {
            withNames.removeLast();
        }
        return null;
    }

    /* What stands in FROM; queries inside are visited as all calls are. */
    private void from(SqlNode node) {
        if (node instanceof SqlIdentifier) {
            read(node);
        } else if (node instanceof SqlJoin join) {
            from(join.getLeft());
            from(join.getRight());
        } else if (node instanceof SqlSnapshot snapshotOf) {
            /* WITH names no past. */
            add(snapshotOf.getTableRef(), Privilege.SELECT);
        } else if (node.getKind() == SqlKind.COLLECTION_TABLE && ((SqlCall) node).operand(0) instanceof SqlCall call) {
            function(call);
        } else if (node instanceof SqlCall call && !call.isA(MADE) && call.operandCount() > 0) {
            from(call.operand(0));
        }
    }

    /* A collection that is named when the statement runs may be any. */
    private void function(SqlCall call) {
        SqlNode first = call.operandCount() > 0 ? call.operand(0) : null;
        String name = first instanceof SqlLiteral literal ? literal.toValue() : null;
        add(
                new SqlIdentifier(
                        List.of((name == null ? "sys.history" : name).strip().split("\\.", 2)), SqlParserPos.ZERO),
                Privilege.SELECT);
    }
}
