package dev.pando;

import java.util.concurrent.CompletableFuture;

/**
 * Lets another thread end what a caller waits for. What was begun goes on, and its outcome is nobody's any more; only the
 * waiting ends. Thread-safe.
 */
public final class Cancellation {
    private final CompletableFuture<Void> asked = new CompletableFuture<>();

    /** Ends the wait that is on, and each one that begins later. */
    public void cancel() {
        asked.complete(null);
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
