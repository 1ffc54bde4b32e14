package dev.pando.jdbc;

import dev.pando.jdbc.connection.ConnectionInfo;
import dev.pando.jdbc.connection.PandoConnection;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.SessionUser;
import java.sql.Connection;
import java.time.Duration;

class InProcessTransportTest extends TransportContract {
    @Override
    Connection connect() {
        ConnectionInfo info =
                new ConnectionInfo("jdbc:pando:mem:scripted", database.version(), "0.1", 0, Duration.ofSeconds(5));
        return new PandoConnection(database.openSession(new SessionUser("ada", Role.WRITER)), info, () -> {});
    }
}
