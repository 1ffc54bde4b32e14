package dev.pando.simulation;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@Timeout(120)
class SocketPassiveScenariosTest extends PassiveScenarios {

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path directory;

    @Override
    World newWorld() throws IOException {
        return new SocketWorld(directory);
    }
}
