/** To be described by its first class. */
@NullMarked
package dev.pando.ipld;

import org.jspecify.annotations.NullMarked;
