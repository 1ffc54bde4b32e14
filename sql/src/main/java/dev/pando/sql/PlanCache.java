package dev.pando.sql;

import dev.pando.ColumnType;
import dev.pando.sql.catalog.SchemaSnapshot;
import dev.pando.sql.exec.Plan;
import dev.pando.sql.exec.Statements;
import dev.pando.sql.parser.TextShape;
import dev.pando.sql.plan.CancelCheck;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Plans by text, and by text but for its literals. Thread-safe. */
final class PlanCache {
    /** Plans of texts kept; the least recently used one goes first. */
    private static final int PLANS_MAX = 256;

    /** Shapes of texts kept; the least recently used one goes first. */
    private static final int SHAPES_MAX = 256;

    private final Statements statements;
    private final Map<PlanKey, Plan> plans = bounded(PLANS_MAX);
    private final Map<ShapeKey, ShapeEntry> shapes = bounded(SHAPES_MAX);

    private record PlanKey(String sql, String schema, SchemaSnapshot snapshot) {}

    private record ShapeKey(String text, List<ColumnType> types, String schema, SchemaSnapshot snapshot) {}

    /* A shape is planned when it comes a second time: most never do. */
    private static final class ShapeEntry {
        boolean planned;
        Plan.@Nullable OfRows plan;
    }

    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();

    PlanCache(Statements statements) {
        this.statements = statements;
    }

    /** Texts whose plan was there, or that of their shape. */
    long hits() {
        return hits.sum();
    }

    long misses() {
        return misses.sum();
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>(most, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** The plan of a text, made or from the cache. */
    Plan plan(String sql, String schema, SchemaSnapshot snapshot, CancelCheck cancel) throws SQLException {
        PlanKey key = new PlanKey(sql, schema, snapshot);
        synchronized (plans) {
            Plan known = plans.get(key);
            if (known != null) {
                hits.increment();
                return known;
            }
        }
        Plan shaped = shaped(sql, schema, snapshot);
        if (shaped != null) {
            hits.increment();
            return shaped;
        }
        misses.increment();
        Plan made = statements.plan(sql, snapshot, schema, cancel);
        if (made instanceof Plan.OfRows) {
            synchronized (plans) {
                plans.put(key, made);
            }
        }
        return made;
    }

    private @Nullable Plan shaped(String sql, String schema, SchemaSnapshot snapshot) {
        TextShape shape = TextShape.of(sql);
        if (shape == null) {
            return null;
        }
        ShapeEntry entry;
        synchronized (shapes) {
            ShapeKey key = new ShapeKey(shape.text(), shape.types(), schema, snapshot);
            entry = shapes.get(key);
            if (entry == null) {
                shapes.put(key, new ShapeEntry());
                return null;
            }
        }
        Plan.OfRows plan;
        synchronized (entry) {
            if (!entry.planned) {
                entry.plan = statements.shape(shape, snapshot, schema);
                entry.planned = true;
            }
            plan = entry.plan;
        }
        return plan == null ? null : Statements.shaped(plan, shape);
    }
}
