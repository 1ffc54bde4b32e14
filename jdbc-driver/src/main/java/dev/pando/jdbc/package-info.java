/** To be described by its first class. */
@NullMarked
package dev.pando.jdbc;

import org.jspecify.annotations.NullMarked;
