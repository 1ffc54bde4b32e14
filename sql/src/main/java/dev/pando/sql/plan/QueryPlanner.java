package dev.pando.sql.plan;

import dev.pando.sql.Errors;
import dev.pando.sql.catalog.EngineTable;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.expr.Unsupported;
import dev.pando.sql.parser.PandoParser;
import dev.pando.sql.run.Operator;
import dev.pando.sql.run.OperatorBuilder;
import dev.pando.sql.session.ColumnMeta;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.types.SqlTypes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.config.NullCollation;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.Window;
import org.apache.calcite.rel.metadata.DefaultRelMetadataProvider;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexExecutor;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlExplainLevel;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibrary;
import org.apache.calcite.sql.fun.SqlLibraryOperatorTableFactory;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.ConvertToChecked;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.apache.calcite.tools.Program;
import org.apache.calcite.tools.Programs;
import org.apache.calcite.util.CancelFlag;
import org.jspecify.annotations.Nullable;

/** Makes executable plans of queries. Thread-safe. */
public final class QueryPlanner {
    /** Views inside views at most; beyond, 54000. */
    private static final int VIEW_DEPTH_MAX = 32;

    /*
     * Leaves constants as they are written: Calcite would compute them with generated code, which cuts times to
     * milliseconds and rounds in its own way.
     */
    private static final RexExecutor UNFOLDED = (rex, constants, reduced) -> reduced.addAll(constants);

    /* Apart from the class that every start loads: these load most of Calcite. */
    private static final class Parts {
        static final SqlOperatorTable OPERATORS = SqlOperatorTables.chain(
                OwnFunctions.TABLE,
                OwnFunctions.BORROWED,
                SqlLibraryOperatorTableFactory.INSTANCE.getOperatorTable(
                        List.of(SqlLibrary.STANDARD, SqlLibrary.POSTGRESQL)));

        static final SqlValidator.Config VALIDATION = SqlValidator.Config.DEFAULT
                .withConformance(PandoParser.CONFORMANCE)
                .withDefaultNullCollation(NullCollation.HIGH)
                .withIdentifierExpansion(true)
                .withTypeCoercionEnabled(true);

        static final SqlToRelConverter.Config CONVERSION = SqlToRelConverter.config()
                .withExpand(false)
                .withTrimUnusedFields(true)
                .withInSubQueryThreshold(Integer.MAX_VALUE);

        static final CalciteConnectionConfig CONFIG = new CalciteConnectionConfigImpl(new Properties())
                .set(CalciteConnectionProperty.CASE_SENSITIVE, "false")
                .set(CalciteConnectionProperty.DEFAULT_NULL_COLLATION, NullCollation.HIGH.name());
    }

    /** What code generation takes. */
    private static final class Generation {
        /* Calcite's standard program; its own middle step registers a root that is a scan twice. */
        static final Program PROGRAM = Programs.sequence(
                Programs.subQuery(DefaultRelMetadataProvider.INSTANCE),
                Programs.decorrelate(),
                Programs.trim(),
                (planner, rel, traits, materializations, lattices) -> {
                    planner.setRoot(rel);
                    if (!rel.getTraitSet().equals(traits)) {
                        planner.setRoot(planner.changeTraits(rel, traits));
                    }
                    return planner.findBestExp();
                },
                Programs.calc(DefaultRelMetadataProvider.INSTANCE));
    }

    /** A query that names and types were found for. */
    private record Validated(
            SqlNode node, PandoValidator validator, CalciteCatalogReader catalog, List<RuntimeValue> values) {}

    /** Plans a query: SELECT, VALUES, WITH and their combinations. */
    public CompiledQuery compile(SqlNode query, SchemaSnapshot schema, String defaultSchema, CancelCheck cancel)
            throws SQLException {
        try {
            Validated validated = validate(query, schema, defaultSchema);
            cancel.check();
            List<@Nullable RelDataType> parameters = parameters(validated);
            RelDataType rowType = validated.validator.getValidatedNodeType(validated.node);
            List<RelDataType> types = new ArrayList<>();
            rowType.getFieldList().forEach(field -> types.add(field.getType()));
            return new CompiledQuery(body(validated, schema, cancel), parameters, types, columns(validated, rowType));
        } catch (RuntimeException | Error e) {
            cancel.check();
            throw Errors.of(e);
        }
    }

    private CompiledQuery.Body body(Validated validated, SchemaSnapshot schema, CancelCheck cancel)
            throws SQLException {
        try {
            return interpreted(validated, schema, cancel, false);
        } catch (Unsupported e) {
            return generated(validated, schema, cancel, e);
        }
    }

