package dev.pando.engine;

import dev.pando.DocumentId;
import dev.pando.Engine;
import dev.pando.Table;
import dev.pando.collection.Fingerprint;
import dev.pando.crdt.DocumentState;
import dev.pando.crdt.SlowFold;
import dev.pando.dag.Delta;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of a table once more, folded slowly from all deltas of the log. */
final class LogFold {

    private LogFold() {}

    /** @throws IllegalStateException when rows, heads or the state hash are not what the log says */
    static void check(Engine engine, Table table) {
        EngineParts parts = ((EngineImpl) engine).parts();
        TableState state = parts.tables.require(table);
        Map<DocumentId, Map<Cid, Delta>> documents = documents(parts, table);
        var fingerprint = new Fingerprint();
        documents.forEach((document, deltas) -> {
            var fold = new SlowFold(deltas);
            List<Cid> heads = List.copyOf(fold.heads());
            fingerprint.add(Fingerprint.leaf(document, heads));
            byte[] row = parts.rows.get(RowKey.of(state.number(), document).bytes());
            DocumentState stored =
                    row == null ? DocumentState.empty() : state.codec().state(row);
            boolean same = stored.headCids().equals(heads)
                    && stored.live() == fold.live()
                    && fold.values().entrySet().stream()
                            .allMatch(value -> value.getValue().equals(stored.value(value.getKey())));
            if (!same) {
                throw new IllegalStateException("document " + document + ": the log says " + fold.values()
                        + " of heads " + heads + ", the row is " + stored);
            }
        });
        if (!fingerprint.stateHash().equals(engine.stateHash(table))) {
            throw new IllegalStateException("the state hash is not that of the log");
        }
    }

    private static Map<DocumentId, Map<Cid, Delta>> documents(EngineParts parts, Table table) {
        Map<DocumentId, Map<Cid, Delta>> documents = new HashMap<>();
        parts.store.scan(1, (sequence, blocks) -> {
            if (parts.withdrawals.contains(sequence)) {
                return true;
            }
            for (Block block : blocks) {
                if (BlockKind.of(block) == BlockKind.DELTA) {
                    Delta delta = Delta.decode(block.bytes());
                    if (delta.collection().equals(table.collectionId())) {
                        documents
                                .computeIfAbsent(delta.document(), document -> new HashMap<>())
                                .put(block.cid(), delta);
                    }
                }
            }
            return true;
        });
        return documents;
    }
}
