package dev.pando.engine;

import dev.pando.store.LogTransaction;
import java.util.concurrent.CompletableFuture;

/**
 * Something that wants to go through the one door: a local commit, a peer's share, a local record.
 *
 * @param <T> the answer
 */
abstract class Change<T> {

    /** What the writer found. */
    sealed interface Verdict<T> {
        /** Goes into the log, with what was put into the draft. */
        record Append<T>(LogTransaction transaction) implements Verdict<T> {}

        /** Is answered without a change. */
        record Answer<T>(T value) implements Verdict<T> {}
    }

    private final CompletableFuture<T> done = new CompletableFuture<>();

    /** Completes, on the writer, when the change is visible and as durable as it asked to be. */
    final CompletableFuture<T> done() {
        return done;
    }

    /**
     * Checks the change against the rows as the earlier members of the group leave them, and puts what it makes of them
     * into {@code draft}. On the writer. What it throws refuses this change alone.
     *
     * @param sequence the commit sequence that it will have
     */
    abstract Verdict<T> prepare(Draft draft, long sequence);

    /** Whether the answer must wait for the disk even where the engine's durability does not ask for it. */
    abstract boolean mustForce();

    /** Bytes it brings to a group. */
    abstract long bytes();

    /** The change is in the log and in the rows: brings derived state along. On the writer, before it is published. */
    void applied(long sequence) {}

    /** The change was appended, and is not in the log any more: it will not be applied. On the writer. */
    void takenBack() {}

    /** The answer, when published. */
    abstract T answer(long sequence);
}
