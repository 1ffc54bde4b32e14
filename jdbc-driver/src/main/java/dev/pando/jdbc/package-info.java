/**
 * Pando's JDBC driver: {@code PandoDriver}, the data sources, and the one list of connection options,
 * {@code PandoProperty}.
 *
 * <p>Start at {@code PandoDriver}. The packages below: {@code connection} (java.sql over a session),
 * {@code wire}, {@code client} and {@code server} (the remote transport), {@code node} (engines of this process),
 * {@code cli} (the command line).
 */
@NullMarked
package dev.pando.jdbc;

import org.jspecify.annotations.NullMarked;
