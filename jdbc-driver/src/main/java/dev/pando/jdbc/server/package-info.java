/**
 * The SQL port: takes connections, checks logins, and carries the requests of each to a session of its own.
 *
 * <p>Start at {@link dev.pando.jdbc.server.SqlServer}. Uses the seam {@code dev.pando.sql.session} and the wire package;
 * knows nothing of the engine.
 */
@NullMarked
package dev.pando.jdbc.server;

import org.jspecify.annotations.NullMarked;
