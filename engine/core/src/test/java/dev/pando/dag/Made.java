package dev.pando.dag;

import dev.pando.ColumnType.Family;
import dev.pando.DocumentId;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.libp2p.KeyPair;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Deltas made by hand, for tests. */
public final class Made {

    public static final Cid BOOKS = Cid.ofSha256(Cid.DAG_CBOR, new byte[] {1});
    public static final Cid AUTHORS = Cid.ofSha256(Cid.DAG_CBOR, new byte[] {2});
    public static final KeyPair ALICE = KeyPair.fromSeed(filled(32, 7));
    public static final KeyPair BOB = KeyPair.fromSeed(filled(32, 8));

    private Made() {}

    public static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    public static SortedMap<String, Value> key(long id) {
        SortedMap<String, Value> key = new TreeMap<>(DagCbor.KEY_ORDER);
        key.put("id:int:set", Values.encode(Family.INT, id));
        return key;
    }

    public static SortedMap<String, FieldOp> ops(Map<String, FieldOp> ops) {
        SortedMap<String, FieldOp> sorted = new TreeMap<>(DagCbor.KEY_ORDER);
        sorted.putAll(ops);
        return sorted;
    }

    public static FieldOp set(Family family, @Nullable Object value) {
        return new FieldOp.SetValue(Values.encode(family, value));
    }

    public static FieldOp add(long amount) {
        return new FieldOp.Add(BigInteger.valueOf(amount));
    }

    public static Delta insert(long id, long hlc, int nonce, Map<String, FieldOp> ops) {
        return insert(BOOKS, id, hlc, nonce, ops);
    }

    public static Delta insert(Cid collection, long id, long hlc, int nonce, Map<String, FieldOp> ops) {
        SortedMap<String, Value> key = key(id);
        return new Delta(
                collection,
                Delta.documentId(collection, key),
                key,
                List.of(),
                null,
                hlc,
                ALICE.publicKey().raw(),
                filled(16, nonce),
                Live.INSERT,
                ops(ops));
    }

    /** A delta that follows others of the document. */
    public static Delta follow(
            long id,
            List<Cid> prev,
            @Nullable Cid incarnation,
            long hlc,
            int nonce,
            @Nullable Live live,
            Map<String, FieldOp> ops) {
        List<Cid> sorted = new ArrayList<>(prev);
        Collections.sort(sorted);
        return new Delta(
                BOOKS,
                document(id),
                null,
                sorted,
                incarnation,
                hlc,
                ALICE.publicKey().raw(),
                filled(16, nonce),
                live,
                ops(ops));
    }

    public static DocumentId document(long id) {
        return Delta.documentId(BOOKS, key(id));
    }

    public static DecodedDelta decoded(Delta delta) {
        Block block = Block.of(Cid.DAG_CBOR, delta.encode());
        return new DecodedDelta(block.cid(), delta, block);
    }

    public static Cid cid(Delta delta) {
        return decoded(delta).cid();
    }
}
