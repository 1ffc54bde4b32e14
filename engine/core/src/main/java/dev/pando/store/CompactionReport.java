package dev.pando.store;

/**
 * What {@link Store#compact} did.
 *
 * @param segments that were written anew
 * @param blocks that were dropped
 * @param bytesBefore of these segments
 * @param bytesAfter of these segments
 */
public record CompactionReport(int segments, long blocks, long bytesBefore, long bytesAfter) {}
