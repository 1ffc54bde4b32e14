package dev.pando.libp2p.host;

import dev.pando.libp2p.HostException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Brings what a future failed with into the one form that users see. */
final class Failures {
    private Failures() {}

    static HostException of(@Nullable Throwable why) {
        Throwable cause = why;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof HostException known
                ? known
                : new HostException(HostException.Kind.CLOSED, "an error of ours: " + cause, cause);
    }
}
