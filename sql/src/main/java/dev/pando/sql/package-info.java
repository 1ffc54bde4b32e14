/** To be described by its first class. */
@NullMarked
package dev.pando.sql;

import org.jspecify.annotations.NullMarked;
