/**
 * Many nodes on one thread, in virtual time, from one seed: the engine that users run, with its clock, randomness,
 * threads, disk and network taken from a {@link dev.pando.simulation.Simulation}. Uses the engine's public API and its
 * {@link dev.pando.Environment}. Start at {@link dev.pando.simulation.SimCluster}.
 */
@NullMarked
package dev.pando.simulation;

import org.jspecify.annotations.NullMarked;
