/**
 * The client's end of the SQL wire protocol: a {@link dev.pando.sql.session.Session} whose calls run on a server.
 *
 * <p>Start at {@link dev.pando.jdbc.client.RemoteDatabase}. Uses the JDK's sockets, the seam and the wire package.
 */
@NullMarked
package dev.pando.jdbc.client;

import org.jspecify.annotations.NullMarked;
