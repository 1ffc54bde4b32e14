package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.pando.PandoException;
import dev.pando.ipld.Block;
import dev.pando.ipld.CarWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each byte of a small database changed in turn: an error that names a place, or no harm. Never a wrong block, never an
 * acknowledged transaction that is silently gone.
 */
class FlippedByteTest {

    private static final StoreOptions OPTIONS = StoreOptions.DEFAULT.withPreallocateBytes(0);

    private final TreeMap<Long, List<Block>> written = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void isDetectedOrHarmless(boolean closedCleanly) throws IOException {
        Map<String, byte[]> files = database(closedCleanly, OPTIONS);
        int detected = 0;
        int harmless = 0;
        for (String name : files.keySet()) {
            for (int offset = 0; offset < files.get(name).length; offset++) {
                for (int mask : new int[] {0x01, 0x80, 0xff}) {
                    String place = name + " offset " + offset + " mask " + mask;
                    if (isDetected(copy(files, name, offset, mask), place)) {
                        detected++;
                    } else {
                        harmless++;
                    }
                }
            }
        }
        assertThat(detected).isGreaterThan(1_000);
        assertThat(harmless).isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCutIsDetectedWhereTheLogWasClosedAndElseHidesNoTransactionButTheLast(boolean closedCleanly)
            throws IOException {
        Map<String, byte[]> files = database(closedCleanly, OPTIONS);
        String segment = Segments.name(1);
        int size = files.get(segment).length;
        for (int cut = 1; cut < 300; cut++) {
            Map<String, byte[]> copy = new LinkedHashMap<>(files);
            copy.put(segment, Arrays.copyOf(files.get(segment), size - cut));
            try (Store store = Blocks.open(disk(copy), OPTIONS, new Blocks.Recorder())) {
                assertThat(closedCleanly).as("cut by " + cut).isFalse();
                TreeMap<Long, List<Block>> found = Blocks.scan(store);
                assertThat(found).isEqualTo(new TreeMap<>(written.headMap((long) found.size(), true)));
            } catch (PandoException e) {
                assertThat(closedCleanly).as("cut by " + cut + ": " + e).isTrue();
                assertThat(e.kind()).isEqualTo(PandoException.Kind.CORRUPT);
                assertThat(e.getMessage()).contains(segment);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 14})
    void garbageBehindTheLogIsCutOff(int preallocate) throws IOException {
        StoreOptions options = OPTIONS.withPreallocateBytes(preallocate);
        Random random = new Random(4);
        for (int i = 0; i < 200; i++) {
            written.clear();
            Map<String, byte[]> files = database(false, options);
            byte[] garbage = new byte[random.nextInt(2_000)];
            random.nextBytes(garbage);
            if (i % 3 == 0) {
                garbage = new byte[garbage.length];
            } else if (i % 3 == 1) {
                ByteBuffer frames = ByteBuffer.allocate(4_000);
                for (int j = 0; j < 4; j++) {
                    Block block = Blocks.raw(random, random.nextInt(500));
                    CarWriter.writeFrame(frames, block.cid(), block.bytes());
                }
                garbage = Arrays.copyOf(frames.array(), frames.position());
            }
            byte[] segment = files.get(Segments.name(1));
            byte[] longer = Arrays.copyOf(segment, segment.length + garbage.length);
            System.arraycopy(garbage, 0, longer, segment.length, garbage.length);
            files.put(Segments.name(1), longer);
            try (Store store = Blocks.open(disk(files), options, new Blocks.Recorder())) {
                assertThat(Blocks.scan(store)).isEqualTo(written);
            }
        }
    }

    private boolean isDetected(Disk disk, String place) {
        try (Store store = Blocks.open(disk, OPTIONS, new Blocks.Recorder())) {
            assertThat(Blocks.scan(store)).as(place).isEqualTo(written);
            for (List<Block> blocks : written.values()) {
                for (Block block : blocks) {
                    if (BlockIndex.isIndexed(block.cid())) {
                        assertThat(store.get(block.cid())).as(place).isEqualTo(block.bytes());
                    }
                }
            }
            return false;
        } catch (PandoException e) {
            assertThat(e.kind()).as(place + ": " + e).isEqualTo(PandoException.Kind.CORRUPT);
            assertThat(e.getMessage()).as(place).containsPattern("seg-\\d+|BACKUP");
            return true;
        } catch (RuntimeException e) {
            return fail(place, e);
        }
    }

    /** The files of a database of a few kilobytes, as a process left it that closed it, or died. */
    private Map<String, byte[]> database(boolean closedCleanly, StoreOptions options) throws IOException {
        MemoryDisk disk = new MemoryDisk();
        Random random = new Random(9);
        try (Store store = Blocks.open(disk, options, new Blocks.Recorder())) {
            for (int i = 0; i < 6; i++) {
                write(store, random);
                if (i == 2) {
                    store.map("rows").put(new byte[] {1}, new byte[20]);
                    store.checkpoint();
                }
            }
            if (!closedCleanly) {
                return copy(disk);
            }
        }
        return copy(disk);
    }

    private void write(Store store, Random random) {
        List<Block> blocks = List.of(
                Blocks.raw(random, random.nextInt(200)),
                Blocks.local("record " + random.nextInt()),
                Blocks.raw("same"));
        written.put(store.append(new LogTransaction(blocks)), blocks);
        store.force();
    }

    private static Map<String, byte[]> copy(Disk disk) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : disk.list("")) {
            try (DiskFile file = disk.open(name, false)) {
                ByteBuffer content = ByteBuffer.allocate((int) file.size());
                file.read(0, content);
                files.put(name, content.array());
            }
        }
        return files;
    }

    private static Disk copy(Map<String, byte[]> files, String flipped, int offset, int mask) throws IOException {
        Map<String, byte[]> changed = new LinkedHashMap<>(files);
        byte[] content = files.get(flipped).clone();
        content[offset] ^= (byte) mask;
        changed.put(flipped, content);
        return disk(changed);
    }

    private static Disk disk(Map<String, byte[]> files) throws IOException {
        MemoryDisk disk = new MemoryDisk();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            try (DiskFile opened = disk.open(file.getKey(), true)) {
                opened.write(0, ByteBuffer.wrap(file.getValue()));
            }
        }
        return disk;
    }
}
