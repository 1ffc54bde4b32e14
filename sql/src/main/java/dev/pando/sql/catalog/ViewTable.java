package dev.pando.sql.catalog;

import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;

/** A view to the planner: a query put in its place. */
public final class ViewTable extends AbstractTable implements TranslatableTable {
    private final View view;
    private final java.util.function.Function<View, RelDataType> typing;

    ViewTable(View view, java.util.function.Function<View, RelDataType> typing) {
        this.view = view;
        this.typing = typing;
    }

    public View view() {
        return view;
    }

    @Override
    public Schema.TableType getJdbcTableType() {
        return Schema.TableType.VIEW;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        return typing.apply(view);
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable relOptTable) {
        return context.expandView(
                        relOptTable.getRowType(),
                        view.sql(),
                        List.of(view.schema()),
                        List.of(view.schema(), view.name()))
                .rel;
    }
}
