package dev.pando.collection;

import dev.pando.crdt.DocumentState;
import dev.pando.crdt.Parents;
import dev.pando.dag.BlockSource;
import dev.pando.dag.CommitBuilder;
import dev.pando.dag.DecodedDelta;
import dev.pando.dag.Delta;
import dev.pando.dag.Made;
import dev.pando.dag.ShareVerifier;
import dev.pando.dag.Signer;
import dev.pando.dag.VerifiedShare;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nanoseconds of each step from a changed row to a stored one; a line each. For orientation, not a gate. */
@Tag("bench")
class ModelBench {

    private static final int ROUNDS = 7;
    private static final long ROUND_NANOS = 300_000_000;

    @Test
    void steps() {
        @Nullable Object[] values = {"9780141182803", "Ulysses", 933L, 3L, new BigDecimal("12.50"), 19_000L};
        Delta insert = Books.finish(Books.insert(values), 1L << 50, 1);
        DocumentState inserted = Books.apply(DocumentState.empty(), insert);
        byte[] row = Books.LAYOUT.codec().encode(1, inserted);
        RowView seen = RowCodec.view(Books.LAYOUT, insert.document(), row, BlockSource.EMPTY);
        @Nullable Object[] changed = values.clone();
        changed[1] = "Finnegans Wake";
        changed[3] = 4L;
        Delta update = Books.finish(DeltaFactory.update(seen, changed), (1L << 50) + 1, 2);
        byte[] insertBlock = insert.encode();
        byte[] updateBlock = update.encode();
        Cid updateCid = Made.cid(update);
        DecodedDelta decoded = Made.decoded(update);
        Signer signer = Signer.of(Made.ALICE);
        VerifiedShare share =
                new CommitBuilder(update.hlc(), signer).add(update).build();
        Block delta = share.deltas().get(0).block();

        System.out.println("row bytes " + row.length + ", insert block " + insertBlock.length);
        measure("encode insert delta", () -> insert.encode().length);
        measure("decode insert delta", () -> Delta.decode(insertBlock).hlc());
        measure("decode update delta", () -> Delta.decode(updateBlock).hlc());
        measure(
                "hash update delta",
                () -> Cid.ofSha256(Cid.DAG_CBOR, updateBlock).hashCode());
        measure("draft update", () -> DeltaFactory.update(seen, changed).ops().size());
        measure(
                "check parents",
                () -> Parents.check(decoded, inserted, cid -> null).hashCode());
        measure(
                "decode state of row",
                () -> Books.LAYOUT.codec().state(row).heads().size());
        measure("apply", () -> inserted.apply(updateCid, update).heads().size());
        measure("encode row", () -> Books.LAYOUT.codec().encode(1, inserted).length);
        measure("row: decode, apply, encode", () -> {
            DocumentState state = Books.LAYOUT.codec().state(row);
            return Books.LAYOUT.codec().encode(2, state.apply(updateCid, update)).length;
        });
        measure("leaf", () -> Fingerprint.leaf(insert.document(), inserted.headCids())[0]);
        measure(
                "document id of a key",
                () -> Keys.documentId(Books.TABLE, java.util.List.of(values[0])).hashCode());
        measure("read getLong", () -> seen.getLong(3));
        measure("read 6 columns", () -> seen.values().length);
        measure(
                "commit of one: encode, sign",
                () -> new CommitBuilder(update.hlc(), signer)
                        .add(update)
                        .build()
                        .parts()
                        .size());
        measure(
                "verify share of one",
                () -> ShareVerifier.verify(share.commitBlock(), java.util.List.of(delta))
                        .hashCode());
        measure("verify signature", () -> share.commit().verifySignature() ? 1 : 0);
    }

    private static void measure(String what, LongSupplier step) {
        double best = Double.MAX_VALUE;
        long sink = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            long count = 0;
            long elapsed;
            do {
                for (int i = 0; i < 50; i++) {
                    sink += step.getAsLong();
                }
                count += 50;
                elapsed = System.nanoTime() - start;
            } while (elapsed < ROUND_NANOS);
            best = Math.min(best, (double) elapsed / count);
        }
        System.out.printf(Locale.ROOT, "%-32s %,10.0f ns %s%n", what, best, sink == 42 ? "." : "");
    }
}
