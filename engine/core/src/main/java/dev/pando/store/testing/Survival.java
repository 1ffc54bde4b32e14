package dev.pando.store.testing;

/** What a power loss leaves of the writes that were not forced. */
public enum Survival {
    /** All of them: the process died, the machine went on. */
    KEEP,
    /** None. */
    DROP,
    /** The first ones, the last of these up to some byte. */
    TEAR,
    /** Any of their sectors. */
    REORDER
}