    private CompiledQuery.Body generated(
            Validated validated, SchemaSnapshot schema, CancelCheck cancel, Unsupported beyond) throws SQLException {
        try {
            RelRoot root = optimise(validated, schema, 0, cancel);
            cancel.check();
            if (FineTimes.in(root.rel)) {
                return interpreted(validated, schema, cancel, true);
            }
            Map<String, Object> kept = new HashMap<>();
            Bindable<?> bindable = GeneratedCode.compile((EnumerableRel) ExactSums.inAggregates(root.rel), kept);
            return new CompiledQuery.Generated(bindable, kept, holdsRows(root.rel));
        } catch (RelOptPlanner.CannotPlanException | GeneratedCode.NotCompiledException | Unsupported e) {
            cancel.check();
            throw PandoSqlState.NOT_SUPPORTED.exception("not supported: " + beyond.getMessage(), e);
        } catch (RuntimeException e) {
            cancel.check();
            if (String.valueOf(e.getMessage()).startsWith("Unable to implement")) {
                throw PandoSqlState.NOT_SUPPORTED.exception("not supported: " + beyond.getMessage(), e);
            }
            throw e;
        }
    }

    private static boolean holdsRows(RelNode rel) {
        return rel instanceof Sort
                || rel instanceof Join
                || rel instanceof Window
                || rel instanceof SetOp
                || rel.getInputs().stream().anyMatch(QueryPlanner::holdsRows);
    }

    /* Straight of the logical tree: what it knows to do it does without rules and code generation. */
    private CompiledQuery.Interpreted interpreted(
            Validated validated, SchemaSnapshot schema, CancelCheck cancel, boolean patient)
            throws Unsupported, SQLException {
        VolcanoPlanner planner = new VolcanoPlanner(null, Contexts.of(Parts.CONFIG));
        planner.setExecutor(UNFOLDED);
        /* Without a trait for orders: nothing is optimised, and looking for one fails over constants that are no literals. */
        planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
        RexBuilder rex = new RexBuilder(schema.types());
        RelRoot root = convert(validated, RelOptCluster.create(planner, rex), schema, 0, true);
        cancel.check();
        OperatorBuilder builder = new OperatorBuilder(rex, patient);
        Operator operator = builder.build(root.rel);
        List<Integer> fields = new ArrayList<>();
        root.fields.forEach(field -> fields.add(field.getKey()));
        return new CompiledQuery.Interpreted(operator, fields, builder.outerRows(), builder.subqueries());
    }

