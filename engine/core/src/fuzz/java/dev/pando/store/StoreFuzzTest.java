package dev.pando.store;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.pando.PandoException;
import dev.pando.fuzz.Fuzzed;
import dev.pando.ipld.DecodeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Set;

/** Decoders of the files of a database: alone, and as a directory that is opened. */
class StoreFuzzTest {

    private static final Set<Class<? extends RuntimeException>> REFUSALS =
            Set.of(DecodeException.class, PandoException.class);

    @FuzzTest(maxDuration = "10m")
    void marker(byte[] bytes) {
        Fuzzed.decode(bytes, Marker::decode, REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void segmentHeader(byte[] bytes) {
        Fuzzed.decode(bytes, SegmentHeader::decode, REFUSALS);
    }

    /** With the right checksum: the others are refused at once. */
    @FuzzTest(maxDuration = "10m")
    void end(byte[] bytes) {
        byte[] whole = ByteBuffer.allocate(bytes.length + Crc.BYTES)
                .put(bytes)
                .putInt(Crc.of(bytes, 0, bytes.length))
                .array();
        Fuzzed.decode(whole, EndFile::decode, REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void segment(byte[] bytes) {
        Fuzzed.decode(bytes, b -> open("seg-00000001.car", b), REFUSALS);
    }

    @FuzzTest(maxDuration = "10m")
    void checkpoint(byte[] bytes) {
        Fuzzed.decode(bytes, b -> open(Checkpoint.NAME, b), REFUSALS);
    }

    /** A database one file of which is what the fuzzer wants. */
    private static void open(String name, byte[] content) {
        var disk = new MemoryDisk();
        try {
            if (!name.startsWith("seg-")) {
                create(disk);
            }
            put(disk, name, content);
            Store store = Store.open(disk, StoreOptions.DEFAULT.withPreallocateBytes(4_096), StoreFuzzTest::fixed);
            store.recover(new Blocks.Recorder());
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a crash leaves: after a clean end nobody would read the checkpoint. */
    private static void create(Disk target) throws IOException {
        var disk = new MemoryDisk();
        Store store = Store.open(disk, StoreOptions.DEFAULT.withPreallocateBytes(4_096), StoreFuzzTest::fixed);
        store.recover(new Blocks.Recorder());
        store.append(Blocks.transaction(Blocks.raw("a")));
        store.force();
        for (String name : disk.list("")) {
            DiskFile file = disk.open(name, false);
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.read(0, bytes);
            put(target, name, bytes.array());
        }
    }

    private static void put(Disk disk, String name, byte[] content) throws IOException {
        DiskFile file = disk.open(name, true);
        file.truncate(0);
        file.write(0, ByteBuffer.wrap(content));
    }

    private static void fixed(byte[] target) {
        Arrays.fill(target, (byte) 0x11);
    }
}
