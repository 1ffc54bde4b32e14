package dev.pando.libp2p.crypto;

import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.util.Optional;
import javax.crypto.Cipher;

/**
 * Conscrypt, where an application has put it on the class path: BoringSSL's ChaCha20-Poly1305, several times as fast as
 * that of JDK 17, and its Ed25519. It is used through its own objects and registered nowhere; without it, or where its
 * native library does not load, the JDK and BouncyCastle do the same work. Why: docs/decisions/0008.
 */
public final class Conscrypt {
    /** The system property that turns it off when it is {@code false}; read once. */
    public static final String PROPERTY = "pando.conscrypt";

    public static final String CIPHER = "ChaCha20/Poly1305/NoPadding";
    static final String SIGNATURE = "EdDSA";

    private static final System.Logger LOG = System.getLogger(Conscrypt.class.getName());
    private static final Optional<Provider> PROVIDER = find();

    private Conscrypt() {}

    /** Empty when it is not to be used. */
    public static Optional<Provider> provider() {
        return PROVIDER;
    }

    private static Optional<Provider> find() {
        if ("false".equals(System.getProperty(PROPERTY))) {
            return Optional.empty();
        }
        try {
            var type = Class.forName("org.conscrypt.OpenSSLProvider", true, Conscrypt.class.getClassLoader());
            var provider = (Provider) type.getConstructor().newInstance();
            Cipher.getInstance(CIPHER, provider);
            Signature.getInstance(SIGNATURE, provider);
            return Optional.of(provider);
        } catch (ClassNotFoundException e) {
            return Optional.empty();
        } catch (ReflectiveOperationException | GeneralSecurityException | LinkageError | RuntimeException e) {
            LOG.log(Level.WARNING, "Conscrypt is on the class path, and the JDK and BouncyCastle are used instead", e);
            return Optional.empty();
        }
    }
}
