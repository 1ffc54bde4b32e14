package dev.pando.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.PandoException;
import dev.pando.PandoException.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SystemThreadsTest {

    /** What was to end the wait is dropped when the threads end: whoever waits is told instead of waiting for ever. */
    @Test
    void aWaitEndsWithTheThreadsThatShouldHaveEndedIt() throws Exception {
        var threads = new SystemThreads("test");
        var waiting = CompletableFuture.supplyAsync(() -> threads.await(new CompletableFuture<String>()));
        threads.close();
        assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        PandoException.class,
                        e -> org.assertj.core.api.Assertions.assertThat(e.kind())
                                .isEqualTo(Kind.CLOSED));
    }
}
