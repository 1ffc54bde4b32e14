package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ipld.Block;
import dev.pando.ipld.CarFrame;
import dev.pando.ipld.CarReader;
import dev.pando.ipld.CborWriter;
import dev.pando.ipld.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every byte of the files that docs/formats/log.md describes. */
class LogFormatTest {

    private static final HexFormat HEX = HexFormat.of();

    /** Random bytes of which the first run is 11…, the next 22…. */
    private static StoreEnvironment fixed() {
        byte[] next = {0x11};
        return target -> {
            Arrays.fill(target, next[0]);
            next[0] += 0x11;
        };
    }

    /** Three transactions, the last of which has a block of the first; a checkpoint before it. */
    private static Disk database(boolean closed) {
        MemoryDisk disk = new MemoryDisk();
        Store store = Store.open(disk, StoreOptions.DEFAULT.withPreallocateBytes(4_096), fixed());
        store.recover(new Blocks.Recorder());
        Block shared = Blocks.raw("shared");
        store.append(Blocks.transaction(shared, Blocks.local("a record of this node")));
        store.append(Blocks.transaction(Block.of(Cid.DAG_CBOR, new byte[] {(byte) 0xa0})));
        store.force();
        store.map("rows").put("key".getBytes(StandardCharsets.UTF_8), "value".getBytes(StandardCharsets.UTF_8));
        store.checkpoint();
        store.append(Blocks.transaction(Blocks.raw("new"), shared));
        store.force();
        if (closed) {
            store.close();
        }
        return disk;
    }

    @ParameterizedTest
    @ValueSource(strings = {"seg-00000001.car", "CLEAN"})
    void filesOfAClosedDatabase(String name) throws IOException {
        assertGolden(name, content(database(true), name));
    }

    @Test
    void anOpenSegmentEndsInPadding() throws IOException {
        byte[] closed = content(database(true), Segments.name(1));
        byte[] open = content(database(false), Segments.name(1));
        assertThat(Arrays.copyOf(open, closed.length)).isEqualTo(closed);
        assertThat(open.length % Padding.PAGE_BYTES).isZero();
        CarReader reader = CarReader.open(ByteBuffer.wrap(open), true);
        int padding = 0;
        for (CarFrame frame = reader.next(); frame != null; frame = reader.next()) {
            if (frame.offset() >= closed.length) {
                assertThat(Padding.isPadding(frame.block().cid(), frame.block().bytes()))
                        .isTrue();
                assertThat(frame.end() % Padding.PAGE_BYTES).isZero();
                padding++;
            }
        }
        assertThat(padding).isEqualTo(open.length / Padding.PAGE_BYTES - closed.length / Padding.PAGE_BYTES);
    }

    @Test
    void paddingBridgesEveryGap() {
        for (int offset = 0; offset < 2 * Padding.PAGE_BYTES; offset++) {
            int bytes = Padding.bridgeBytes(offset);
            assertThat((offset + bytes) % Padding.PAGE_BYTES).isZero();
            ByteBuffer frame = ByteBuffer.allocate(bytes);
            Padding.writeBridge(frame, bytes);
            assertThat(frame.hasRemaining()).isFalse();
        }
        assertThat(HEX.formatHex(first(Padding.pages(1), 6))).isEqualTo("fe1f01551220");
    }

    private static byte[] first(ByteBuffer buffer, int bytes) {
        byte[] first = new byte[bytes];
        buffer.get(first);
        return first;
    }

    /** The order of a map's entries is not fixed, but here one has a single entry and the other is left out. */
    @Test
    void aCheckpoint() throws IOException {
        byte[] bytes = content(database(true), Checkpoint.NAME);
        int index = indexOf(bytes, "\005index") + 1; // the chunk, not what the header says of it
        int rows = indexOf(bytes, "\004rows") + 1;
        assertThat(index).isPositive();
        ByteBuffer golden = ByteBuffer.allocate(bytes.length);
        golden.put(bytes, 0, index - 5).put(bytes, rows - 5, bytes.length - rows + 5);
        assertGolden("ckpt", Arrays.copyOf(golden.array(), golden.position()));
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }

    @Test
    void aMarkerIsWhatTheDocumentShows() {
        byte[] tag = new byte[Marker.TAG_BYTES];
        Marker marker = new Marker(1, tag, 0xffff_ffffL, null, 2, 0);
        Block block = marker.encode(new CborWriter());
        assertThat(HEX.formatHex(block.bytes()))
                .isEqualTo("a8" + "617601" + "6373657101" + "6374616750" + "00".repeat(16)
                        + "64636964731affffffff" + "6470726576f6"
                        + "65636f756e7402" + "6764757261626c6500" + "69636f6d6d6974746564f5");
        assertThat(HEX.formatHex(block.cid().toBytes())).startsWith("018280c0011220");
        assertThat(Marker.decode(block.bytes())).usingRecursiveComparison().isEqualTo(marker);
    }

    private static byte[] content(Disk disk, String name) throws IOException {
        try (DiskFile file = disk.open(name, false)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.size());
            file.read(0, content);
            return content.array();
        }
    }

    private static void assertGolden(String name, byte[] bytes) throws IOException {
        try (InputStream in = LogFormatTest.class.getResourceAsStream("/golden/log/" + name + ".hex")) {
            String golden = new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(lines(bytes)).isEqualTo(golden.lines().toList());
        }
    }

    /** Thirty-two bytes a line. */
    private static List<String> lines(byte[] bytes) {
        String hex = HEX.formatHex(bytes);
        return hex.replaceAll("(.{64})", "$1\n").lines().toList();
    }
}
