package dev.pando.rar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** What lies in the archive, and what must not. */
class ArchiveIT {

    /* WildFly loads native libraries when it deploys them, and the JVM may crash. */
    private static final List<String> NATIVE = List.of(".so", ".dll", ".dylib", ".jnilib");
    private static final List<String> FORBIDDEN = List.of("jna-", "jnr-", "jffi-", "netty-all");

    @Test
    void holdsNoNativeLibraryAndNoForbiddenJar() throws IOException {
        var found = new ArrayList<String>();
        int jars = 0;
        try (ZipFile rar = new ZipFile(Archives.RAR.toFile())) {
            for (ZipEntry entry : rar.stream().toList()) {
                inspect(entry.getName(), found);
                if (entry.getName().endsWith(".jar")) {
                    jars++;
                    try (var jar = new ZipInputStream(rar.getInputStream(entry))) {
                        for (ZipEntry inner = jar.getNextEntry(); inner != null; inner = jar.getNextEntry()) {
                            inspect(entry.getName() + "!" + inner.getName(), found);
                        }
                    }
                }
            }
        }
        assertThat(jars).isGreaterThan(10);
        assertThat(found).isEmpty();
    }

    private static void inspect(String name, List<String> found) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (NATIVE.stream().anyMatch(lower::endsWith) || FORBIDDEN.stream().anyMatch(lower::startsWith)) {
            found.add(name);
        }
    }

    @Test
    void holdsTheAdapterItsDescriptorAndTheModuleThatWildFlyMustShow() throws IOException {
        try (ZipFile rar = new ZipFile(Archives.RAR.toFile())) {
            assertThat(rar.getEntry("META-INF/ra.xml")).isNotNull();
            assertThat(rar.stream().map(ZipEntry::getName))
                    .anyMatch(name -> name.startsWith("pando-adapter-"))
                    .anyMatch(name -> name.startsWith("pando-jdbc-"));
            String manifest = new String(
                    rar.getInputStream(rar.getEntry("META-INF/MANIFEST.MF")).readAllBytes());
            assertThat(manifest).contains("Dependencies: jdk.unsupported");
        }
    }
}
