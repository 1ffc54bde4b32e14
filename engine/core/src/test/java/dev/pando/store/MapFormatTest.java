package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of a small map's files, as docs/formats/maps.md has them. */
class MapFormatTest {

    /** Two entries, and between them the free slot of one that was removed. */
    private static final String HEAP = """
            0000 50414e444f204d415020484541502031
            0010 020000008b9061150100000103000000
            0020 616f6e65000000000000000000000000
            0030 040000007fe7fd8f0000020408000000
            0040 0000000000000000696e67206f662069
            0050 74207374617973206275742069747320
            0060 706c6163650000000000000000000000
            0070 0400000058770d960100000105000000
            0080 62746872656500000000000000000000
            """;

    private static final String PAGES = """
            0000 020000006f8ea4ec0000000002000000
            05f0 07000000d0ebb5fd0000000000000000
            0bd0 01000000a097261c0000000000000000
            """;

    private static final String STATE = """
            0000 50414e444f204d415020310001020304
            0010 05060708090a0b0c0d0e0f0200000000
            0020 00000000000100000000009000000000
            0040 00000030000000000000000000000000
            0180 00000000000000000000000000010000
            0190 000000010000000000000000fe6fd900
            """;

    @Test
    void theFilesAreThese(@TempDir Path root) throws IOException {
        MappedMaps maps = new MappedMaps(NioDisk.open(root), root, target -> {
            for (int i = 0; i < target.length; i++) {
                target[i] = (byte) i;
            }
        });
        DerivedMap map = maps.map("rows");
        map.put(text("a"), text("one"));
        map.put(text("gone"), text("nothing of it stays but its place"));
        map.put(text("b"), text("two"));
        map.put(text("b"), text("three"));
        map.remove(text("gone"));
        Map<String, String> closed = maps.close();
        assertThat(hex(root.resolve("derived/rows-1.heap"))).isEqualTo(HEAP);
        assertThat(hex(root.resolve("derived/rows-1.pages"))).isEqualTo(PAGES);
        assertThat(hex(root.resolve("derived/rows-1.map"))).isEqualTo(STATE);
        assertThat(closed).isEqualTo(Map.of("rows", "rows-1.map 416 1214729159"));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Lines of 16 bytes with their offsets; those of zeros are left out. */
    private static String hex(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bytes.length; at += 16) {
            String line = HexFormat.of().formatHex(bytes, at, Math.min(bytes.length, at + 16));
            if (!line.matches("0*")) {
                text.append("%04x %s\n".formatted(at, line));
            }
        }
        return text.toString();
    }
}
