package dev.pando.sql.plan;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;

/** Reads some columns of the rows within some bounds. */
public final class PandoScan extends TableScan implements EnumerableRel {
    /** Rows that a range of unknown width is taken for, as a part of all. */
    private static final double RANGE_SELECTIVITY = 0.1;

    /** Rows that one value of a prefix is taken to leave, as a part of all. */
    private static final double PREFIX_SELECTIVITY = 0.01;

    private final RowSource source;
    private final int[] columns;
    private final Bounds bounds;
    private final int keyColumns;

    /**
     * @param columns positions in the table's row type
     * @param keyColumns columns of the key that the bounds are of; a prefix that long is one row
     */
    public PandoScan(
            RelOptCluster cluster, RelOptTable table, RowSource source, int[] columns, Bounds bounds, int keyColumns) {
        super(cluster, cluster.traitSetOf(EnumerableConvention.INSTANCE), ImmutableList.of(), table);
        this.source = source;
        this.columns = columns;
        this.bounds = bounds;
        this.keyColumns = keyColumns;
    }

    /** Reads every column of every row. */
    public static PandoScan all(RelOptCluster cluster, RelOptTable table, RowSource source) {
        int[] columns = new int[table.getRowType().getFieldCount()];
        Arrays.setAll(columns, i -> i);
        return new PandoScan(cluster, table, source, columns, Bounds.ALL, 0);
    }

    public RowSource source() {
        return source;
    }

    /** Whether it reads every column of every row. */
    public boolean readsAll() {
        return bounds.isAll() && columns.length == table.getRowType().getFieldCount();
    }

    int[] columns() {
        return columns;
    }

    Bounds bounds() {
        return bounds;
    }

    PandoScan within(Bounds narrower, int keyColumnCount) {
        return new PandoScan(getCluster(), table, source, columns, narrower, keyColumnCount);
    }

    @Override
    public RelDataType deriveRowType() {
        List<RelDataTypeField> fields = table.getRowType().getFieldList();
        RelDataTypeFactory.Builder builder = getCluster().getTypeFactory().builder();
        for (int column : columns) {
            builder.add(fields.get(column));
        }
        return builder.build();
    }

    @Override
    public RelNode project(ImmutableBitSet fieldsUsed, Set<RelDataTypeField> extraFields, RelBuilder builder) {
        if (!extraFields.isEmpty() || fieldsUsed.cardinality() == columns.length) {
            return super.project(fieldsUsed, extraFields, builder);
        }
        List<Integer> kept = new ArrayList<>();
        for (int field : fieldsUsed) {
            kept.add(columns[field]);
        }
        if (kept.isEmpty()) {
            /* Rows without columns cannot be told from none by all of the runtime. */
            PandoScan counted = new PandoScan(getCluster(), table, source, new int[] {columns[0]}, bounds, keyColumns);
            return builder.push(counted).project(List.of()).build();
        }
        int[] narrowed = kept.stream().mapToInt(Integer::intValue).toArray();
        return new PandoScan(getCluster(), table, source, narrowed, bounds, keyColumns);
    }

    @Override
    public RelNode copy(RelTraitSet traitSet, List<RelNode> inputs) {
        return this;
    }

    @Override
    public double estimateRowCount(RelMetadataQuery query) {
        double all = Math.max(1, table.getRowCount());
        if (bounds.isAll()) {
            return all;
        }
        if (keyColumns > 0 && bounds.prefix().size() == keyColumns) {
            return 1;
        }
        double part = Math.pow(PREFIX_SELECTIVITY, bounds.prefix().size())
                * (bounds.low() == null ? 1 : RANGE_SELECTIVITY)
                * (bounds.high() == null ? 1 : RANGE_SELECTIVITY);
        return Math.max(1, all * part);
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery query) {
        double rows = estimateRowCount(query);
        double width = 1 + columns.length / 100.0;
        double perRow = bounds.index() == null ? 1 : 2;
        return planner.getCostFactory().makeCost(rows * width * perRow, rows * width * perRow, 0);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        super.explainTerms(writer);
        writer.item("columns", getRowType().getFieldNames());
        return writer.itemIf("key", bounds, !bounds.isAll());
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
        PhysType physical = PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), prefer.preferArray());
        Expression scan = implementor.stash(new ScanHandle(source, columns, bounds), ScanHandle.class);
        String method = physical.getFormat() == JavaRowFormat.SCALAR ? "values" : "rows";
        Expression rows = Expressions.call(scan, method, implementor.getRootExpression());
        return implementor.result(physical, Blocks.toBlock(rows));
    }
}
