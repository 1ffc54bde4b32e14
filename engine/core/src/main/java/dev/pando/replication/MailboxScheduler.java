package dev.pando.replication;

import dev.pando.Environment;
import dev.pando.libp2p.Scheduler;
import java.time.Duration;

/** Runs tasks one at a time, in order: a mailbox that also runs tasks later, on an engine's threads. */
public final class MailboxScheduler implements Scheduler {

    private final Mailbox mailbox;
    private final Environment.Threads threads;

    MailboxScheduler(Mailbox mailbox, Environment.Threads threads) {
        this.mailbox = mailbox;
        this.threads = threads;
    }

    /** One that shares its tasks with nobody, on the engine's workers. */
    public static MailboxScheduler on(Environment.Threads threads) {
        return new MailboxScheduler(new Mailbox(threads.workers()), threads);
    }

    @Override
    public void execute(Runnable task) {
        mailbox.execute(task);
    }

    @Override
    public Runnable schedule(Duration delay, Runnable task) {
        return threads.schedule(delay, () -> mailbox.execute(task));
    }
}
