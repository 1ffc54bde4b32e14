package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.Inspection.Violation;
import dev.pando.KeyRange;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.TransactionOptions;
import dev.pando.collection.RowView;
import dev.pando.collection.RowViolation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks through a table for rows that no local write would have been allowed to leave. */
final class ViolationSearch {

    private final EngineParts parts;
    private final TableState state;
    private final Table table;
    private final int max;
    private final List<Violation> found = new ArrayList<>();

    ViolationSearch(EngineParts parts, TableState state, int max) {
        this.parts = parts;
        this.state = state;
        this.table = state.table();
        this.max = max;
    }

    List<Violation> run() {
        state.rules()
                .idle()
                .forEach(idle -> found.add(new Violation(
                        null,
                        idle.check().name(),
                        idle.reason().kind(),
                        "asked of no row until it is dropped: " + idle.reason().getMessage())));
        try (var transaction = new TransactionImpl(parts.core, TransactionOptions.DEFAULT, "a search for violations")) {
            transaction.beginStatement();
            try (RowCursor rows = transaction.scan(table, KeyRange.all(), false)) {
                for (Row row = rows.next(); row != null && found.size() < max; row = rows.next()) {
                    ofRow((RowView) row);
                    ofReferences(transaction, row);
                }
            }
            for (TableIndex index : state.indexes()) {
                if (index.unique() && found.size() < max) {
                    ofUnique(transaction, index);
                }
            }
        }
        return found.size() > max ? List.copyOf(found.subList(0, max)) : List.copyOf(found);
    }

    private void ofRow(RowView row) {
        List<RowViolation> broken = RowViolation.of(row);
        broken.forEach(v -> found.add(new Violation(row.id(), v.column().name(), v.kind(), v.message())));
        if (broken.isEmpty()) {
            try {
                state.rules().check(row.values());
            } catch (PandoException e) {
                found.add(new Violation(row.id(), "CHECK", e.kind(), String.valueOf(e.getMessage())));
            }
        }
    }

    private void ofReferences(TransactionImpl transaction, Row row) {
        var constraints = new Constraints(parts.core, transaction, new Overlay());
        for (Table.ForeignKey reference : table.foreignKeys()) {
            if (!constraints.holds(reference, row)) {
                found.add(new Violation(
                        row.id(),
                        reference.name(),
                        Kind.FOREIGN_KEY_VIOLATION,
                        "the row of " + reference.targetTable() + " that it refers to is not there"));
            }
        }
    }

    private void ofUnique(TransactionImpl transaction, TableIndex index) {
        byte[] last = null;
        DocumentId lastId = null;
        try (RowCursor rows = transaction.scan(table, index.definition(table).orElseThrow(), KeyRange.all(), false)) {
            for (Row row = rows.next(); row != null && found.size() < max; row = rows.next()) {
                byte @Nullable [] value = index.uniqueKey(table, row);
                if (value != null && Arrays.equals(value, last)) {
                    found.add(new Violation(
                            row.id(),
                            index.toString(),
                            Kind.DUPLICATE_KEY,
                            "has the same value as document " + lastId));
                }
                last = value;
                lastId = row.id();
            }
        }
    }
}
