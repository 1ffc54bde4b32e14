/**
 * The seam between SQL and whoever carries it: the JDBC driver in process, and the remote transport.
 *
 * <p>Start at {@link dev.pando.sql.session.Database}. Every error is a {@link java.sql.SQLException} with a SQLState of
 * {@link dev.pando.sql.session.PandoSqlState}. Uses the JDK only, so that a remote client needs nothing of the engine.
 */
@NullMarked
package dev.pando.sql.session;

import org.jspecify.annotations.NullMarked;
