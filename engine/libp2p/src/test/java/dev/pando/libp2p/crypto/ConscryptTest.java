package dev.pando.libp2p.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.Waiting;
import java.io.IOException;
import java.io.InputStream;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** These tests run with Conscrypt on the class path; all of the engine's run without. */
class ConscryptTest {
    private static final Provider CONSCRYPT = Conscrypt.provider().orElseThrow();

    @Test
    void isUsedAndNotRegistered() {
        assertThat(CONSCRYPT.getClass().getName()).startsWith("org.conscrypt.");
        assertThat(Security.getProvider(CONSCRYPT.getName())).isNull();
    }

    @Test
    void signsAsBouncyCastleDoes() {
        for (int i = 0; i < 50; i++) {
            KeyPair key = Waiting.key(i);
            byte[] raw = key.publicKey().raw();
            byte[] message = Waiting.pattern(i * 7);
            Ed25519Keys.Signer signer = Ed25519Keys.signer(CONSCRYPT, key.seed());
            byte[] signature = signer.sign(message);
            assertThat(signature)
                    .isEqualTo(Ed25519Keys.signByBouncyCastle(key.seed(), raw, message))
                    .isEqualTo(key.sign(message))
                    .isEqualTo(signer.sign(message));
            accepted(true, raw, message, signature);
            signature[i]++;
            accepted(false, raw, message, signature);
        }
    }

    @Test
    void refusesWhatIsNoKeyOrNoSignature() {
        byte[] message = {1};
        byte[] signature = Waiting.key(1).sign(message);
        byte[] offTheCurve = new byte[32];
        offTheCurve[0] = 2;
        accepted(false, offTheCurve, message, signature);
        byte[] notReduced = signature.clone();
        notReduced[63] |= (byte) 0xe0;
        accepted(false, Waiting.key(1).publicKey().raw(), message, notReduced);
        assertThat(Waiting.key(1).publicKey().verify(message, new byte[63])).isFalse();
        assertThat(Waiting.key(1).publicKey().verify(message, new byte[64])).isFalse();
    }

    private static void accepted(boolean expected, byte[] raw, byte[] message, byte[] signature) {
        assertThat(Ed25519Keys.verifyBy(CONSCRYPT, raw, message, signature)).isEqualTo(expected);
        assertThat(Ed25519Keys.verifyByBouncyCastle(raw, message, signature)).isEqualTo(expected);
    }

    @Test
    void isDoneWithoutWhereItIsNotThere() throws Exception {
        assertThat(providerSeenFrom(name -> {
                    throw new ClassNotFoundException(name);
                }))
                .isEmpty();
    }

    @Test
    void isDoneWithoutWhereItDoesNotLoad() throws Exception {
        var logger = Logger.getLogger(Conscrypt.class.getName());
        logger.setLevel(Level.OFF);
        try {
            assertThat(providerSeenFrom(name -> {
                        throw new UnsatisfiedLinkError("no native library for this machine");
                    }))
                    .isEmpty();
        } finally {
            logger.setLevel(null);
        }
    }

    private interface Finder {
        Class<?> find(String name) throws ClassNotFoundException;
    }

    /** What a class loader of its own finds that has other ideas of {@code org.conscrypt}. */
    private static Optional<?> providerSeenFrom(Finder conscrypt) throws Exception {
        var loader = new ClassLoader(ConscryptTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.startsWith("org.conscrypt.")) {
                    return conscrypt.find(name);
                }
                return name.equals(Conscrypt.class.getName()) ? again(name) : super.loadClass(name, resolve);
            }

            private Class<?> again(String name) throws ClassNotFoundException {
                try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        var seen = loader.loadClass(Conscrypt.class.getName());
        assertThat(seen).isNotSameAs(Conscrypt.class);
        return (Optional<?>) seen.getMethod("provider").invoke(null);
    }
}
