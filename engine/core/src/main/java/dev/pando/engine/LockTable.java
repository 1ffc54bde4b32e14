package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.PandoException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Exclusive locks of local writers on documents and on values of unique indexes, held until their transaction ends.
 * Merges from peers never ask for one.
 *
 * <p>A free lock costs one entry of a concurrent map, which also tells an owner what it holds already: a transaction
 * may hold a hundred thousand. Whoever finds it taken by another queues; the lock goes to the first in the
 * queue. A cycle of waits is found when it would close: the one who would close it gets {@code DEADLOCK}.
 *
 * <p>Invariant: an owner waits for at most one lock, so the graph of waits is a set of chains.
 */
final class LockTable {

    /** One who holds and awaits locks: a transaction. */
    static final class Owner {
        private final String name;
        private final List<Lock> held = new ArrayList<>();
        private volatile @Nullable Waiter waiting;

        Owner(String name) {
            this.name = name;
        }

        int count() {
            return held.size();
        }
    }

    /** A lock as people see it. */
    record LockInfo(Object key, String owner, int waiting) {}

    private record Waiter(Owner owner, Lock lock, CompletableFuture<Void> granted) {}

    private static final class Lock {
        private final Object key;

        /** Changed under this lock's monitor only; read without it by those who look for cycles. */
        private volatile Owner owner;

        /** Made for the first who waits. */
        private @Nullable ArrayDeque<Waiter> queue;

        private boolean gone;

        Lock(Object key, Owner owner) {
            this.key = key;
            this.owner = owner;
        }

        void add(Waiter waiter) {
            if (queue == null) {
                queue = new ArrayDeque<>();
            }
            queue.add(waiter);
        }

        boolean remove(Waiter waiter) {
            return queue != null && queue.remove(waiter);
        }

        @Nullable
        Waiter poll() {
            return queue == null ? null : queue.poll();
        }

        int waiting() {
            return queue == null ? 0 : queue.size();
        }
    }

    private final ConcurrentHashMap<Object, Lock> locks = new ConcurrentHashMap<>();

    /** Held while a wait begins: two that would close one cycle must see each other. */
    private final Object waits = new Object();

    private final Environment.Threads threads;

    LockTable(Environment.Threads threads) {
        this.threads = threads;
    }

    /**
     * Takes the lock, waiting at most {@code timeout}. Does nothing when {@code owner} holds it.
     *
     * @throws PandoException {@code LOCK_TIMEOUT}, {@code DEADLOCK}, {@code CANCELLED}
     */
    void acquire(Owner owner, Object key, Duration timeout) {
        Lock mine = new Lock(key, owner);
        while (true) {
            Lock present = locks.putIfAbsent(key, mine);
            if (present == null) {
                owner.held.add(mine);
                return;
            }
            if (present.owner == owner) {
                return;
            }
            Waiter waiter = enqueue(owner, present);
            if (waiter != null) {
                await(waiter, timeout);
                owner.held.add(present);
                return;
            }
        }
    }

    /** Null when the lock was released meanwhile. */
    private @Nullable Waiter enqueue(Owner owner, Lock lock) {
        synchronized (waits) {
            synchronized (lock) {
                if (lock.gone) {
                    return null;
                }
                for (Owner next = lock.owner; ; ) {
                    if (next == owner) {
                        throw new PandoException(
                                PandoException.Kind.DEADLOCK,
                                "deadlock: this transaction waits for " + lock.owner.name
                                        + ", which waits for this one; it was chosen to give way");
                    }
                    Waiter further = next.waiting;
                    if (further == null) {
                        break;
                    }
                    next = further.lock.owner;
                }
                var waiter = new Waiter(owner, lock, new CompletableFuture<>());
                lock.add(waiter);
                owner.waiting = waiter;
                return waiter;
            }
        }
    }

    private void await(Waiter waiter, Duration timeout) {
        Runnable cancelTimer = threads.schedule(
                timeout,
                () -> giveUp(
                        waiter,
                        new PandoException(
                                PandoException.Kind.LOCK_TIMEOUT,
                                "waited " + timeout.toMillis() + " ms for a row that another transaction has locked")));
        try {
            threads.await(waiter.granted);
        } finally {
            cancelTimer.run();
            waiter.owner.waiting = null;
        }
    }

    private void giveUp(Waiter waiter, PandoException reason) {
        boolean removed;
        synchronized (waiter.lock) {
            removed = waiter.lock.remove(waiter);
        }
        if (removed) {
            waiter.granted.completeExceptionally(reason);
        }
    }

    boolean holds(Owner owner, Object key) {
        Lock lock = locks.get(key);
        return lock != null && lock.owner == owner;
    }

    /** Ends the wait of {@code owner}, if it waits, with {@code CANCELLED}. From any thread. */
    void cancelWait(Owner owner) {
        Waiter waiter = owner.waiting;
        if (waiter != null) {
            giveUp(waiter, new PandoException(PandoException.Kind.CANCELLED, "cancelled while waiting for a lock"));
        }
    }

    /** Releases all locks of {@code owner}. */
    void releaseAll(Owner owner) {
        owner.held.forEach(lock -> release(owner, lock));
        owner.held.clear();
    }

    private void release(Owner owner, Lock lock) {
        if (lock.owner != owner) {
            throw new IllegalStateException(owner.name + " does not hold " + lock.key);
        }
        Waiter next;
        synchronized (lock) {
            next = lock.poll();
            if (next == null) {
                lock.gone = true;
                locks.remove(lock.key, lock);
            } else {
                /* In this order: one who looks for cycles must not see an owner that waits for what it owns. */
                next.owner.waiting = null;
                lock.owner = next.owner;
            }
        }
        if (next != null) {
            next.granted.complete(null);
        }
    }

    /** The locks held now. */
    List<LockInfo> list() {
        return locks.entrySet().stream()
                .map(e -> {
                    synchronized (e.getValue()) {
                        return new LockInfo(
                                e.getKey(),
                                e.getValue().owner.name,
                                e.getValue().waiting());
                    }
                })
                .toList();
    }
}
