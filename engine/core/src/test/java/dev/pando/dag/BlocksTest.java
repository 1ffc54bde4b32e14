package dev.pando.dag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.ColumnType.Family;
import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import dev.pando.ipld.DecodeException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlocksTest {

    private static final Delta INSERT = Made.insert(
            1,
            0x0123_4567_89ab_0000L,
            1,
            Map.ofEntries(
                    Map.entry("title:text:set", Made.set(Family.TEXT, "Ulysses \u00fc\ud83d\ude00")),
                    Map.entry("likes:int:add", Made.add(3)),
                    Map.entry("stock:dec2:add", new FieldOp.Add(BigInteger.valueOf(-1050))),
                    Map.entry("price:dec2:set", Made.set(Family.DEC, new BigDecimal("10.50"))),
                    Map.entry("seen:ts:max", new FieldOp.Max(Values.encode(Family.TS, 1_700_000_000_000_000L))),
                    Map.entry("first:date:min", new FieldOp.Min(Values.encode(Family.DATE, -1L))),
                    Map.entry("note:text:set", Made.set(Family.TEXT, null)),
                    Map.entry("used:bool:set", Made.set(Family.BOOL, true)),
                    Map.entry("ratio:float:set", Made.set(Family.FLOAT, -0.0)),
                    Map.entry("at:time:set", Made.set(Family.TIME, 1L)),
                    Map.entry("u:uuid:set", Made.set(Family.UUID, new UUID(1, 2))),
                    Map.entry("raw:bytes:set", Made.set(Family.BYTES, new byte[] {0, 1})),
                    Map.entry("j:json:set", Made.set(Family.JSON, "{}")),
                    Map.entry("zoned:tstz:set", Made.set(Family.TSTZ, 5L)),
                    Map.entry("tags:array:set", Made.set(Family.ARRAY, List.of("a", 1L, List.of(2.5)))),
                    Map.entry(
                            "marks:text:elements",
                            new FieldOp.Elements(List.of(Values.encode(Family.TEXT, "x")), List.of(Made.BOOKS)))));

    @Test
    void bytesAreFixed() {
        Golden.check("delta-insert", INSERT.encode());
        Cid insert = Made.cid(INSERT);
        Delta update = Made.follow(
                1,
                List.of(insert, Made.BOOKS),
                insert,
                INSERT.hlc() + 1,
                2,
                null,
                Map.of("likes:int:add", new FieldOp.Add(BigInteger.TWO.pow(64).negate())));
        Golden.check("delta-update", update.encode());
        Delta delete = Made.follow(1, List.of(insert), insert, INSERT.hlc() + 2, 3, Live.DELETE, Map.of());
        Golden.check("delta-delete", delete.encode());
        VerifiedShare one = new CommitBuilder(INSERT.hlc(), Signer.of(Made.ALICE))
                .add(INSERT)
                .build();
        Golden.check("commit-one", one.commitBlock().bytes());
        CommitBuilder many = new CommitBuilder(9, Signer.of(Made.ALICE));
        for (int i = 0; i < 65; i++) {
            many.add(Made.insert(i, 9, i, Map.of()));
        }
        VerifiedShare share = many.build();
        Golden.check("commit-65", share.commitBlock().bytes());
        Golden.check("list-root", share.parts().get(0).lists().get(0).bytes());
        Golden.check("list-leaf", share.parts().get(0).lists().get(2).bytes());
    }

    @Test
    void decodingGivesWhatWasEncoded() {
        Delta read = Delta.decode(INSERT.encode());
        assertThat(read.encode()).isEqualTo(INSERT.encode());
        assertThat(read.ops()).isEqualTo(INSERT.ops());
        assertThat(read.key()).isEqualTo(INSERT.key());
        assertThat(Values.decode(Family.FLOAT, 0, value(read, "ratio:float:set"), BlockSource.EMPTY))
                .isEqualTo(0.0);
        assertThat(Values.decode(Family.DEC, 2, value(read, "price:dec2:set"), BlockSource.EMPTY))
                .isEqualTo(new BigDecimal("10.50"));
    }

    private static Value value(Delta delta, String column) {
        return ((FieldOp.SetValue) delta.ops().get(column)).value();
    }

    @Test
    void eachRuleOfADeltaIsKept() {
        refused("v", map -> map.remove("v"));
        refused("unknown field", map -> map.put("more", 1L));
        refused("doc", map -> map.put("doc", new byte[32]));
        refused("short doc", map -> map.put("doc", new byte[31]));
        refused("hlc", map -> map.put("hlc", -1L));
        refused("nonce", map -> map.put("nonce", new byte[15]));
        refused("author", map -> map.put("author", new byte[33]));
        refused("live", map -> map.put("live", "update"));
        refused("insert with inc", map -> map.put("inc", Made.BOOKS));
        refused("key with prev", map -> map.put("prev", List.of(Made.BOOKS)));
        refused("first delta that is no insert", map -> {
            map.remove("live");
            map.put("inc", Made.BOOKS);
        });
        refused("raw link", map -> map.put("prev", List.of(Cid.ofSha256(Cid.RAW, new byte[1]))));
        Cid a = Cid.ofSha256(Cid.DAG_CBOR, new byte[] {5});
        List<Cid> descending = a.compareTo(Made.BOOKS) < 0 ? List.of(Made.BOOKS, a) : List.of(a, Made.BOOKS);
        refused("prev that descends", map -> {
            map.remove("key");
            map.put("prev", descending);
        });
        refusedOp("id:int:set", Map.of("set", 2L));
        refusedOp("x:int:set", Map.of("add", 2L));
        refusedOp("x:int:set", Map.of("set", "text"));
        refusedOp("x:int:set", Map.of());
        refusedOp("x:float:set", Map.of("set", -0.0));
        refusedOp("x:float:set", Map.of("set", 1L));
        refusedOp("x:dec2:set", Map.of("set", new byte[] {0, 1}));
        refusedOp("x:dec2:set", Map.of("set", new byte[] {}));
        refusedOp("x:dec2:set", Map.of("set", new byte[17]));
        refusedOp("x:dec02:set", Map.of("set", new byte[1]));
        refusedOp("x:dec39:set", Map.of("set", new byte[1]));
        refusedOp("x:int:add", Map.of("add", new byte[] {1}));
        refusedOp("x:uuid:set", Map.of("set", new byte[15]));
        refusedOp("x:time:set", Map.of("set", Values.DAY_MICROS));
        refusedOp("x:text:add", Map.of("add", 1L));
        refusedOp("x:text:max", nullOp());
        refusedOp("x:json:max", Map.of("max", "{}"));
        refusedOp("x:color:set", Map.of("set", 1L));
        refusedOp("x", Map.of("set", 1L));
        refusedOp("x:array:set", Map.of("set", List.of(Map.of())));
        refusedOp("x:text:set", Map.of("set", "x".repeat(LargeValue.INLINE_BYTES_MAX + 1)));
        refusedOp("x:text:set", Map.of("set", List.of(70_000L)));
        refusedOp("x:text:set", Map.of("set", List.of(10L, Cid.ofSha256(Cid.RAW, new byte[10]))));
    }

    private static Map<String, Object> nullOp() {
        Map<String, Object> op = new TreeMap<>();
        op.put("max", null);
        return op;
    }

    private static void refusedOp(String column, Map<String, ?> op) {
        refused(column + op, map -> map.put("ops", Map.of(column, op)));
    }

    @SuppressWarnings("unchecked")
    private static void refused(String what, java.util.function.Consumer<Map<String, @Nullable Object>> change) {
        Map<String, @Nullable Object> map = new TreeMap<>((Map<String, Object>) DagCbor.decode(INSERT.encode()));
        change.accept(map);
        byte[] block = DagCbor.encode(map);
        assertThatThrownBy(() -> Delta.decode(block)).as(what).isInstanceOf(DecodeException.class);
    }

    @Test
    @SuppressWarnings("unchecked")
    void anUnknownVersionWaits() {
        Map<String, @Nullable Object> map = new TreeMap<>((Map<String, Object>) DagCbor.decode(INSERT.encode()));
        map.put("v", 2L);
        map.put("more", 1L);
        assertThatThrownBy(() -> Delta.decode(DagCbor.encode(map))).isInstanceOf(UnknownVersionException.class);
        byte[] commit = DagCbor.encode(Map.of("v", 3L));
        assertThat(ShareVerifier.verify(Block.of(Cid.DAG_CBOR, commit), List.of()))
                .isInstanceOf(ShareOutcome.Waiting.class);
        byte[] untidy = {(byte) 0xa1, 0x61, 'v', 0x18, 0x03};
        assertThatThrownBy(() -> Delta.decode(untidy)).isInstanceOf(DecodeException.class);
    }

    @Test
    void limitsOfATransactionAreToldAs54000() {
        CommitBuilder builder = new CommitBuilder(1, Signer.of(Made.ALICE));
        SortedMap<String, FieldOp> ops = new TreeMap<>(DagCbor.KEY_ORDER);
        for (int i = 0; i < 17; i++) {
            ops.put("c" + i + ":text:set", Made.set(Family.TEXT, "x".repeat(LargeValue.INLINE_BYTES_MAX)));
        }
        assertThatThrownBy(() -> builder.add(Made.insert(1, 1, 1, ops)))
                .isInstanceOfSatisfying(
                        PandoException.class, e -> assertThat(e.sqlState()).isEqualTo("54000"));
    }

    @Test
    void longTextIsLinkedAndRead() {
        String text = "ü".repeat(200_000);
        List<Block> raw = new ArrayList<>();
        Value value = LargeValue.split(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), raw)
                .toValue();
        assertThat(raw).hasSize(2);
        Delta delta = Made.insert(1, 1, 1, Map.of("t:text:set", new FieldOp.SetValue(value)));
        assertThat(Delta.decode(delta.encode()).ops()).isEqualTo(delta.ops());
        Map<Cid, byte[]> blocks = new java.util.HashMap<>();
        raw.forEach(block -> blocks.put(block.cid(), block.bytes()));
        assertThat(Values.decode(Family.TEXT, 0, value, blocks::get)).isEqualTo(text);
    }
}
