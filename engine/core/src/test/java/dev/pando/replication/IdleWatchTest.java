package dev.pando.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Environment;
import java.lang.reflect.Proxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IdleWatchTest {

    private static final Duration IDLE = Duration.ofSeconds(30);

    private Runnable timer = () -> {};
    private Duration delay = Duration.ZERO;
    private long bytes;
    private int expired;

    private final Environment.Threads threads = (Environment.Threads) Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {Environment.Threads.class}, (self, method, args) -> {
                delay = (Duration) args[0];
                timer = (Runnable) args[1];
                return (Runnable) () -> {};
            });
    private final IdleWatch watch = new IdleWatch(threads, Runnable::run, () -> bytes, () -> expired++);

    @Test
    void aMessageThatTakesLongIsWaitedForWhileBytesOfItCome() {
        watch.restart(IDLE);
        for (int i = 0; i < 10; i++) {
            bytes += 100;
            timer.run();
        }
        assertThat(expired).isZero();
        timer.run();
        assertThat(expired).isEqualTo(1);
    }

    @Test
    void whatWasStoppedOrBegunAnewDoesNotExpire() {
        watch.restart(IDLE);
        Runnable first = timer;
        watch.restart(IDLE);
        first.run();
        assertThat(expired).isZero();
        watch.stop();
        timer.run();
        assertThat(expired).isZero();
    }

    @Test
    void moreBytesUnderWayAreGivenMoreTime() {
        watch.restart(IdleWatch.toTake(IDLE, 1 << 20));
        assertThat(delay).isEqualTo(IDLE.plusSeconds(128));
    }
}
