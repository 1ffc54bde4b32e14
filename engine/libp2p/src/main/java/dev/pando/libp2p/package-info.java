/** To be described by its first class. */
@NullMarked
package dev.pando.libp2p;

import org.jspecify.annotations.NullMarked;
