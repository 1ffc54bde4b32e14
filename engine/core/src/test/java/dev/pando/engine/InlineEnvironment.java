package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.KeyPair;
import dev.pando.store.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/** Everything on the thread of the caller, on a given disk: crashes are repeatable, and a thousand engines are cheap. */
final class InlineEnvironment implements Environment {

    private final Disk disk;
    private final Random random;
    private long now = 1_800_000_000_000L;

    InlineEnvironment(Disk disk, long seed) {
        this.disk = disk;
        this.random = new Random(seed);
    }

    void setTime(long millis) {
        now = millis;
    }

    @Override
    public long currentTimeMillis() {
        return now++;
    }

    @Override
    public long nanoTime() {
        return now * 1_000_000;
    }

    @Override
    public void randomBytes(byte[] target) {
        random.nextBytes(target);
    }

    @Override
    public Threads newThreads(String name) {
        return new Inline();
    }

    @Override
    public Disk disk(Optional<Path> root) {
        return disk;
    }

    @Override
    public Host newHost(KeyPair identity, List<String> listen) {
        throw new UnsupportedOperationException("no network here");
    }

    /** Runs what is handed in when someone waits, in order. */
    private static final class Inline implements Threads {

        private final ArrayDeque<Runnable> queue = new ArrayDeque<>();

        @Override
        public Executor writer() {
            return queue::add;
        }

        @Override
        public Executor workers() {
            return queue::add;
        }

        @Override
        public Runnable schedule(Duration delay, Runnable task) {
            return () -> {};
        }

        @Override
        public <T> T await(CompletableFuture<T> future) {
            while (!future.isDone()) {
                Runnable next = queue.poll();
                if (next == null) {
                    throw new IllegalStateException("waits for what never comes");
                }
                next.run();
            }
            try {
                return future.get();
            } catch (ExecutionException | CompletionException e) {
                if (e.getCause() instanceof PandoException known) {
                    throw known;
                }
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            while (!queue.isEmpty()) {
                queue.poll().run();
            }
        }
    }
}
