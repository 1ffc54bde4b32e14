package dev.pando.ipld;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CborReaderTest {

    @Test
    void readsAMapWithKnownFields() {
        CborReader reader =
                read(Map.of("v", 1L, "doc", new byte[] {7}, "prev", List.of(2L, 3L), "sub", Map.of("x", 4L)));
        assertThat(reader.readMap()).isEqualTo(4);
        reader.expectKey("v");
        assertThat(reader.readInt()).isEqualTo(1);
        assertThat(reader.tryKey("key")).isFalse();
        reader.expectKey("doc");
        assertThat(reader.readBytes()).containsExactly(7);
        assertThat(reader.tryKey("sub")).isTrue();
        reader.expectMap(1);
        reader.expectKey("x");
        assertThat(reader.readInt()).isEqualTo(4);
        assertThat(reader.tryKey("prev")).as("the inner map has ended").isFalse();
        reader.endMap();
        assertThat(reader.tryKey("prev")).isTrue();
        reader.expectList(2);
        reader.skip();
        assertThat(reader.readInt()).isEqualTo(3);
        assertThat(reader.tryKey("zzzzz")).isFalse();
        reader.endMap();
        reader.end();
    }

    @Test
    void readsKeysWhoseLengthTakesBytesOfItsOwn() {
        for (int length : new int[] {23, 24, 59, 255, 256, 1_000}) {
            String key = "k".repeat(length);
            CborReader known = read(Map.of(key, 1L));
            known.readMap();
            known.expectKey(key);
            assertThat(known.readInt()).isEqualTo(1);
            CborReader unknown = read(Map.of(key, 1L));
            unknown.readMap();
            assertThat(unknown.readKey()).isEqualTo(key);
            assertThat(unknown.readInt()).isEqualTo(1);
            unknown.endMap();
            unknown.end();
        }
    }

    @Test
    void refusesAFieldThatIsLeftMissingOrOfAnotherType() {
        CborReader left = read(Map.of("v", 1L, "w", 2L));
        left.readMap();
        left.expectKey("v");
        left.readInt();
        assertThatThrownBy(left::endMap).isInstanceOf(DecodeException.class).hasMessageContaining("1 more entries");

        CborReader missing = read(Map.of("w", 2L));
        missing.readMap();
        assertThatThrownBy(() -> missing.expectKey("v"))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("expected key 'v'")
                .hasMessageContaining("offset 1");

        CborReader other = read(Map.of("w", 2L));
        other.readMap();
        other.expectKey("w");
        assertThatThrownBy(other::readText)
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("expected text, found 0x2");

        assertThatThrownBy(() -> read(List.of(1L)).expectList(2)).isInstanceOf(DecodeException.class);
    }

    @Test
    void tryKeyChecksTheOrderToo() {
        CborReader reader = new CborReader(Hex.bytes("a2616201616102"));
        reader.readMap();
        reader.expectKey("b");
        reader.readInt();
        assertThatThrownBy(() -> reader.tryKey("a"))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("not sorted");
    }

    @Test
    void eachLevelHasItsOwnKeyOrder() {
        assertThat(DagCbor.decode(Hex.bytes("a2 6161 a1 617a 01 6162 a1 6161 02")))
                .isEqualTo(Map.of("a", Map.of("z", 1L), "b", Map.of("a", 2L)));
        assertThatThrownBy(() -> DagCbor.decode(Hex.bytes("a2 6162 a1 6161 01 6161 02")))
                .isInstanceOf(DecodeException.class)
                .hasMessageContaining("not sorted");
    }

    @Test
    void endRefusesWhatIsOpenAndWhatFollows() {
        CborReader open = new CborReader(Hex.bytes("820102"));
        open.readList();
        open.readInt();
        assertThatThrownBy(open::end).isInstanceOf(DecodeException.class).hasMessageContaining("1 more items");

        CborReader followed = new CborReader(Hex.bytes("0102"));
        followed.readInt();
        assertThatThrownBy(followed::end).isInstanceOf(DecodeException.class).hasMessageContaining("1 more bytes");

        assertThatThrownBy(() -> new CborReader(new byte[0]).end()).isInstanceOf(DecodeException.class);
    }

    @Test
    void readsAPartOfAnArrayAndNothingBehindIt() {
        byte[] bytes = Hex.bytes("ffff 820102 ffff");
        CborReader reader = new CborReader(bytes, 2, 3);
        assertThat(reader.readEncoded()).isEqualTo(Hex.bytes("820102"));
        assertThat(reader.position()).isEqualTo(3);
        reader.end();
        CborReader cutOff = new CborReader(bytes, 2, 2);
        assertThatThrownBy(cutOff::skip).isInstanceOf(DecodeException.class).hasMessageContaining("offset 0");
        assertThatThrownBy(() -> new CborReader(bytes, 6, 3)).isInstanceOf(IndexOutOfBoundsException.class);

        cutOff.reset(bytes, 3, 1);
        assertThat(cutOff.readInt()).isEqualTo(1);
        cutOff.end();
    }

    @Test
    void askingForTheWrongKindOfItemIsTheCallersMistake() {
        CborReader reader = read(Map.of("v", 1L));
        reader.readMap();
        assertThatThrownBy(reader::readInt).isInstanceOf(IllegalStateException.class);
        CborReader list = read(List.of(1L));
        list.readList();
        assertThatThrownBy(() -> list.tryKey("v")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(list::endMap).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aHugeCountCostsNothingBeforeItsItemsAreThere() {
        // Each of 64 lists claims as many items as there are bytes left.
        byte[] bomb = new byte[4 << 20];
        for (int i = 0; i < 64; i++) {
            bomb[5 * i] = (byte) 0x9a;
            Cbor.INT.set(bomb, 5 * i + 1, bomb.length - 5 * i - 5);
        }
        bomb[320] = (byte) 0xff;
        long before = allocatedBytes();
        assertThatThrownBy(() -> DagCbor.decode(bomb)).isInstanceOf(DecodeException.class);
        assertThat(allocatedBytes() - before).isLessThan(1 << 20);
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    private static CborReader read(Object value) {
        return new CborReader(DagCbor.encode(value));
    }

    @Test
    void readsKeysWhoseLengthTakesMoreThanOneByte() {
        String key = "k".repeat(300);
        CborWriter writer = new CborWriter();
        writer.startMap(1);
        writer.writeKey(key);
        writer.writeInt(1);
        CborReader reader = new CborReader(writer.toByteArray());
        reader.readMap();
        assertThat(reader.readKey()).isEqualTo(key);
        assertThat(reader.readInt()).isEqualTo(1);
        reader.endMap();
        reader.end();
    }
}
