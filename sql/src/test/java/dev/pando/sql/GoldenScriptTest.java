package dev.pando.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the scripts of {@code golden/}: SQL with the result, the count or the error that must come. With
 * {@code -Dtest.args=-Dgolden.write=<directory>} what came is written there instead, to be looked through.
 */
class GoldenScriptTest {
    static Stream<Path> scripts() throws IOException, URISyntaxException {
        URL directory = GoldenScriptTest.class.getResource("golden");
        if (directory == null) {
            throw new IllegalStateException("no golden scripts");
        }
        return Files.list(Path.of(directory.toURI()))
                .filter(path -> path.toString().endsWith(".sql"))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void theScriptGivesWhatItSays(Path script) throws IOException, SQLException {
        String expected = Files.readString(script);
        String came;
        try (TestDatabase database = new TestDatabase()) {
            came = new GoldenScript(expected).run(database);
        }
        String directory = System.getProperty("golden.write");
        if (directory == null) {
            assertThat(came).isEqualTo(expected);
        } else {
            Files.writeString(Path.of(directory).resolve(script.getFileName()), came);
        }
    }
}
