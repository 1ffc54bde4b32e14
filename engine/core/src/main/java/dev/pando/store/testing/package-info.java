/**
 * Disks that fail, for tests and for the simulator: start at {@link dev.pando.store.testing.FaultyDisk}. May use
 * {@link dev.pando.store.Disk} and what implements it in memory.
 */
@NullMarked
package dev.pando.store.testing;

import org.jspecify.annotations.NullMarked;
