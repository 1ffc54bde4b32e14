package dev.pando;

import dev.pando.engine.Engines;
import dev.pando.libp2p.Host;
import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PeerId;
import dev.pando.store.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * All that is not a function of its input: time, randomness, threads, disk and network.
 *
 * <p>The engine reads none of these any other way, so a simulator that implements this interface runs the production
 * code on one thread, in virtual time, from one seed.
 */
public interface Environment {

    /** The machine that this runs on. */
    static Environment system() {
        return Engines.system();
    }

    /** Milliseconds of physical UTC time since 1970; may jump. */
    long currentTimeMillis();

    /** Nanoseconds of a clock that never goes back. */
    long nanoTime();

    /** Fills {@code target} with random bytes; unpredictable outside simulations. */
    void randomBytes(byte[] target);

    /** Threads for one engine, ended with it. */
    Threads newThreads(String name);

    /** The disk that holds {@code root}, or memory when empty. */
    Disk disk(Optional<Path> root);

    /** A started host with this identity, listening at {@code listen}. */
    Host newHost(KeyPair identity, List<String> listen);

    /**
     * One that keeps what it knows of peers in a file, and knows it again after a restart.
     *
     * @param peers the file, whose directory exists; empty to forget them. A host without files forgets them anyway
     */
    default Host newHost(KeyPair identity, List<String> listen, Optional<Path> peers) {
        return newHost(identity, listen);
    }

    /**
     * Tells the local network where {@code host} listens, and {@code found} who else is there, whose addresses the host
     * knows by then; until the result is closed.
     *
     * @throws PandoException {@code NOT_SUPPORTED} where there is no such network
     */
    default AutoCloseable localDiscovery(Host host, Consumer<PeerId> found) {
        throw new PandoException(
                PandoException.Kind.NOT_SUPPORTED, "there is no local network here on which to look for peers");
    }

    /** The threads of one engine. In a simulation all of them are the same one. */
    interface Threads extends AutoCloseable {

        /** Runs tasks one at a time in order: the one writer. */
        Executor writer();

        /** Bounded pool for parsing, hashing, signatures and callbacks. */
        Executor workers();

        /** Runs {@code task} on {@link #workers()} after {@code delay}; the result cancels it. */
        Runnable schedule(Duration delay, Runnable task);

        /**
         * Waits for {@code future} on behalf of a caller of a blocking method, and unwraps its failure. A simulation
         * runs other events meanwhile.
         */
        <T> T await(CompletableFuture<T> future);

        @Override
        void close();
    }
}
