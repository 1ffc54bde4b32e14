package dev.pando.store;

/**
 * A store at a glance.
 *
 * @param id of its log
 * @param sequence of the last transaction that is durable
 * @param segments in files
 * @param logBytes written in all segments
 * @param bytesSinceCheckpoint that would be replayed after a crash, at most
 * @param maps "mapped" when the derived maps are in files, else "memory"
 */
public record StoreInfo(LogId id, long sequence, int segments, long logBytes, long bytesSinceCheckpoint, String maps) {}
