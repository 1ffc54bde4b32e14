/** To be described by its first class. */
@NullMarked
package dev.pando.examples;

import org.jspecify.annotations.NullMarked;
