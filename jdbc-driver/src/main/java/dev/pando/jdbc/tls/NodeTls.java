package dev.pando.jdbc.tls;

import dev.pando.libp2p.KeyPair;
import dev.pando.libp2p.PeerId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** The two ends of TLS between a client and a node. */
public final class NodeTls {
    private static final String PROTOCOL = "TLSv1.3";
    private static final String ALIAS = "node";

    /** DER of a PKCS #8 Ed25519 key up to its 32 bytes. */
    private static final byte[] PKCS8_PREFIX = {0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20};

    private NodeTls() {}

    /** A server's context: a certificate of the identity key, signed by itself. */
    public static SSLContext server(KeyPair identity) {
        try {
            Certificate certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(NodeCertificate.encode(identity)));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(ALIAS, privateKey(identity), new char[0], new Certificate[] {certificate});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(keys.getKeyManagers(), new TrustManager[0], new SecureRandom());
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JDK cannot make a TLS context of an Ed25519 key", e);
        }
    }

    /** A client's context, which takes no other server than {@code expected}. */
    public static SSLContext client(PeerId expected) {
        try {
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(null, new TrustManager[] {new PeerIdTrust(expected)}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS 1.3", e);
        }
    }

    /** TLS 1.3 and nothing else on this socket. */
    public static void restrict(SSLSocket socket) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {PROTOCOL});
        socket.setSSLParameters(parameters);
    }

    private static PrivateKey privateKey(KeyPair identity) throws GeneralSecurityException {
        return KeyFactory.getInstance("Ed25519")
                .generatePrivate(new PKCS8EncodedKeySpec(Der.concat(PKCS8_PREFIX, identity.seed())));
    }
}
