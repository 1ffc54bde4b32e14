package dev.pando.engine;

import dev.pando.crdt.Ancestry;
import dev.pando.crdt.Conflict;
import dev.pando.dag.BlockSource;
import dev.pando.dag.Delta;
import dev.pando.dag.Stamp;
import dev.pando.dag.Value;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.Sha256;
import dev.pando.store.DerivedMap;
import dev.pando.store.PageCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The last conflict of each column of each document, in the meta map. Noted by the writer, read by anyone. */
final class ConflictLog {

    /** Noted in one run of the engine at most; later ones are counted in the log of the program only. */
    static final int NOTED_MAX = 65_536;

    private static final byte PREFIX = 'c';
    private static final int COLUMN_BYTES = 8;
    private static final int KEY_BYTES = 1 + RowKey.BYTES + COLUMN_BYTES;

    private static final System.Logger LOG = System.getLogger(ConflictLog.class.getName());

    private final DerivedMap meta;
    private int noted;

    /** A conflict and where it is. */
    record Noted(RowKey key, Conflict conflict) {}

    ConflictLog(DerivedMap meta) {
        this.meta = meta;
    }

    /** Walks over admitted deltas. */
    static Ancestry ancestry(BlockSource blocks) {
        return new Ancestry(cid -> {
            byte[] block = blocks.get(cid);
            return block == null ? null : Delta.decode(block);
        });
    }

    void note(RowKey key, Conflict conflict) {
        if (++noted > NOTED_MAX) {
            LOG.log(System.Logger.Level.WARNING, () -> "conflict " + noted + " is not listed: " + conflict.column());
            return;
        }
        byte[] column = Sha256.digest(conflict.column().getBytes(StandardCharsets.UTF_8));
        byte[] name = ByteBuffer.allocate(KEY_BYTES)
                .put(PREFIX)
                .put(key.bytes())
                .put(column, 0, COLUMN_BYTES)
                .array();
        meta.put(name, encode(conflict));
    }

    private static byte[] encode(Conflict conflict) {
        return DagCbor.encode(List.of(
                conflict.column(),
                conflict.winner().hlc(),
                conflict.winner().cid(),
                conflict.winnerValue().encoded(),
                conflict.loser().hlc(),
                conflict.loser().cid(),
                conflict.loserValue().encoded(),
                conflict.certain()));
    }

    private static Conflict decode(byte[] bytes) {
        List<?> parts = (List<?>) Objects.requireNonNull(DagCbor.decode(bytes));
        return new Conflict(
                (String) parts.get(0),
                new Stamp((Long) parts.get(1), (Cid) parts.get(2)),
                Value.ofEncoded((byte[]) parts.get(3)),
                new Stamp((Long) parts.get(4), (Cid) parts.get(5)),
                Value.ofEncoded((byte[]) parts.get(6)),
                (Boolean) parts.get(7));
    }

    /** Those of one collection, in no order. */
    List<Noted> of(int collection) {
        var found = new ArrayList<Noted>();
        try (PageCursor pages = meta.pages()) {
            for (var page = pages.next(); !page.isEmpty(); page = pages.next()) {
                for (PageCursor.Entry entry : page) {
                    byte[] name = entry.key();
                    if (name.length == KEY_BYTES && name[0] == PREFIX) {
                        RowKey key = RowKey.of(Arrays.copyOfRange(name, 1, 1 + RowKey.BYTES));
                        if (key.collection() == collection) {
                            found.add(new Noted(key, decode(entry.value())));
                        }
                    }
                }
            }
        }
        return found;
    }
}
