/** To be described by its first class. */
@NullMarked
package dev.pando.simulation;

import org.jspecify.annotations.NullMarked;
