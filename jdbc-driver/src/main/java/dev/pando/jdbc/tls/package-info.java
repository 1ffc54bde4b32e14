/**
 * TLS 1.3 for the SQL port, with the node's identity key: a client that knows the Peer ID needs no authority to know
 * whom it talks to.
 *
 * <p>Start at {@link dev.pando.jdbc.tls.NodeTls}. Uses the JDK's TLS and the identities of {@code dev.pando.libp2p}.
 */
@NullMarked
package dev.pando.jdbc.tls;

import org.jspecify.annotations.NullMarked;
