package dev.pando.simulation;

/**
 * What may happen during a {@link SimWorkload} besides its sessions.
 *
 * @param partitions directions between nodes are cut for a while
 * @param resets connections break
 * @param crashes processes are killed and machines lose power, between events and in the middle of a change of the disk
 *     or of a recovery, and start again; a power loss takes, tears or reorders what was not forced
 * @param disks writes, forces and renames fail, once or until the process is started again, or find the disk full
 * @param clocks clocks jump ahead and back by minutes
 * @param definitions nodes change definitions, the same ones at once, build and drop indexes, make checkpoints and check
 *     their logs
 */
public record SimFaults(
        boolean partitions, boolean resets, boolean crashes, boolean disks, boolean clocks, boolean definitions) {

    public static final SimFaults NONE = new SimFaults(false, false, false, false, false, false);

    public static final SimFaults ALL = new SimFaults(true, true, true, true, true, true);
}
