package dev.pando.libp2p.crypto;

import dev.pando.libp2p.KeyType;
import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1InputStream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.RSADigestSigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Verifies signatures of each {@link KeyType}. Stateless. */
public final class Signatures {
    private static final int RSA_BITS_MIN = 2_048;

    /** A verification's cost grows with the square of this. */
    private static final int RSA_BITS_MAX = 8_192;

    private static final int ECDSA_BITS_MAX = 521;

    private static final int SECP256K1_BYTES = 33;

    /** Apart, since few peers have such keys and its curves take long to load. */
    private static final class Secp256k1 {
        static final ECDomainParameters CURVE = new ECDomainParameters(SECNamedCurves.getByName("secp256k1"));
    }

    private Signatures() {}

    /** @throws IllegalArgumentException when {@code raw} is no public key of {@code type} */
    public static void checkPublicKey(KeyType type, byte[] raw) {
        switch (type) {
            case ED25519 -> {
                if (raw.length != Ed25519.PUBLIC_KEY_SIZE) {
                    throw new IllegalArgumentException("expected an Ed25519 key of 32 bytes, got " + raw.length);
                }
            }
            case SECP256K1 -> secp256k1(raw);
            case RSA -> rsa(raw);
            case ECDSA -> ecdsa(raw);
        }
    }

    /** Whether {@code signature} fits; false too when the signature is malformed. */
    public static boolean verify(KeyType type, byte[] raw, byte[] message, byte[] signature) {
        return switch (type) {
            case ED25519 -> Ed25519Keys.verify(raw, message, signature);
            case SECP256K1 -> verifyEcdsa(secp256k1(raw), message, signature);
            case ECDSA -> verifyEcdsa(ecdsa(raw), message, signature);
            case RSA -> {
                var signer = new RSADigestSigner(new SHA256Digest());
                signer.init(false, rsa(raw));
                signer.update(message, 0, message.length);
                yield signer.verifySignature(signature);
            }
        };
    }

    private static ECPublicKeyParameters secp256k1(byte[] raw) {
        if (raw.length != SECP256K1_BYTES) {
            throw new IllegalArgumentException("expected a compressed secp256k1 key of 33 bytes, got " + raw.length);
        }
        return new ECPublicKeyParameters(Secp256k1.CURVE.getCurve().decodePoint(raw), Secp256k1.CURVE);
    }

    private static RSAKeyParameters rsa(byte[] raw) {
        if (!(subjectPublicKeyInfo(raw) instanceof RSAKeyParameters key)) {
            throw new IllegalArgumentException("expected the SubjectPublicKeyInfo of an RSA key");
        }
        int bits = key.getModulus().bitLength();
        if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
            throw new IllegalArgumentException("an RSA key of " + bits + " bits; from 2048 to 8192 are taken");
        }
        return key;
    }

    private static ECPublicKeyParameters ecdsa(byte[] raw) {
        if (!(subjectPublicKeyInfo(raw) instanceof ECPublicKeyParameters key)) {
            throw new IllegalArgumentException("expected the SubjectPublicKeyInfo of an ECDSA key");
        }
        /* A curve that the key spells out itself could be one on which a single operation takes minutes. */
        if (!(key.getParameters() instanceof ECNamedDomainParameters)
                || key.getParameters().getCurve().getFieldSize() > ECDSA_BITS_MAX) {
            throw new IllegalArgumentException("expected an ECDSA key on a named curve of at most 521 bits");
        }
        return key;
    }

    private static AsymmetricKeyParameter subjectPublicKeyInfo(byte[] der) {
        try {
            return PublicKeyFactory.createKey(der);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException("not a DER SubjectPublicKeyInfo: " + e.getMessage(), e);
        }
    }

    private static boolean verifyEcdsa(ECPublicKeyParameters key, byte[] message, byte[] signature) {
        BigInteger r;
        BigInteger s;
        try (var in = new ASN1InputStream(signature)) {
            if (!(in.readObject() instanceof ASN1Sequence pair)
                    || pair.size() != 2
                    || !(pair.getObjectAt(0) instanceof ASN1Integer first)
                    || !(pair.getObjectAt(1) instanceof ASN1Integer second)
                    || in.read() >= 0) {
                return false;
            }
            r = first.getValue();
            s = second.getValue();
        } catch (IOException | RuntimeException e) {
            return false; // not DER: nobody signed this
        }
        var digest = new SHA256Digest();
        digest.update(message, 0, message.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        var signer = new ECDSASigner();
        signer.init(false, key);
        return signer.verifySignature(hash, r, s);
    }
}
