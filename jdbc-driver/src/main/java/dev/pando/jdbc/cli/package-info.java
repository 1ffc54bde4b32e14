/**
 * The command line: {@code pando start}, {@code sql}, {@code client}, {@code demo}.
 *
 * <p>Start at {@link dev.pando.jdbc.cli.Main}. Uses the driver as any application does, and {@code node} to run nodes.
 */
@NullMarked
package dev.pando.jdbc.cli;

import org.jspecify.annotations.NullMarked;
