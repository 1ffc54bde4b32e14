package dev.pando.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.Alteration;
import dev.pando.ColumnType;
import dev.pando.PandoException;
import dev.pando.TableSpec;
import dev.pando.crdt.DocumentState;
import dev.pando.dag.BlockSource;
import dev.pando.dag.Delta;
import dev.pando.dag.FieldOp;
import dev.pando.dag.Golden;
import dev.pando.dag.Made;
import dev.pando.ipld.Cid;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowsTest {

    private static final @Nullable Object[] ULYSSES = {
        "9780141182803", "Ulysses", 933L, 3L, new BigDecimal("12.50"), null
    };

    @Test
    void aRowShowsWhatWasWritten() {
        Delta delta = Books.finish(Books.insert(ULYSSES), 5, 1);
        DocumentState state = Books.apply(DocumentState.empty(), delta);
        byte[] row = Books.LAYOUT.codec().encode(7, state);
        Golden.check("row-insert", row);
        RowView view = RowCodec.view(Books.LAYOUT, delta.document(), row, BlockSource.EMPTY);
        assertThat(view.values()).isEqualTo(ULYSSES);
        assertThat(view.getLong(2)).isEqualTo(933);
        assertThat(view.getLong(3)).isEqualTo(3);
        assertThat(view.isNull(5)).isTrue();
        assertThat(view.isNull(4)).isFalse();
        assertThat(view.version()).isEqualTo(7);
        assertThat(view.live()).isTrue();
        assertThat(view.state()).isEqualTo(state);
    }

    @Test
    void anUpdateWritesOnlyWhatChanged() {
        DocumentState state = Books.apply(DocumentState.empty(), Books.finish(Books.insert(ULYSSES), 5, 1));
        RowView seen = Books.view(Books.LAYOUT, Books.finish(Books.insert(ULYSSES), 5, 1), state);
        assertThat(DeltaFactory.update(seen, seen.values())).isNull();
        @Nullable Object[] changed = seen.values();
        changed[1] = null;
        changed[3] = 10L;
        changed[5] = 100L;
        DeltaDraft draft = DeltaFactory.update(seen, changed);
        assertThat(draft.ops().keySet())
                .containsExactlyInAnyOrder("title:text:set", "likes:int:add", "lastread:date:max");
        assertThat(draft.ops().get("likes:int:add")).isEqualTo(Made.add(7));
        assertThat(draft.prev()).isEqualTo(state.headCids());
        RowView preview = Books.view(Books.LAYOUT, Books.finish(draft, 9, 1), draft.preview(state));
        assertThat(preview.values()).isEqualTo(changed);
        Delta delta = Books.finish(draft, draft.greatestPrevHlc() + 1, 2);
        RowView after = Books.view(Books.LAYOUT, delta, Books.apply(state, delta));
        assertThat(after.values()).isEqualTo(changed);
    }

    @Test
    void deletingAndInsertingAgainBeginsAnew() {
        Delta insert = Books.finish(Books.insert(ULYSSES), 5, 1);
        DocumentState state = Books.apply(DocumentState.empty(), insert);
        Delta delete = Books.finish(DeltaFactory.delete(Books.view(Books.LAYOUT, insert, state)), 6, 2);
        DocumentState deleted = Books.apply(state, delete);
        RowView gone = Books.view(Books.LAYOUT, delete, deleted);
        assertThat(gone.live()).isFalse();
        Golden.check("row-deleted", gone.bytes());
        assertThat(gone.values()).containsOnly((Object) null, 0L).contains((Object) null);
        assertThat(gone.state()).isEqualTo(deleted);
        @Nullable Object[] values = {"9780141182803", null, null, 0L, null, null};
        java.util.BitSet named = new java.util.BitSet();
        named.set(0);
        DeltaDraft again = DeltaFactory.insert(
                Books.TABLE, Keys.of(Books.TABLE, List.of("9780141182803")), values, named, deleted);
        assertThat(again.key()).isNull();
        assertThat(again.ops()).isEmpty();
        Delta second = Books.finish(again, 7, 3);
        assertThat(Books.view(Books.LAYOUT, second, Books.apply(deleted, second))
                        .values())
                .isEqualTo(values);
    }

    @Test
    void replacingSetsEveryColumn() {
        Delta insert = Books.finish(Books.insert(ULYSSES), 5, 1);
        DocumentState state = Books.apply(DocumentState.empty(), insert);
        RowView seen = Books.view(Books.LAYOUT, insert, state);
        DeltaDraft draft = DeltaFactory.replace(seen, seen.values());
        assertThat(draft.ops().keySet()).containsExactlyInAnyOrder("title:text:set", "pages:int:set", "price:dec2:set");
        assertThat(draft.live()).isNull();
    }

    @Test
    void aSumBeyondItsTypeReadsAs22003AndIsMended() {
        DocumentState state = DocumentState.empty();
        Delta first = Books.finish(Books.insert("1", null, null, Long.MAX_VALUE, new BigDecimal("1.00"), null), 5, 1);
        state = Books.apply(state, first);
        Delta more = Made.follow(
                1, state.headCids(), Made.cid(first), 6, 1, null, Map.of("likes:int:add", Made.add(Long.MAX_VALUE)));
        more = new Delta(
                first.collection(),
                first.document(),
                null,
                more.prev(),
                more.incarnation(),
                6,
                more.author(),
                more.nonce(),
                null,
                more.ops());
        state = Books.apply(state, more);
        RowView view = Books.view(Books.LAYOUT, first, state);
        assertThatThrownBy(() -> view.getLong(3))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.sqlState()).isEqualTo("22003"));
        assertThatThrownBy(() -> view.get(3)).isInstanceOf(PandoException.class);
        assertThat(view.amount(3)).isEqualTo(BigInteger.valueOf(Long.MAX_VALUE).shiftLeft(1));
        assertThat(view.orderedKey(List.of(3), new BitSet()))
                .isEqualTo(KeyOrder.encode(List.of(ColumnType.BIGINT), List.of(Long.MAX_VALUE)));
        DeltaDraft mend =
                DeltaFactory.update(view, new @Nullable Object[] {"1", null, null, 5L, new BigDecimal("1.00"), null});
        Delta delta = Books.finish(mend, 7, 1);
        assertThat(Books.view(Books.LAYOUT, delta, Books.apply(state, delta)).getLong(3))
                .isEqualTo(5);
    }

    @Test
    void aDecimalIsReadAndOrderedAsItIs() {
        for (String text : List.of(
                "0.00", "-0.01", "1.27", "1.28", "-1.28", "-1.29", "2.55", "327.68", "99999999.99", "-99999999.99")) {
            BigDecimal price = new BigDecimal(text);
            Delta insert = Books.finish(Books.insert("1", "Emma", 1L, 2L, price, null), 5, 1);
            RowView view = Books.view(Books.LAYOUT, insert, Books.apply(DocumentState.empty(), insert));
            assertThat(view.get(4)).isEqualTo(price);
            byte[] key = KeyOrder.encode(List.of(ColumnType.decimal(10, 2)), List.of(price));
            assertThat(view.orderedKey(List.of(4), new BitSet())).isEqualTo(key);
            assertThat(view.hasOrderedKey(List.of(4), new BitSet(), key, key.length))
                    .isTrue();
            assertThat(view.hasOrderedKey(List.of(4), new BitSet(), key, key.length - 1))
                    .isFalse();
        }
    }

    @Test
    void concurrentInsertsShowMergedAndTheKeyStays() {
        Delta a = Books.finish(Books.insert("1", "here", 1L, 2L, null, 50L), 5, 1);
        Delta b = Books.finish(Books.insert("1", "there", null, 3L, null, 40L), 6, 1);
        // Hostile: an op on the key column.
        Delta c = new Delta(
                a.collection(),
                a.document(),
                null,
                List.of(Made.cid(b)),
                Made.cid(b),
                7,
                a.author(),
                a.nonce(),
                null,
                Made.ops(Map.of("isbn:text:set", Made.set(ColumnType.Family.TEXT, "2"))));
        DocumentState state = Books.apply(Books.apply(Books.apply(DocumentState.empty(), b), a), c);
        Golden.check("row-two-incarnations", Books.LAYOUT.codec().encode(7, state));
        RowView view = Books.view(Books.LAYOUT, a, state);
        assertThat(view.values()).isEqualTo(new Object[] {"1", "there", null, 5L, null, 50L});
        assertThat(view.state()).isEqualTo(state);
    }

    @Test
    void columnsAddedLaterStandByTheirId() {
        DocumentState definition = DocumentState.empty();
        Delta alter = Books.finish(
                Books.DEFINITION.draft(Books.DEFINITION
                        .alter(List.of(new Alteration.AddColumn(TableSpec.ColumnSpec.of("Genre", ColumnType.VARCHAR))))
                        .ops()),
                3,
                1);
        definition = Books.apply(definition, alter);
        Definition altered = Books.DEFINITION.with(definition);
        RowLayout layout = RowLayout.of(altered.table(List.of()), altered.numbers());
        assertThat(layout.table().columns()).hasSize(7);
        Delta insert = Books.finish(Books.insert(ULYSSES), 5, 1);
        DocumentState state = Books.apply(DocumentState.empty(), insert);
        RowView old = Books.view(layout, insert, state);
        assertThat(old.get(6)).isNull();
        @Nullable Object[] values = old.values();
        values[6] = "novel";
        Delta update = Books.finish(DeltaFactory.update(old, values), 6, 1);
        state = Books.apply(state, update);
        assertThat(Books.view(layout, update, state).get(6)).isEqualTo("novel");
        Golden.check("delta-add-column", alter.encode());
        Golden.check("row-added-column", Books.view(layout, update, state).bytes());
        assertThat(Books.view(Books.LAYOUT, update, state).values()).isEqualTo(ULYSSES);
        assertThat(Books.view(layout, update, state).state()).isEqualTo(state);
    }

    @Test
    void longRowsHaveWideOffsetsAndLargeValuesAreRead() {
        String text = "x".repeat(60_000);
        Delta insert = Books.finish(Books.insert("1", text, 1L, 0L, null, null), 5, 1);
        RowView view = Books.view(Books.LAYOUT, insert, Books.apply(DocumentState.empty(), insert));
        assertThat(view.get(1)).isEqualTo(text);
        DeltaDraft large = Books.insert("1", "y".repeat(70_000), 1L, 0L, null, null);
        Map<Cid, byte[]> blocks = new HashMap<>();
        large.large().forEach(block -> blocks.put(block.cid(), block.bytes()));
        Delta delta = Books.finish(large, 5, 1);
        byte[] row = Books.LAYOUT.codec().encode(1, Books.apply(DocumentState.empty(), delta));
        assertThat(row.length).isLessThan(500);
        Golden.check("delta-large-value", delta.encode());
        assertThat(RowCodec.view(Books.LAYOUT, delta.document(), row, blocks::get)
                        .get(1))
                .isEqualTo("y".repeat(70_000));
    }

    @Test
    void moreHeadsThanOneDeltaMayNameStillGiveAValidParentage() {
        Delta insert = Books.finish(Books.insert(ULYSSES), 5, 1);
        DocumentState state = Books.apply(DocumentState.empty(), insert);
        for (int i = 0; i < 100; i++) {
            Map<String, FieldOp> ops = Map.of("pages:int:set", Made.set(ColumnType.Family.INT, (long) i));
            Delta fork = new Delta(
                    insert.collection(),
                    insert.document(),
                    null,
                    List.of(Made.cid(insert)),
                    Made.cid(insert),
                    10 + i,
                    insert.author(),
                    insert.nonce(),
                    null,
                    Made.ops(ops));
            state = Books.apply(state, fork);
        }
        assertThat(state.heads()).hasSize(100);
        DeltaDraft draft = DeltaFactory.delete(Books.view(Books.LAYOUT, insert, state));
        assertThat(draft.prev()).hasSize(Delta.PREV_MAX).isSorted();
        assertThat(draft.greatestPrevHlc()).isEqualTo(109);
        Delta delete = Books.finish(draft, 200, 1);
        assertThat(Books.apply(state, delete).live()).isFalse();
        assertThat(Books.apply(state, delete).heads()).hasSize(37);
    }

    @Test
    void whatAMergeBrokeIsShown() {
        Delta insert = Books.finish(Books.insert("1", "t", 1L, 0L, null, null), 5, 1);
        Delta update = new Delta(
                insert.collection(),
                insert.document(),
                null,
                List.of(Made.cid(insert)),
                Made.cid(insert),
                6,
                insert.author(),
                insert.nonce(),
                null,
                Made.ops(Map.of(
                        "pages:int:set", Made.set(ColumnType.Family.INT, 1L << 40),
                        "price:dec2:set", Made.set(ColumnType.Family.DEC, new BigDecimal("123456789012.00")))));
        DocumentState state = Books.apply(Books.apply(DocumentState.empty(), insert), update);
        assertThat(RowViolation.of(Books.view(Books.LAYOUT, insert, state)))
                .extracting(violation -> violation.column().name() + " " + violation.kind())
                .containsExactly("pages NUMERIC_OUT_OF_RANGE", "price NUMERIC_OUT_OF_RANGE");
    }

    @Test
    void historyFoldsToWhatStoodThen() {
        Map<Cid, byte[]> blocks = new HashMap<>();
        Delta insert = Books.finish(Books.insert(ULYSSES), HybridClock.asOf(10), 1);
        DocumentState state = Books.apply(DocumentState.empty(), insert);
        List<DocumentState> states = new ArrayList<>(List.of(state));
        blocks.put(Made.cid(insert), insert.encode());
        for (int i = 1; i <= 5; i++) {
            RowView seen = Books.view(Books.LAYOUT, insert, state);
            @Nullable Object[] values = seen.values();
            values[3] = 3L + i;
            Delta update = Books.finish(DeltaFactory.update(seen, values), HybridClock.asOf(10 + i), i);
            blocks.put(Made.cid(update), update.encode());
            state = Books.apply(state, update);
            states.add(state);
        }
        List<dev.pando.dag.DecodedDelta> history = dev.pando.crdt.History.of(state.headCids(), blocks::get, 100);
        assertThat(history).hasSize(6);
        assertThat(dev.pando.crdt.History.isWhole(history)).isTrue();
        for (int i = 0; i <= 5; i++) {
            assertThat(DocumentState.fold(history, HybridClock.asOf(10 + i))).isEqualTo(states.get(i));
        }
        assertThat(DocumentState.fold(history, HybridClock.asOf(9)).live()).isFalse();
        assertThat(dev.pando.crdt.History.isWhole(dev.pando.crdt.History.of(state.headCids(), blocks::get, 3)))
                .isFalse();
    }

    @Test
    void documentIdsOfOneAndMoreKeyColumns() {
        assertThat(Keys.documentId(Books.TABLE, List.of("1")))
                .isEqualTo(Keys.documentId(Books.TABLE.collectionId(), Keys.of(Books.TABLE, List.of("1"))));
    }

    @Test
    void keysSortLikeTheirValues() {
        Random random = new Random(4);
        ColumnType dec = ColumnType.decimal(38, 2);
        List<Long> longs = new ArrayList<>(List.of(0L, -1L, 1L, Long.MIN_VALUE, Long.MAX_VALUE));
        List<BigDecimal> decimals = new ArrayList<>();
        List<Double> doubles = new ArrayList<>(List.of(0.0, -1.5, 1.5, Double.MAX_VALUE, -Double.MAX_VALUE));
        List<String> texts = new ArrayList<>(List.of("", "\u0000", "a", "a\u0000", "a\u0000b", "ab", "\uffff", "😀"));
        for (int i = 0; i < 300; i++) {
            longs.add(random.nextLong() >> random.nextInt(60));
            decimals.add(new BigDecimal(new BigInteger(random.nextInt(120), random), 2)
                    .multiply(random.nextBoolean() ? BigDecimal.ONE : BigDecimal.ONE.negate()));
            doubles.add(random.nextGaussian() * Math.pow(10, random.nextInt(20) - 10));
        }
        sorts(ColumnType.BIGINT, longs);
        sorts(dec, decimals);
        sorts(ColumnType.DOUBLE, doubles);
        Collections.sort(
                texts,
                (a, b) -> java.util.Arrays.compareUnsigned(
                        a.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        b.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        inOrder(ColumnType.VARCHAR, texts);
        Golden.check(
                "ordered-key",
                KeyOrder.encode(
                        List.of(ColumnType.BIGINT, dec, ColumnType.DOUBLE, ColumnType.VARCHAR, ColumnType.BOOLEAN),
                        java.util.Arrays.asList(-5L, new BigDecimal("-1.50"), 2.5, "a\u0000b", null)));
        byte[] nullKey = KeyOrder.encode(List.of(dec), Collections.singletonList(null));
        byte[] greatest = KeyOrder.encode(List.of(dec), List.of(new BigDecimal("9".repeat(36) + ".99")));
        assertThat(java.util.Arrays.compareUnsigned(greatest, nullKey)).isNegative();
        assertThat(KeyOrder.after(new byte[] {1, (byte) 0xff})).containsExactly(2);
        assertThat(KeyOrder.after(new byte[] {(byte) 0xff})).isNull();
    }

    private static <T extends Comparable<T>> void sorts(ColumnType type, List<T> values) {
        Collections.sort(values);
        inOrder(type, values);
    }

    private static void inOrder(ColumnType type, List<?> values) {
        for (int i = 1; i < values.size(); i++) {
            byte[] lower = KeyOrder.encode(List.of(type), List.of(values.get(i - 1)));
            byte[] upper = KeyOrder.encode(List.of(type), List.of(values.get(i)));
            int expected = values.get(i - 1).equals(values.get(i)) ? 0 : -1;
            assertThat(Integer.signum(java.util.Arrays.compareUnsigned(lower, upper)))
                    .as(values.get(i - 1) + " and " + values.get(i))
                    .isEqualTo(expected);
        }
    }
}
