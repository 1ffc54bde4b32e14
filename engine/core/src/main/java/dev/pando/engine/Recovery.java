package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.ExpressionCompiler;
import dev.pando.collection.HybridClock;
import dev.pando.collection.RowCodec;
import dev.pando.crdt.Conflict;
import dev.pando.crdt.DocumentState;
import dev.pando.crdt.History;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.store.DerivedMap;
import dev.pando.store.Replayer;
import dev.pando.store.Store;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings rows, local records and tables up to the log when an engine opens. What was admitted is not checked again, and
 * no clock is asked.
 */
final class Recovery implements Replayer {

    /** Where the greatest hlc of the log is kept in the meta map. */
    private static final byte[] HLC_KEY = {'h'};

    /** The clock is also a local record from when compaction began: the delta with the greatest hlc may be gone since. */
    static final String CLOCK_KIND = "Clock";

    static final String CLOCK_KEY = "last";

    private final Store store;
    private final Environment environment;
    private final Optional<ExpressionCompiler> compiler;
    private final Listeners changed;
    private @Nullable DerivedMap rows;
    private @Nullable DerivedMap meta;
    private @Nullable Locals locals;
    private @Nullable ConflictLog conflicts;
    private @Nullable Admitted admitted;
    private @Nullable Tables tables;
    private Map<String, Long> forgotten = new TreeMap<>();
    private boolean tablesStale;
    private boolean discarded;
    private long hlc;

    Recovery(Store store, Environment environment, Optional<ExpressionCompiler> compiler, Listeners changed) {
        this.store = store;
        this.environment = environment;
        this.compiler = compiler;
        this.changed = changed;
    }

    @Override
    public void begin(boolean mapsDiscarded) {
        discarded = mapsDiscarded;
        rows = store.map("rows");
        meta = store.map("meta");
        locals = new Locals(meta());
        conflicts = new ConflictLog(meta());
        admitted = new Admitted(store, meta());
        locals.load();
        tables = new Tables(store, rows(), locals, environment, compiler, changed);
        observe(meta().get(HLC_KEY));
        observe(locals().get(CLOCK_KIND, CLOCK_KEY));
        loadTables();
    }

    private void observe(byte @Nullable [] kept) {
        hlc = kept == null ? hlc : Math.max(hlc, ByteBuffer.wrap(kept).getLong());
    }

    private void loadTables() {
        tables().load();
        forgotten = new TreeMap<>();
        locals().all(Tables.FORGOTTEN_KIND)
                .forEach((collection, value) ->
                        forgotten.put(collection, ByteBuffer.wrap(value).getLong()));
        tablesStale = false;
    }

    @Override
    public @Nullable Object prepare(Block block) {
        return switch (BlockKind.of(block)) {
            case LOCAL_RECORD -> LocalRecord.decode(block);
            case DELTA -> Delta.decode(block.bytes());
            case COMMIT, LIST, RAW -> null;
        };
    }

    @Override
    public void replay(long sequence, List<Block> blocks, List<@Nullable Object> prepared) {
        if (prepared.stream().anyMatch(Recovery::isWithdrawal)) {
            withdraw(sequence, prepared);
        }
        for (int i = 0; i < blocks.size(); i++) {
            Object what = prepared.get(i);
            if (what instanceof Delta delta) {
                merge(sequence, blocks.get(i), delta);
            } else if (what instanceof LocalRecord record) {
                locals().apply(record);
                if (record.kind().equals(CLOCK_KIND)) {
                    observe(record.value());
                } else {
                    tablesStale = true;
                }
            }
        }
    }

    private static boolean isWithdrawal(@Nullable Object prepared) {
        return prepared instanceof LocalRecord record
                && record.kind().equals(Withdrawals.KIND)
                && record.value() != null;
    }

