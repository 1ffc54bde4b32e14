package dev.pando;

import java.util.concurrent.CompletableFuture;

/**
 * Lets another thread end what a caller waits for, or a long work that looks now and then whether it is to go on. What
 * was begun elsewhere goes on, and its outcome is nobody's any more; only the waiting ends. Thread-safe.
 */
public final class Cancellation {
    private final CompletableFuture<Void> asked = new CompletableFuture<>();

    /** Ends the wait that is on, and each one that begins later. */
    public void cancel() {
        asked.complete(null);
    }

    /** Whether {@link #cancel} was called. */
    public boolean isAsked() {
        return asked.isDone();
    }

    /** Ends work that looks here between its steps: throws {@code CANCELLED} once {@link #cancel} was called. */
    public void check() {
        if (asked.isDone()) {
            throw new PandoException(PandoException.Kind.CANCELLED, "the statement was cancelled");
        }
    }

    /** A future that ends as {@code awaited} does, or with {@code CANCELLED} once {@link #cancel} was called. */
    public <T> CompletableFuture<T> over(CompletableFuture<T> awaited) {
        var first = new CompletableFuture<T>();
        awaited.whenComplete((value, failure) -> {
            if (failure == null) {
                first.complete(value);
            } else {
                first.completeExceptionally(failure);
            }
        });
        asked.thenRun(() -> first.completeExceptionally(
                new PandoException(PandoException.Kind.CANCELLED, "cancelled while waiting for a peer")));
        return first;
    }
}
