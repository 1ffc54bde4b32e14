package dev.pando.engine;

import dev.pando.Environment;
import dev.pando.PandoException;
import dev.pando.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The one door, kept by one writer at a time: whatever changes this database passes here, in this order.
 *
 * <pre>
 *   queue → check and draft → append → … next member of the group … → force → apply → publish → answer
 * </pre>
 *
 * <p>All that waits when the writer looks becomes one group with one force. Members see the drafts of those before them;
 * readers see the group when it is on disk (or, with {@code Durability.NONE}, when it is applied).
 *
 * <p>Whoever holds {@link #writing} is the writer. A caller that waits for its change and finds no one writing does it
 * itself, which spares a lone caller two changes of thread; what came meanwhile it leaves to the writer's thread.
 *
 * <p>Invariants:
 * <ul>
 *   <li>rows are touched only after the force of what they say: a row must never name a block that a crash could lose;
 *   <li>the published sequence grows by whole groups;
 *   <li>after any failure to append or force nothing is written any more: the log may hold what was reported as failed,
 *       and only opening it again tells. But when the disk was full and the store has taken back all that was not forced,
 *       only the group fails.
 * </ul>
 */
final class Committer {

    /** Members of one group at most; the others wait for the next. */
    static final int GROUP_CHANGES_MAX = 1_024;

    /** Bytes at which a group is closed, so that its first members do not wait for long. */
    static final long GROUP_BYTES_MAX = 8L << 20;

    /** How long a commit that did not ask for it may stay unforced. */
    static final Duration LAZY_FORCE_DELAY = Duration.ofMillis(50);

    /** Brings forced rows into the derived state; runs on the writer. */
    interface Applier {
        void apply(Draft draft, long firstSequence, long lastSequence);
    }

    private static final String ENDED = "writing has ended until the database is opened again";

    private static final System.Logger LOG = System.getLogger(Committer.class.getName());

    private record Member<T>(Change<T> change, Change.Verdict<T> verdict, long sequence) {
        void applied() {
            if (verdict instanceof Change.Verdict.Append) {
                change.applied(sequence);
            }
        }

        void answer() {
            T value = verdict instanceof Change.Verdict.Answer<T> early ? early.value() : change.answer(sequence);
            change.done().complete(value);
        }
    }

    private final Store store;
    private final Environment.Threads threads;
    private final Snapshots snapshots;
    private final Draft draft;
    private final Applier applier;
    private final boolean lazy;

    /** A {@link Change}, or a {@link Task} to be run between groups. */
    private final ConcurrentLinkedQueue<Object> queue = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean writing = new AtomicBoolean();
    private final AtomicBoolean forceScheduled = new AtomicBoolean();
    private final List<Runnable> advanceListeners = new CopyOnWriteArrayList<>();

    private volatile long forcedSequence;

    /** Where the log ended at {@link #forcedSequence}. */
    private volatile long forcedEnd;

    private volatile @Nullable PandoException broken;
    private volatile boolean closed;

    /** Why the group is not in the log any more; null while it is. The writer's alone. */
    private @Nullable PandoException takenBack;

    Committer(
            Store store, Environment.Threads threads, Snapshots snapshots, Draft draft, Applier applier, boolean lazy) {
        this.store = store;
        this.threads = threads;
        this.snapshots = snapshots;
        this.draft = draft;
        this.applier = applier;
        this.lazy = lazy;
        this.forcedSequence = store.lastSequence();
        this.forcedEnd = store.durableEnd();
    }

    private record Task(Runnable work, CompletableFuture<Void> done) {}

    /** Hands a change to the writer. Its {@link Change#done()} completes on the writer: what follows must not block. */
    <T> CompletableFuture<T> submit(Change<T> change) {
        if (accept(change, change.done())) {
            wake();
        }
        return change.done();
    }

    /** Takes a change through the door and waits for its answer. */
    <T> T commit(Change<T> change) {
        if (accept(change, change.done()) && writing.compareAndSet(false, true)) {
            write(() -> !change.done().isDone());
        }
        return threads.await(change.done());
    }

    /** Runs {@code work} on the writer, between groups. */
    CompletableFuture<Void> between(Runnable work) {
        var task = new Task(work, new CompletableFuture<>());
        if (accept(task, task.done())) {
            wake();
        }
        return task.done();
    }

    private boolean accept(Object work, CompletableFuture<?> done) {
        if (closed) {
            done.completeExceptionally(closedError());
            return false;
        }
        queue.add(work);
        return true;
    }

    private void wake() {
        if (writing.compareAndSet(false, true)) {
            handOver();
        }
    }

    /** Lets the writer's thread go on writing. */
    private void handOver() {
        try {
            threads.writer().execute(() -> write(() -> true));
        } catch (RejectedExecutionException e) {
            failQueued(closedError());
            writing.set(false);
        }
    }

    /** Writes group after group while {@code more}; then leaves the writing to others. Only for who holds it. */
    private void write(BooleanSupplier more) {
        try {
            while (more.getAsBoolean() && !queue.isEmpty()) {
                group();
            }
        } finally {
            if (queue.isEmpty()) {
                writing.set(false);
                if (!queue.isEmpty()) {
                    wake();
                }
            } else {
                handOver();
            }
        }
    }

    private void group() {
        var members = new ArrayList<Member<?>>();
        long before = store.lastSequence();
        long bytes = 0;
        boolean force = !lazy;
        while (members.size() < GROUP_CHANGES_MAX && bytes < GROUP_BYTES_MAX && takenBack == null) {
            if (!(queue.peek() instanceof Change<?> change)) {
                break;
            }
            queue.remove();
            Member<?> member = admit(change);
            if (member != null) {
                members.add(member);
                bytes += change.bytes();
                force |= change.mustForce();
            }
        }
        PandoException lost = takenBack;
        if (lost != null) {
            finishTakenBack(members, before, lost);
        } else if (!members.isEmpty()) {
            finish(members, before, force);
        }
        if (queue.peek() instanceof Task task) {
            queue.remove();
            run(task);
        }
    }

    private static void run(Task task) {
        try {
            task.work().run();
            task.done().complete(null);
        } catch (RuntimeException | Error e) {
            task.done().completeExceptionally(e);
        }
    }

    /** Checks and appends one change; null when it was refused. */
    private <T> @Nullable Member<T> admit(Change<T> change) {
        long sequence = store.lastSequence() + 1;
        Change.Verdict<T> verdict;
        try {
            checkUsable();
            verdict = change.prepare(draft, sequence);
        } catch (RuntimeException | Error e) {
            draft.drop();
            change.done().completeExceptionally(e);
            return null;
        }
        if (verdict instanceof Change.Verdict.Append<T> append) {
            try {
                long appended = store.append(append.transaction());
                checkSequence(sequence, appended);
            } catch (RuntimeException | Error e) {
                draft.drop();
                if (!noteTakenBack(e)) {
                    fail(e);
                }
                change.takenBack();
                change.done().completeExceptionally(takenBack == null ? brokenError() : e);
                return null;
            }
            draft.keep();
        } else {
            draft.drop(); // A share that lacks something may have merged a part of it before that was seen.
        }
        return new Member<>(change, verdict, sequence);
    }

    /** Whether the store has only given up what was not forced. */
    private boolean noteTakenBack(Throwable failure) {
        if (failure instanceof PandoException e && e.kind() == PandoException.Kind.DISK_FULL && store.isWritable()) {
            takenBack = e;
            return true;
        }
        return false;
    }

    /** Fails a group that the log does not hold any more. */
    private void finishTakenBack(List<Member<?>> members, long before, PandoException reason) {
        takenBack = null;
        draft.clear();
        if (store.lastSequence() != before) {
            /* Of this group or an earlier one something is known as done, or part of the group is on disk. */
            fail(reason);
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "nothing of " + members.size() + " changes is kept: " + reason.getMessage());
        members.forEach(member -> {
            member.change().takenBack();
            member.change().done().completeExceptionally(broken == null ? reason : brokenError());
        });
    }

    private static void checkSequence(long expected, long appended) {
        if (appended != expected) {
            throw new IllegalStateException("expected sequence " + expected + ", the log gave " + appended);
        }
    }

    /** Answers come last, also those of changes that were known before: they tell of what is on disk. */
    private void finish(List<Member<?>> members, long before, boolean force) {
        long last = store.lastSequence();
        boolean forceNow = force && forcedSequence < last;
        try {
            if (broken == null && forceNow) {
                store.force();
            }
            if (broken == null && last > before) {
                applier.apply(draft, before + 1, last);
                members.forEach(Member::applied);
            }
        } catch (RuntimeException | Error e) {
            if (noteTakenBack(e)) {
                finishTakenBack(members, before, Objects.requireNonNull(takenBack));
                return;
            }
            fail(e);
        }
        draft.clear();
        if (broken != null) {
            members.forEach(m -> m.change().done().completeExceptionally(brokenError()));
            return;
        }
        if (forceNow) {
            setForced(last);
        }
        snapshots.publish(last);
        members.forEach(Member::answer);
        snapshots.trim();
        if (forceNow) {
            advanceListeners.forEach(Runnable::run);
        } else if (forcedSequence < last) {
            forceSoon();
        }
    }

    private void forceSoon() {
        if (forceScheduled.compareAndSet(false, true)) {
            threads.schedule(LAZY_FORCE_DELAY, () -> between(this::forceNow));
        }
    }

    /** Forces what is appended. On the writer. */
    void forceNow() {
        forceScheduled.set(false);
        if (broken != null || forcedSequence == store.lastSequence()) {
            return;
        }
        try {
            store.force();
        } catch (RuntimeException | Error e) {
            fail(e);
            return;
        }
        setForced(store.lastSequence());
        advanceListeners.forEach(Runnable::run);
    }

    private void setForced(long sequence) {
        forcedEnd = store.durableEnd();
        forcedSequence = sequence;
    }

    private void fail(Throwable cause) {
        if (broken == null) {
            if (cause instanceof PandoException known) {
                broken = known;
                LOG.log(System.Logger.Level.ERROR, ENDED + ": " + known.getMessage());
            } else {
                broken = new PandoException(PandoException.Kind.INTERNAL, "the writer failed: " + cause, cause);
                LOG.log(System.Logger.Level.ERROR, ENDED, cause);
            }
            store.giveUp(broken);
        }
    }

    private void checkUsable() {
        if (broken != null) {
            throw brokenError();
        }
    }

    private PandoException brokenError() {
        PandoException cause = Objects.requireNonNull(broken);
        return new PandoException(cause.kind(), ENDED + ": " + cause.getMessage(), cause);
    }

    private static PandoException closedError() {
        return new PandoException(PandoException.Kind.CLOSED, "the engine is closed");
    }

    /** The last commit that is on disk. */
    long forcedSequence() {
        return forcedSequence;
    }

    /** Where the log ends that is on disk and in the rows: see {@link Store#durableEnd}. */
    long forcedEnd() {
        return forcedEnd;
    }

    /** Runs {@code listener} on the writer whenever {@link #forcedSequence} has grown; the result ends that. */
    Runnable onAdvance(Runnable listener) {
        advanceListeners.add(listener);
        return () -> advanceListeners.remove(listener);
    }

    /** Why nothing can be written any more; null while all is well. */
    @Nullable
    PandoException broken() {
        return broken;
    }

    /** Takes nothing in any more, finishes what was handed in, and forces it. */
    void close() {
        CompletableFuture<Void> last = between(this::forceNow);
        closed = true;
        threads.await(last);
    }

    private void failQueued(PandoException reason) {
        for (Object work = queue.poll(); work != null; work = queue.poll()) {
            CompletableFuture<?> done = work instanceof Task task ? task.done() : ((Change<?>) work).done();
            done.completeExceptionally(reason);
        }
    }
}
