/**
 * The classes of {@code java.sql} over a {@link dev.pando.sql.session.Session}, whatever carries it.
 *
 * <p>Start at {@link dev.pando.jdbc.connection.PandoConnection}. Uses the JDK and the seam only.
 */
@NullMarked
package dev.pando.jdbc.connection;

import org.jspecify.annotations.NullMarked;
