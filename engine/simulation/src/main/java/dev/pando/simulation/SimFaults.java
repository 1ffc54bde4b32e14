package dev.pando.simulation;

/**
 * What may happen during a {@link SimWorkload} besides its sessions.
 *
 * @param partitions directions between nodes are cut for a while
 * @param resets connections break
 * @param crashes processes are killed, between events and in the middle of a change of the disk, and start again
 * @param clocks clocks jump ahead and back by minutes
 * @param definitions nodes add columns, the same ones and others of the same name at once
 */
public record SimFaults(boolean partitions, boolean resets, boolean crashes, boolean clocks, boolean definitions) {

    public static final SimFaults NONE = new SimFaults(false, false, false, false, false);

    public static final SimFaults ALL = new SimFaults(true, true, true, true, true);
}
