/**
 * The public face of a Pando node: open an {@link dev.pando.Engine}, define tables, read and write rows in
 * transactions, connect to peers and replicate.
 *
 * <p>Start at {@link dev.pando.Engine}. Everything else in this jar is internal; packages above (SQL, JDBC, the
 * resource adapter, the simulator) see this package only.
 */
@NullMarked
package dev.pando;

import org.jspecify.annotations.NullMarked;
