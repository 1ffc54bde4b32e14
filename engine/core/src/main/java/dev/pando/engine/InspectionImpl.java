package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.Inspection;
import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import dev.pando.Row;
import dev.pando.RowCursor;
import dev.pando.Table;
import dev.pando.collection.HybridClock;
import dev.pando.collection.Keys;
import dev.pando.collection.RowCodec;
import dev.pando.crdt.DocumentState;
import dev.pando.crdt.History;
import dev.pando.dag.BlockSource;
import dev.pando.dag.ColumnId;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Value;
import dev.pando.dag.Values;
import dev.pando.ipld.Cid;
import dev.pando.libp2p.KeyType;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers from the log's blocks and the rows; changes nothing. */
final class InspectionImpl implements Inspection {

    private final EngineParts parts;
    private final BlockSource blocks;
    private final LogInspection log;

    InspectionImpl(EngineParts parts) {
        this.parts = parts;
        this.blocks = parts.store::get;
        this.log = new LogInspection(parts);
    }

    // ---- history

    @Override
    public List<Change> history(Table table, DocumentId document) {
        parts.core.checkOpen();
        TableState state = parts.tables.require(table);
        return deltas(state, document).stream().map(d -> change(state, d)).toList();
    }

    private List<DecodedDelta> deltas(TableState state, DocumentId document) {
        byte[] row = parts.access.stored(RowKey.of(state.number(), document), parts.snapshots.published());
        return row == null ? List.of() : deltas(state.codec().state(row).headCids(), document);
    }

    private List<DecodedDelta> deltas(List<Cid> heads, DocumentId document) {
        List<DecodedDelta> deltas = History.of(heads, blocks, HISTORY_MAX);
        if (deltas.size() >= HISTORY_MAX && !History.isWhole(deltas)) {
            throw new PandoException(
                    Kind.LIMIT_EXCEEDED,
                    "document " + document + " has more than " + HISTORY_MAX + " changes, which is the limit");
        }
        return deltas;
    }

    private Change change(TableState state, DecodedDelta decoded) {
        var delta = decoded.delta();
        Map<String, Optional<Object>> values = new LinkedHashMap<>();
        if (delta.key() != null) {
            delta.key().forEach((column, value) -> {
                if (!column.isEmpty()) {
                    values.put(name(state, column), Optional.ofNullable(value(column, value)));
                }
            });
        }
        delta.ops().forEach((column, op) -> {
            if (!(op instanceof FieldOp.Elements)) {
                values.put(name(state, column), Optional.ofNullable(value(column, op)));
            }
        });
        return new Change(
                decoded.cid(),
                Instant.ofEpochMilli(HybridClock.millis(delta.hlc())),
                delta.hlc(),
                PeerId.of(PublicKey.of(KeyType.ED25519, delta.author())),
                delta.live() == null ? "update" : delta.live().text(),
                values,
                delta.prev());
    }

    private static String name(TableState state, String columnId) {
        int ordinal = TableState.ordinal(state.table(), columnId);
        return ordinal < 0 ? columnId : state.table().columns().get(ordinal).name();
    }

    private @Nullable Object value(String column, FieldOp op) {
        if (op instanceof FieldOp.SetValue set) {
            return value(column, set.value());
        }
        if (op instanceof FieldOp.Max max) {
            return value(column, max.value());
        }
        if (op instanceof FieldOp.Min min) {
            return value(column, min.value());
        }
        BigInteger amount = ((FieldOp.Add) op).amount();
        ColumnId id = ColumnId.parse(column);
        if (id.family() == dev.pando.ColumnType.Family.DEC) {
            return new BigDecimal(amount, id.scale());
        }
        return amount.bitLength() < Long.SIZE ? (Object) amount.longValue() : new BigDecimal(amount);
    }

    private @Nullable Object value(String column, Value value) {
        ColumnId id = ColumnId.parse(column);
        return value.isNull() ? null : Values.decode(id.family(), id.scale(), value, blocks);
    }

    // ---- AS OF

    @Override
    public DocumentId document(Table table, List<Object> key) {
        return Keys.documentId(table, key);
    }

    @Override
    public Optional<Row> asOf(Table table, DocumentId document, Instant time) {
        parts.core.checkOpen();
        TableState state = parts.tables.require(table);
        byte[] row = parts.access.stored(RowKey.of(state.number(), document), parts.snapshots.published());
        return row == null ? Optional.empty() : asOf(state, table, document, row, at(time));
    }

    @Override
    public Optional<Row> asOf(Table table, DocumentId document, long sequence) {
        parts.core.checkOpen();
        TableState state = parts.tables.require(table);
        Moment moment = at(sequence);
        byte[] row = parts.access.stored(RowKey.of(state.number(), document), parts.snapshots.published());
        return row == null ? Optional.empty() : asOf(state, table, document, row, moment);
    }

    /** Which changes of a document had happened. */
    private interface Moment {
        /** Whether all that made this row had. */
        boolean covers(byte[] row, DocumentState present);

        boolean covers(DecodedDelta delta);
    }

    private static Moment at(Instant time) {
        long hlcMax = HybridClock.asOf(time.toEpochMilli());
        return new Moment() {
            @Override
            public boolean covers(byte[] row, DocumentState present) {
                return present.heads().stream().allMatch(h -> h.stamp().hlc() <= hlcMax);
            }

            @Override
            public boolean covers(DecodedDelta delta) {
                return delta.delta().hlc() <= hlcMax;
            }
        };
    }

