package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.ipld.Block;
import dev.pando.ipld.Cid;
import dev.pando.ipld.DagCbor;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A segment as the JavaScript tools of IPLD see it. Runs with {@code -Pinterop}. */
@Tag("interop")
class CarInteropTest {

    @TempDir
    Path temp;

    @Test
    void anotherCarReaderListsAndDecodesASegmentOpenOrClosed() throws Exception {
        Path segment = temp.resolve("db").resolve(Segments.name(1));
        List<Block> written = new ArrayList<>();
        try (Store store = Blocks.open(NioDisk.open(temp.resolve("db")))) {
            for (long i = 0; i < 200; i++) {
                Block value = Block.of(Cid.DAG_CBOR, DagCbor.encode(Map.of("number", i, "name", "block " + i)));
                Block raw = Blocks.raw("raw " + i);
                written.addAll(List.of(value, raw));
                store.append(Blocks.transaction(value, raw, Blocks.local("record " + i)));
                store.force();
            }
            assertListed(list(segment), written);
        }
        List<String> lines = list(segment);
        assertListed(lines, written);
        assertThat(lines.stream().filter(line -> line.contains("\"codec\":85,")))
                .hasSize(200);
        assertThat(lines.stream().filter(line -> line.contains("\"codec\":" + Codecs.LOCAL_RECORD + ",")))
                .hasSize(200);
    }

    private static void assertListed(List<String> lines, List<Block> written) {
        assertThat(lines.get(0)).startsWith("{\"version\":1,\"roots\":[\"");
        assertThat(lines.subList(1, lines.size())).allMatch(line -> line.contains("\"hashed\":true"));
        for (int i = 0; i < written.size(); i++) {
            String cid = "{\"cid\":\"" + written.get(i).cid() + "\",";
            String value = i % 2 == 0 ? "\"value\":{\"name\":\"block " + i / 2 + "\",\"number\":" + i / 2 + "}" : "";
            assertThat(lines).anyMatch(line -> line.startsWith(cid) && line.contains(value));
        }
    }

    private static List<String> list(Path segment) throws Exception {
        String peer = Objects.requireNonNull(System.getProperty("pando.jspeer"), "run this test with -Pinterop");
        Process node = new ProcessBuilder("node", "car-list.mjs", segment.toString())
                .directory(new File(peer))
                .start();
        String lines = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(node.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(node.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).as(errors).isZero();
        return lines.lines().toList();
    }
}
