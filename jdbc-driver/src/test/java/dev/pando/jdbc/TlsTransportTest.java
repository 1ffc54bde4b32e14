package dev.pando.jdbc;

import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PeerId;
import java.util.Optional;

/** All that the remote transport does, over TLS. */
class TlsTransportTest extends RemoteTransportTest {
    TlsTransportTest() throws java.sql.SQLException {}

    @Override
    Optional<PeerId> peerId(KeyPair serverKey) {
        return Optional.of(serverKey.peerId());
    }
}