    /** Takes documents back to what is left of them; the deltas of the same transaction build on that. */
    private void withdraw(long sequence, List<@Nullable Object> prepared) {
        if (tablesStale) {
            loadTables();
        }
        Map<RowKey, List<Cid>> left = new LinkedHashMap<>();
        for (Object what : prepared) {
            if (what instanceof Delta delta) {
                TableState table = tables().byId(delta.collection());
                if (table != null) {
                    left.put(RowKey.of(table.number(), delta.document()), delta.prev());
                }
            } else if (what != null && isWithdrawal(what)) {
                byte[] value = Objects.requireNonNull(((LocalRecord) what).value());
                for (Withdrawals.Left document :
                        Withdrawals.Withdrawal.decode(value).documents()) {
                    TableState table = tables().byId(document.collection());
                    if (table != null) {
                        left.put(RowKey.of(table.number(), document.document()), document.heads());
                    }
                }
            }
        }
        left.forEach((key, heads) -> {
            byte[] row = rows().get(key.bytes());
            if (row != null && RowCodec.sequence(row) < sequence) {
                TableState table = Objects.requireNonNull(tables().byNumber(key.collection()));
                DocumentState state =
                        DocumentState.fold(History.of(heads, store::get, Integer.MAX_VALUE), Long.MAX_VALUE);
                rows().put(key.bytes(), table.codec().encode(sequence - 1, state));
                tablesStale |= table == tables().definitions();
            }
        });
    }

    private void merge(long sequence, Block block, Delta delta) {
        if (tablesStale) {
            loadTables();
        }
        hlc = Math.max(hlc, delta.hlc());
        TableState table = tables().byId(delta.collection());
        Long forgottenUpTo =
                forgotten.isEmpty() ? null : forgotten.get(delta.collection().toString());
        if (table == null || forgottenUpTo != null && sequence <= forgottenUpTo) {
            return;
        }
        admitted().applied(table, block.cid());
        byte[] key = RowKey.of(table.number(), delta.document()).bytes();
        byte[] row = rows().get(key);
        if (row == null || RowCodec.sequence(row) < sequence) {
            DocumentState before = Merger.state(table, row);
            if (isMerged(before, block.cid(), delta)) {
                return;
            }
            if (row != null) {
                var decoded = new DecodedDelta(block.cid(), delta, block);
                Conflict.of(before, decoded, ConflictLog.ancestry(store::get))
                        .forEach(conflict -> conflicts().note(RowKey.of(key), conflict));
            }
            DocumentState merged = before.apply(block.cid(), delta);
            rows().put(key, table.codec().encode(sequence, merged));
            /* Tables show what definitions say. */
            tablesStale |= table == tables().definitions();
        }
    }

    /**
     * Whether the delta is at or below the row's heads: a commit that came in parts, one document first and the rest
     * later, has it in the log twice.
     */
    private boolean isMerged(DocumentState state, Cid cid, Delta delta) {
        List<Cid> heads = state.headCids();
        if (heads.isEmpty() || !delta.prev().isEmpty() && heads.containsAll(delta.prev())) {
            return false; // what it builds upon would not be a head any more
        }
        var open = new ArrayDeque<Cid>(heads);
        var seen = new HashSet<Cid>(heads);
        while (!open.isEmpty()) {
            Cid next = open.remove();
            if (next.equals(cid)) {
                return true;
            }
            byte[] block = store.get(next);
            if (block == null) {
                continue; // Its table is dropped further on: compaction took it out of the log and left later ones.
            }
            Delta above = Delta.decode(block);
            if (above.hlc() > delta.hlc()) {
                above.prev().stream().filter(seen::add).forEach(open::add);
            }
        }
        return false;
    }

    /** To be called when the store has recovered. */
    void finish() {
        if (tablesStale) {
            loadTables();
        }
        StateHashes.load(tables(), meta(), discarded);
    }

    HybridClock clock() {
        return new HybridClock(hlc);
    }

    /** Keeps the clock for a start that replays nothing. On the writer. */
    static void saveClock(DerivedMap meta, HybridClock clock) {
        meta.put(HLC_KEY, clockRecord(clock));
    }

    static byte[] clockRecord(HybridClock clock) {
        return ByteBuffer.allocate(Long.BYTES).putLong(clock.last()).array();
    }

    DerivedMap rows() {
        return Objects.requireNonNull(rows);
    }

    DerivedMap meta() {
        return Objects.requireNonNull(meta);
    }

    private Admitted admitted() {
        return Objects.requireNonNull(admitted);
    }

    private ConflictLog conflicts() {
        return Objects.requireNonNull(conflicts);
    }

    Locals locals() {
        return Objects.requireNonNull(locals);
    }

    Tables tables() {
        return Objects.requireNonNull(tables);
    }
}
