package dev.pando.dag;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/** Files of fixed bytes, in hex. {@code -Dtest.args=-Dpando.golden.write=true} writes those that are missing. */
public final class Golden {

    private Golden() {}

    /** Fails unless {@code bytes} are those of the golden file. */
    public static void check(String name, byte[] bytes) {
        String hex = HexFormat.ofDelimiter("")
                        .formatHex(bytes)
                        .replaceAll("(.{64})", "$1\n")
                        .strip() + "\n";
        try (InputStream in = Golden.class.getResourceAsStream("/golden/" + name + ".hex")) {
            if (in == null && Boolean.getBoolean("pando.golden.write")) {
                Files.writeString(Path.of("src/test/resources/golden/" + name + ".hex"), hex);
                return;
            }
            assertThat(in).as("golden file " + name).isNotNull();
            assertThat(hex).as(name).isEqualTo(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
