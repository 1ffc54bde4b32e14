/** Pando in real servers: the archive as it is deployed, an application that uses it, and what is left afterwards. */
@NullMarked
package dev.pando.rar;

import org.jspecify.annotations.NullMarked;
