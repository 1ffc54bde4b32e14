package dev.pando.jdbc.tls;

import dev.pando.libp2p.KeyType;
import dev.pando.libp2p.PeerId;
import dev.pando.libp2p.PublicKey;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts a server whose certificate has the key of one Peer ID. TLS itself has the server prove that it holds it. */
final class PeerIdTrust extends X509ExtendedTrustManager {
    /** DER of a public Ed25519 key up to its 32 bytes. */
    private static final byte[] KEY_PREFIX = {0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0};

    private static final int KEY_BYTES = 32;

    private final PeerId expected;

    PeerIdTrust(PeerId expected) {
        this.expected = expected;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        byte[] encoded = chain[0].getPublicKey().getEncoded();
        boolean ed25519 = encoded.length == KEY_PREFIX.length + KEY_BYTES
                && Arrays.equals(encoded, 0, KEY_PREFIX.length, KEY_PREFIX, 0, KEY_PREFIX.length);
        if (!ed25519) {
            throw new CertificateException("the server's certificate has no Ed25519 key: it is no Pando node");
        }
        byte[] raw = Arrays.copyOfRange(encoded, KEY_PREFIX.length, encoded.length);
        PeerId found = PeerId.of(PublicKey.of(KeyType.ED25519, raw));
        if (!found.equals(expected)) {
            throw new CertificateException("the server is " + found + ", expected " + expected);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain);
    }

    private static CertificateException notForClients() {
        return new CertificateException("clients log in with a password, not with a certificate");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw notForClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw notForClients();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw notForClients();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
