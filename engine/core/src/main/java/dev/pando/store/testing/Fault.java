package dev.pando.store.testing;

/** How a disk fails. */
public enum Fault {
    /** The power goes: this operation and all that follow throw. */
    CRASH,
    /** The operation fails; whether it had an effect is not known. */
    IO_ERROR_ONCE,
    IO_ERROR_FOREVER,
    /** A write finds no room, or room for a part of it only. */
    DISK_FULL_ONCE,
    DISK_FULL_FOREVER;

    boolean isForever() {
        return this != IO_ERROR_ONCE && this != DISK_FULL_ONCE;
    }

    boolean isDiskFull() {
        return this == DISK_FULL_ONCE || this == DISK_FULL_FOREVER;
    }
}