    /** The plan of a query as text. */
    public String explain(SqlNode query, SchemaSnapshot schema, String defaultSchema) throws SQLException {
        try {
            Validated validated = validate(query, schema, defaultSchema);
            try {
                return planned(validated, schema, false);
            } catch (Unsupported e) {
                RelRoot root = optimise(validated, schema, 0, CancelCheck.none());
                return FineTimes.in(root.rel)
                        ? planned(validated, schema, true)
                        : "generated (" + e.getMessage() + "):\n"
                                + RelOptUtil.toString(root.rel, SqlExplainLevel.EXPPLAN_ATTRIBUTES);
            }
        } catch (Unsupported e) {
            throw PandoSqlState.NOT_SUPPORTED.exception("not supported: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            throw Errors.of(e);
        }
    }

    private String planned(Validated validated, SchemaSnapshot schema, boolean patient)
            throws Unsupported, SQLException {
        CompiledQuery.Interpreted body = interpreted(validated, schema, CancelCheck.none(), patient);
        return "planned:\n" + body.operator().explain();
    }

    /** The row type of a query. */
    public RelDataType rowType(SqlNode query, SchemaSnapshot schema, String defaultSchema) throws SQLException {
        try {
            Validated validated = validate(query, schema, defaultSchema);
            return validated.validator.getValidatedNodeType(validated.node);
        } catch (RuntimeException | Error e) {
            throw Errors.of(e);
        }
    }

    private Validated validate(SqlNode query, SchemaSnapshot schema, String defaultSchema) throws SQLException {
        NotOffered.check(query);
        boolean withIds = namesId(query);
        ComputedTables computed = new ComputedTables(this, schema, defaultSchema);
        SqlNode rewritten = Rewrites.of(computed.rewrite(query, withIds));
        CalciteSchema root = computed.tables().isEmpty()
                ? schema.root(withIds)
                : schema.rootWith(withIds, ComputedTables.SCHEMA, computed.tables());
        CalciteCatalogReader catalog =
                new CalciteCatalogReader(root, List.of(defaultSchema), schema.types(), Parts.CONFIG);
        PandoValidator validator = new PandoValidator(Parts.OPERATORS, catalog, schema.types(), Parts.VALIDATION);
        return new Validated(validator.validate(rewritten), validator, catalog, computed.values());
    }

    private static boolean namesId(SqlNode query) {
        boolean[] found = {false};
        query.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier identifier) {
                found[0] |= !identifier.names.isEmpty()
                        && identifier.names.get(identifier.names.size() - 1).equals(EngineTable.DOCUMENT_ID);
                return null;
            }
        });
        return found[0];
    }

    private RelRoot optimise(Validated validated, SchemaSnapshot schema, int depth, CancelCheck cancel) {
        VolcanoPlanner planner =
                new VolcanoPlanner(null, Contexts.of(Parts.CONFIG, new CancelFlag(cancel.cancelled())));
        planner.setExecutor(UNFOLDED);
        planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
        planner.addRelTraitDef(RelCollationTraitDef.INSTANCE);
        RelOptUtil.registerDefaultRules(planner, false, false);
        planner.removeRule(EnumerableRules.ENUMERABLE_TABLE_MODIFICATION_RULE);
        planner.addRule(BoundsRule.INSTANCE);
        RelOptCluster cluster = RelOptCluster.create(planner, new RexBuilder(schema.types()));
        RelRoot given = convert(validated, cluster, schema, depth, true);
        RelRoot converted = given.withRel(ExactSums.inWindows(given.rel));
        RelNode rounded = Rounding.of(converted.rel);
        RelRoot root = converted.withRel(new ConvertToChecked(cluster.getRexBuilder(), true).visit(rounded));
        RelNode best = Generation.PROGRAM.run(
                planner,
                root.rel,
                root.rel
                        .getTraitSet()
                        .replace(EnumerableConvention.INSTANCE)
                        .replace(root.collation)
                        .simplify(),
                List.of(),
                List.of());
        RelRoot optimised = root.withRel(best);
        return optimised.isRefTrivial() ? optimised : optimised.withRel(projected(optimised));
    }

    /* Columns that only the order needs are cut off at the top. */
    private static RelNode projected(RelRoot root) {
        RelNode top = root.project(true);
        if (top == root.rel) {
            return top;
        }
        VolcanoPlanner planner = (VolcanoPlanner) top.getCluster().getPlanner();
        return Generation.PROGRAM.run(
                planner,
                top,
                top.getTraitSet()
                        .replace(EnumerableConvention.INSTANCE)
                        .replace(RelCollations.EMPTY)
                        .simplify(),
                List.of(),
                List.of());
    }

    private RelRoot convert(Validated validated, RelOptCluster cluster, SchemaSnapshot schema, int depth, boolean top) {
        RelOptTable.ViewExpander expander =
                (rowType, sql, schemaPath, viewPath) -> expand(cluster, schema, sql, schemaPath, depth + 1);
        SqlToRelConverter converter = new SqlToRelConverter(
                expander,
                validated.validator,
                validated.catalog,
                cluster,
                call -> call.getOperator() == OwnFunctions.COALESCE
                        ? OwnFunctions::coalesced
                        : StandardConvertletTable.INSTANCE.get(call),
                Parts.CONVERSION);
        RelRoot root = converter.convertQuery(validated.node, false, top);
        return root.withRel(converter.flattenTypes(root.rel, true));
    }

    private RelRoot expand(
            RelOptCluster cluster, SchemaSnapshot schema, String sql, @Nullable List<String> schemaPath, int depth) {
        if (depth > VIEW_DEPTH_MAX) {
            throw new ScanHandle.QueryFailure(
                    PandoSqlState.TOO_LARGE.exception("views are nested more than " + VIEW_DEPTH_MAX + " deep"));
        }
        try {
            String path = schemaPath == null || schemaPath.isEmpty() ? SchemaSnapshot.PUBLIC : schemaPath.get(0);
            SqlNode query = Sequences.resolved(PandoParser.parse(sql), schema, path);
            return convert(validate(query, schema, path), cluster, schema, depth, false);
        } catch (SQLException e) {
            throw new ScanHandle.QueryFailure(e);
        }
    }

    private static List<@Nullable RelDataType> parameters(Validated validated) {
        List<@Nullable RelDataType> types = new ArrayList<>();
        validated.node.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlDynamicParam parameter) {
                while (types.size() <= parameter.getIndex()) {
                    types.add(null);
                }
                types.set(parameter.getIndex(), validated.validator.getValidatedNodeTypeIfKnown(parameter));
                return null;
            }
        });
        for (RuntimeValue value : validated.values) {
            while (types.size() < value.parameterCount()) {
                types.add(null);
            }
            for (int i = 0; i < value.parameterTypes().size(); i++) {
                RelDataType known = types.get(i);
                types.set(i, known == null ? value.parameterTypes().get(i) : known);
            }
        }
        return types;
    }

    private static List<ColumnMeta> columns(Validated validated, RelDataType rowType) {
        List<@Nullable List<String>> origins = validated.validator.getFieldOrigins(validated.node);
        List<ColumnMeta> columns = new ArrayList<>();
        for (RelDataTypeField field : rowType.getFieldList()) {
            ColumnMeta meta = SqlTypes.meta(field.getName(), field.getType());
            List<String> origin = field.getIndex() < origins.size() ? origins.get(field.getIndex()) : null;
            columns.add(
                    origin == null || origin.size() != 3 || origin.get(0).equals(ComputedTables.SCHEMA)
                            ? meta
                            : originating(meta, origin));
        }
        return columns;
    }

    private static ColumnMeta originating(ColumnMeta meta, List<String> origin) {
        return new ColumnMeta(
                meta.label(),
                origin.get(2),
                origin.get(1),
                origin.get(0),
                meta.type(),
                meta.precision(),
                meta.scale(),
                meta.elementType(),
                meta.nullable(),
                meta.autoIncrement());
    }
}
