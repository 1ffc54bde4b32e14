package dev.pando.adapter;

import java.util.concurrent.CountDownLatch;

/** What a test calls from within SQL; H2 wants it public. */
public final class H2Functions {

    static volatile CountDownLatch running = new CountDownLatch(1);

    private H2Functions() {}

    public static boolean running() {
        running.countDown();
        return true;
    }
}
