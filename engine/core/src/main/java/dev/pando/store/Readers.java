package dev.pando.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Closes a file that has been replaced when all who began to read before that are done. Thread-safe. */
final class Readers implements AutoCloseable {

    private final TreeMap<Long, Integer> reading = new TreeMap<>();
    private final TreeMap<Long, List<DiskFile>> retired = new TreeMap<>();
    private long era;

    /** Begins to read; returns what {@link #leave} wants. */
    synchronized long enter() {
        reading.merge(era, 1, Integer::sum);
        return era;
    }

    synchronized void leave(long entered) throws IOException {
        reading.computeIfPresent(entered, (at, count) -> count == 1 ? null : count - 1);
        closeUnused();
    }

    /** The file is not handed out any more. */
    synchronized void retire(DiskFile file) throws IOException {
        retired.computeIfAbsent(era, at -> new ArrayList<>()).add(file);
        era++;
        closeUnused();
    }

    private void closeUnused() throws IOException {
        while (!retired.isEmpty() && (reading.isEmpty() || reading.firstKey() > retired.firstKey())) {
            for (DiskFile file : retired.pollFirstEntry().getValue()) {
                file.close();
            }
        }
    }

    /** Nobody reads any more. */
    @Override
    public synchronized void close() throws IOException {
        reading.clear();
        closeUnused();
    }
}
