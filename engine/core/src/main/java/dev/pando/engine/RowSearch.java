package dev.pando.engine;

import dev.pando.Cancellation;
import dev.pando.KeyRange;
import dev.pando.PandoException;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.TransactionOptions;
import dev.pando.collection.RowView;

/** Looks for a row of this node that breaks what a definition is about to ask. */
final class RowSearch {

    private final Core core;
    private final TableState state;
    private final Table asked;

    RowSearch(Core core, TableState state, Table asked) {
        this.core = core;
        this.state = state;
        this.asked = asked;
    }

    /** @throws PandoException what a local write of the first such row would fail with */
    void check(Cancellation cancellation) {
        RowRules rules = core.tables().rules(asked);
        try (var transaction = new TransactionImpl(core, TransactionOptions.DEFAULT, "ALTER TABLE")) {
            transaction.beginStatement();
            var constraints = new Constraints(core, transaction, new Overlay());
            try (RowCursor rows = transaction.scan(asked, KeyRange.all(), false)) {
                for (Row row = rows.next(); row != null; row = rows.next()) {
                    cancellation.check();
                    rules.check(((RowView) row).values());
                    checkReferences(constraints, row);
                }
            }
        }
    }

    private void checkReferences(Constraints constraints, Row row) {
        for (Table.ForeignKey reference : asked.foreignKeys()) {
            if (!constraints.holds(reference, row)) {
                throw new PandoException(
                        PandoException.Kind.FOREIGN_KEY_VIOLATION,
                        "document " + row.id() + " of " + state.table().qualifiedName()
                                + " refers to a row of " + reference.targetTable() + " that is not there ("
                                + reference.name() + ")");
            }
        }
    }
}
