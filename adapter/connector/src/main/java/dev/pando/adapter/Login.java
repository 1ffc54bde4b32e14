package dev.pando.adapter;

import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.security.PasswordCredential;
import java.util.Set;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/** Who a connection belongs to: pooled connections are handed only to those who ask for the same. */
record Login(@Nullable String user, @Nullable String password) implements ConnectionRequestInfo {

    /**
     * Who asks: the credentials of {@code getConnection(user, password)} before those that the server gives for this
     * factory, before the configured ones.
     */
    static Login of(
            @Nullable Subject subject,
            @Nullable ConnectionRequestInfo request,
            NodeConfig config,
            ManagedConnectionFactory factory) {
        if (request instanceof Login asked) {
            return asked;
        }
        if (subject != null) {
            Set<PasswordCredential> credentials = subject.getPrivateCredentials(PasswordCredential.class);
            for (PasswordCredential credential : credentials) {
                if (factory.equals(credential.getManagedConnectionFactory())) {
                    return new Login(credential.getUserName(), new String(credential.getPassword()));
                }
            }
        }
        return new Login(config.user(), config.password());
    }

    @Override
    public String toString() {
        return "user " + (user == null ? "of the node" : user);
    }
}