    private Moment at(long sequence) {
        log.requireAdmitted(sequence);
        return new Moment() {
            private @Nullable Set<Cid> later;

            @Override
            public boolean covers(byte[] row, DocumentState present) {
                return RowCodec.sequence(row) <= sequence;
            }

            @Override
            public boolean covers(DecodedDelta delta) {
                if (later == null) {
                    later = log.blocksAfter(sequence);
                }
                return !later.contains(delta.cid());
            }
        };
    }

    private Optional<Row> asOf(TableState state, Table table, DocumentId document, byte[] row, Moment moment) {
        DocumentState present = state.codec().state(row);
        byte[] then = row;
        if (!moment.covers(row, present)) {
            List<DecodedDelta> before = deltas(present.headCids(), document).stream()
                    .filter(moment::covers)
                    .toList();
            then = state.codec().encode(RowCodec.sequence(row), DocumentState.fold(before, Long.MAX_VALUE));
        }
        return RowCodec.live(then)
                ? Optional.of(RowCodec.view(state.layout(table), document, then, blocks))
                : Optional.empty();
    }

    @Override
    public RowCursor scanAsOf(Table table, Instant time) {
        parts.core.checkOpen();
        return scanAsOf(table, at(time));
    }

    @Override
    public RowCursor scanAsOf(Table table, long sequence) {
        parts.core.checkOpen();
        return scanAsOf(table, at(sequence));
    }

    private RowCursor scanAsOf(Table table, Moment moment) {
        TableState state = parts.tables.require(table);
        Snapshots.Slot slot = parts.snapshots.open();
        long snapshot = parts.snapshots.take(slot);
        Iterator<RowKey> documents = documents(state, snapshot).iterator();
        return new RowCursor() {
            @Override
            public @Nullable Row next() {
                while (documents.hasNext()) {
                    RowKey key = documents.next();
                    byte[] row = parts.access.stored(key, snapshot);
                    Optional<Row> then =
                            row == null ? Optional.empty() : asOf(state, table, key.document(), row, moment);
                    if (then.isPresent()) {
                        return then.get();
                    }
                }
                close();
                return null;
            }

            @Override
            public void close() {
                parts.snapshots.close(slot);
            }
        };
    }

    /** Live ones in key order, then deleted ones. */
    private List<RowKey> documents(TableState state, long snapshot) {
        var live = new ArrayList<RowKey>();
        var dead = new ArrayList<RowKey>();
        parts.indexes.ensureBuilt(state.primary());
        var cursor = state.primary().entries().from(null, true, false);
        while (cursor.next()) {
            RowKey key = RowKey.of(state.number(), DocumentId.of(cursor.value()));
            byte[] row = parts.access.stored(key, snapshot);
            if (row != null && RowCodec.live(row)) {
                live.add(key);
            }
        }
        try (var pages = parts.rows.pages()) {
            for (var page = pages.next(); !page.isEmpty(); page = pages.next()) {
                page.stream()
                        .filter(e -> RowKey.collection(e.key()) == state.number())
                        .map(e -> RowKey.of(e.key()))
                        .filter(key -> isDead(parts.access.stored(key, snapshot)))
                        .forEach(dead::add);
            }
        }
        live.addAll(dead);
        return live;
    }

    private static boolean isDead(byte @Nullable [] row) {
        return row != null && !RowCodec.live(row);
    }

    // ---- the log, heads and locks

    @Override
    public List<CommitInfo> commits(long after, int max) {
        parts.core.checkOpen();
        return log.commits(after, max);
    }

    @Override
    public List<Cid> heads(Table table, DocumentId document) {
        parts.core.checkOpen();
        TableState state = parts.tables.require(table);
        byte[] row = parts.access.stored(RowKey.of(state.number(), document), parts.snapshots.published());
        return row == null ? List.of() : List.copyOf(state.codec().state(row).headCids());
    }

    @Override
    public List<LockInfo> locks() {
        parts.core.checkOpen();
        return parts.core.locks().list().stream().map(this::lock).toList();
    }

    private LockInfo lock(LockTable.LockInfo lock) {
        if (lock.key() instanceof RowKey key) {
            Optional<Table> table = parts.tables.view().tables().stream()
                    .filter(state -> state.number() == key.collection())
                    .map(TableState::table)
                    .findFirst();
            return new LockInfo(table, Optional.of(key.document()), lock.owner(), lock.waiting());
        }
        return new LockInfo(Optional.empty(), Optional.empty(), lock.owner(), lock.waiting());
    }

    // ---- conflicts and violations

    @Override
    public List<Conflict> conflicts(Table table) {
        parts.core.checkOpen();
        TableState state = parts.tables.require(table);
        return parts.conflicts.of(state.number()).stream()
                .map(noted -> conflict(state, noted.key().document(), noted.conflict()))
                .toList();
    }

    private Conflict conflict(TableState state, DocumentId document, dev.pando.crdt.Conflict conflict) {
        long hlc = Math.max(conflict.winner().hlc(), conflict.loser().hlc());
        return new Conflict(
                document,
                name(state, conflict.column()),
                conflict.winner().cid(),
                value(conflict.column(), conflict.winnerValue()),
                conflict.loser().cid(),
                value(conflict.column(), conflict.loserValue()),
                Instant.ofEpochMilli(HybridClock.millis(hlc)));
    }

    @Override
    public List<Violation> violations(Table table, int max) {
        parts.core.checkOpen();
        TableState state = parts.tables.require(table);
        return new ViolationSearch(parts, state, max).run();
    }
}
