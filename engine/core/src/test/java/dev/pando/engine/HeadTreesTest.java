package dev.pando.engine;

import static dev.pando.engine.TestDatabase.books;
import static dev.pando.engine.TestDatabase.commit;
import static dev.pando.engine.TestDatabase.insert;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.Engine;
import dev.pando.Environment;
import dev.pando.replication.HeadTree;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeadTreesTest {

    private final Engine engine = TestDatabase.inMemory();
    private final EngineParts parts = ((EngineImpl) engine).parts();
    private final TableState state = parts.tables.require(books(engine));
    private final Timers timers = new Timers();
    private long now;
    private final HeadTrees trees = new HeadTrees(parts.tables, parts.rows, parts.committer, timers, () -> now);

    @AfterEach
    void close() {
        engine.close();
    }

    private void write(String key) {
        commit(engine, tx -> insert(tx, books(engine), key, "title"));
    }

    /** Half an idle time goes by; timers that are due run, and what they gave the writer is done. */
    private void halfAnIdleTime() {
        now += HeadTrees.IDLE.toMillis() / 2;
        if (timers.waited++ % 2 == 1 && !timers.due.isEmpty()) {
            timers.due.remove().run();
        }
        parts.threads.await(parts.committer.between(() -> {}));
    }

    @Test
    void aTreeIsKeptAlongAsLongAsItIsUsedAndBuiltAnewThen() {
        write("1");
        HeadTree tree = trees.of(state);
        assertThat(tree.count()).isEqualTo(1);
        for (int i = 0; i < 6; i++) {
            halfAnIdleTime();
            write("used " + i);
            assertThat(trees.of(state)).isSameAs(tree);
            assertThat(tree.count()).isEqualTo(i + 2);
        }
        for (int i = 0; i < 4; i++) {
            halfAnIdleTime();
        }
        assertThat(state.heads()).isNull();
        assertThat(timers.due).as("timers of trees that are gone").isEmpty();
        write("2");
        assertThat(trees.of(state)).isNotSameAs(tree);
        assertThat(trees.of(state).count()).isEqualTo(8);
    }

    private final class Timers implements Environment.Threads {
        final Deque<Runnable> due = new ArrayDeque<>();
        int waited;

        @Override
        public Runnable schedule(Duration delay, Runnable task) {
            assertThat(delay).isEqualTo(HeadTrees.IDLE);
            due.add(task);
            return () -> due.remove(task);
        }

        @Override
        public <T> T await(CompletableFuture<T> future) {
            return parts.threads.await(future);
        }

        @Override
        public Executor writer() {
            return parts.threads.writer();
        }

        @Override
        public Executor workers() {
            return parts.threads.workers();
        }

        @Override
        public void close() {}
    }
}
