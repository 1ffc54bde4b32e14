package dev.pando.simulation;

import java.util.ArrayDeque;
import java.util.Deque;

/** One direction of a connection: frames arrive in the order in which they were sent. */
final class SimLane {

    private record Frame(long atNanos, Runnable arrival) {}

    private final SimNetwork network;
    private final int from;
    private final int to;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private long lastNanos;
    private boolean scheduled;
    private boolean broken;

    SimLane(SimNetwork network, int from, int to) {
        this.network = network;
        this.from = from;
        this.to = to;
    }

    void send(int bytes, Runnable arrival) {
        if (broken) {
            return;
        }
        long now = network.simulation().nowNanos();
        lastNanos = Math.max(lastNanos + 1 + network.transferNanos(bytes), now + network.latencyNanos());
        frames.add(new Frame(lastNanos, arrival));
        resume();
    }

    /** Goes on where a cut has held frames back. */
    void resume() {
        Frame head = frames.peek();
        if (head != null && !scheduled) {
            scheduled = true;
            long delay = head.atNanos() - network.simulation().nowNanos();
            network.simulation().schedule(delay, SimLife.WORLD, "wire " + from + ">" + to, this::arrive);
        }
    }

    private void arrive() {
        scheduled = false;
        if (broken || network.isCut(from, to)) {
            return;
        }
        Frame head = frames.poll();
        if (head != null) {
            try {
                head.arrival().run();
            } finally {
                resume();
            }
        }
    }

    /** Loses what is under way and all that is sent later. */
    void breakOff() {
        broken = true;
        frames.clear();
    }
}
