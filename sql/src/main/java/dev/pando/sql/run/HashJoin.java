package dev.pando.sql.run;

import dev.pando.ColumnType;
import dev.pando.sql.expr.Expression;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins by equal keys: one side in a hash table, the other looked up row by row. */
final class HashJoin extends Operator {
    private final JoinShape shape;
    private final boolean buildLeft;
    private final HashTable.Key leftKey;
    private final HashTable.Key rightKey;
    private final @Nullable Expression rest;
    private final String text;

    /**
     * @param buildLeft whether the left side is held; only for joins that give rows of both sides
     * @param rest of the condition, over a row of both sides
     */
    HashJoin(
            JoinShape shape,
            boolean buildLeft,
            HashTable.Key leftKey,
            HashTable.Key rightKey,
            @Nullable Expression rest,
            double rows,
            String text) {
        super(shape.types(), rows);
        this.shape = shape;
        this.buildLeft = buildLeft;
        this.leftKey = leftKey;
        this.rightKey = rightKey;
        this.rest = rest;
        this.text = text;
    }

    @Override
    public Tuples open(RunState state) throws SQLException {
        return open(state, false);
    }

    @Override
    Tuples openBriefly(RunState state) throws SQLException {
        return open(state, true);
    }

    private Tuples open(RunState state, boolean briefly) throws SQLException {
        HashTable table = new HashTable(state);
        boolean keepAll = buildLeft ? shape.kind().keepsLeft() : shape.kind().keepsRight();
        try {
            table.fill(buildLeft ? shape.left() : shape.right(), buildLeft ? leftKey : rightKey, keepAll);
            Operator probed = buildLeft ? shape.right() : shape.left();
            boolean handsOn = shape.kind().givesLeftOnly() && !briefly;
            return new Probing(state, table, handsOn ? probed.open(state) : probed.openBriefly(state), briefly);
        } catch (SQLException | RuntimeException e) {
            table.close();
            throw e;
        }
    }

    private final class Probing implements Tuples {
        private final RunState state;
        private final HashTable table;
        private final Tuples probes;
        private final boolean keepsProbe =
                buildLeft ? shape.kind().keepsRight() : shape.kind().keepsLeft();
        private final boolean keepsBuilt =
                buildLeft ? shape.kind().keepsLeft() : shape.kind().keepsRight();
        private @Nullable Object @Nullable [] probe;
        private HashTable.@Nullable Entry entry;
        private boolean matched;
        private @Nullable Iterator<HashTable.Entry> unmatched;

        private final @Nullable Object @Nullable [] reused;

        Probing(RunState state, HashTable table, Tuples probes, boolean briefly) {
            this.reused =
                    briefly ? new Object[shape.left().width() + shape.right().width()] : null;
            this.state = state;
            this.table = table;
            this.probes = probes;
        }

        @Override
        public @Nullable Object @Nullable [] next() throws SQLException {
            while (unmatched == null) {
                @Nullable Object[] current = probe;
                if (current == null) {
                    current = probes.next();
                    if (current == null) {
                        break;
                    }
                    probe = current;
                    entry = table.first((buildLeft ? rightKey : leftKey).of(state, current));
                    matched = false;
                }
                @Nullable Object[] given = ofProbe(current);
                if (given != null) {
                    return given;
                }
            }
            return keepsBuilt ? nextUnmatched() : null;
        }

        /* The next row that this probe gives; null when it has given all. */
        private @Nullable Object @Nullable [] ofProbe(@Nullable Object[] current) throws SQLException {
            while (entry != null) {
                state.context().checkRow();
                HashTable.Entry candidate = entry;
                entry = candidate.next;
                @Nullable Object[] row = buildLeft ? both(candidate.row, current) : both(current, candidate.row);
                if (!Steps.holds(rest, state, row)) {
                    continue;
                }
                matched = true;
                candidate.matched = true;
                switch (shape.kind()) {
                    case SEMI -> {
                        probe = null;
                        return current;
                    }
                    case ANTI -> entry = null;
                    default -> {
                        return row;
                    }
                }
            }
            probe = null;
            if (matched) {
                return null;
            }
            if (shape.kind() == JoinShape.Kind.ANTI) {
                return current;
            }
            return keepsProbe ? (buildLeft ? shape.rightAlone(current) : shape.leftAlone(current)) : null;
        }

        private @Nullable Object[] both(@Nullable Object[] left, @Nullable Object[] right) {
            if (reused == null) {
                return shape.row(left, right);
            }
            System.arraycopy(left, 0, reused, 0, shape.left().width());
            System.arraycopy(
                    right, 0, reused, shape.left().width(), shape.right().width());
            return reused;
        }

        private @Nullable Object @Nullable [] nextUnmatched() {
            if (unmatched == null) {
                List<HashTable.Entry> alone = new ArrayList<>();
                for (HashTable.Entry chain : table.chains()) {
                    for (HashTable.@Nullable Entry each = chain; each != null; each = each.next) {
                        if (!each.matched) {
                            alone.add(each);
                        }
                    }
                }
                unmatched = alone.iterator();
            }
            if (!unmatched.hasNext()) {
                return null;
            }
            @Nullable Object[] row = unmatched.next().row;
            return buildLeft ? shape.leftAlone(row) : shape.rightAlone(row);
        }

        @Override
        public void close() {
            probes.close();
            table.close();
        }
    }

    @Override
    boolean readsBriefly(Operator input, boolean briefly) {
        boolean built = input == (buildLeft ? shape.left() : shape.right());
        return built || briefly || !shape.kind().givesLeftOnly();
    }

    @Override
    String describe() {
        return "hash join (" + shape.kind().text() + ", " + (buildLeft ? "first" : "second") + " input held) on "
                + text;
    }

    @Override
    List<Operator> inputs() {
        return List.of(shape.left(), shape.right());
    }

    static List<@Nullable ColumnType> both(Operator left, Operator right) {
        List<@Nullable ColumnType> types = new ArrayList<>(left.types());
        types.addAll(right.types());
        return types;
    }
}
