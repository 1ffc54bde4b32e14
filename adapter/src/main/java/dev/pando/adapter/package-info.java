/** To be described by its first class. */
@NullMarked
package dev.pando.adapter;

import org.jspecify.annotations.NullMarked;
