package dev.pando.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.shutdown.PriorityHook;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The class that Chronicle Map would otherwise generate and compile while the program runs. */
class ChronicleStateTest {

    @Test
    void itIsFoundUnderTheNameThatChronicleLooksFor(@TempDir Path temp) throws Exception {
        ChronicleMaps maps = ChronicleMaps.open(NioDisk.open(temp), temp, Blocks.environment(1));
        assertThat(maps).isNotNull();
        maps.map("rows").put(new byte[] {1}, new byte[] {2});
        maps.close();
        Class<?> used = net.openhft.chronicle.values.Values.nativeClassFor(
                Class.forName("net.openhft.chronicle.hash.VanillaGlobalMutableState"));
        assertThat(used.getName()).isEqualTo("net.openhft.chronicle.hash.VanillaGlobalMutableState$$Native");
        assertThat(used.getProtectionDomain().getCodeSource().getLocation())
                .isEqualTo(Store.class.getProtectionDomain().getCodeSource().getLocation());
    }

    @Test
    void chronicleKeepsNoThreadAndNoHook(@TempDir Path temp) throws Exception {
        ChronicleMaps maps = ChronicleMaps.open(NioDisk.open(temp), temp, Blocks.environment(1));
        assertThat(maps).isNotNull();
        maps.map("rows").put(new byte[] {1}, new byte[] {2});
        maps.close();
        assertThat(PriorityHook.getRegisteredHook()).isNull();
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain(BackgroundResourceReleaser.BACKGROUND_RESOURCE_RELEASER);
    }
}
