package dev.pando.libp2p.noise;

import dev.pando.libp2p.crypto.Conscrypt;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.NoSuchPaddingException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * ChaCha20-Poly1305 under one key with a counting nonce: one direction of a channel. Not thread-safe; each message is
 * to be sealed, and opened, once and in order.
 */
public final class CipherState {
    public static final int TAG_BYTES = 16;
    static final int KEY_BYTES = 32;

    private final SecretKeySpec key;
    private final Cipher cipher;
    private long nonce;

    CipherState(byte[] key) {
        this(key, newCipher());
    }

    CipherState(byte[] key, Cipher cipher) {
        this.key = new SecretKeySpec(key, "ChaCha20");
        this.cipher = cipher;
    }

    /** One under another key, in place of this one, which is of no more use: making a cipher costs as much as a message. */
    CipherState withKey(byte[] another) {
        return new CipherState(another, cipher);
    }

    private static Cipher newCipher() {
        return Conscrypt.provider().map(CipherState::cipherOf).orElseGet(CipherState::cipherOfJdk);
    }

    static Cipher cipherOf(Provider conscrypt) {
        try {
            return Cipher.getInstance(Conscrypt.CIPHER, conscrypt);
        } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
            throw new IllegalStateException("Conscrypt had this cipher before", e);
        }
    }

    static Cipher cipherOfJdk() {
        try {
            /* By name: another provider that an application put first may be ten times slower. */
            return Cipher.getInstance("ChaCha20-Poly1305", "SunJCE");
        } catch (NoSuchProviderException e) {
            return anyCipher();
        } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
            throw new IllegalStateException("the Java platform has no ChaCha20-Poly1305", e);
        }
    }

    private static Cipher anyCipher() {
        try {
            return Cipher.getInstance("ChaCha20-Poly1305");
        } catch (NoSuchAlgorithmException | NoSuchPaddingException e) {
            throw new IllegalStateException("the Java platform has no ChaCha20-Poly1305", e);
        }
    }

    /** Writes {@code length + TAG_BYTES} bytes to {@code out}, which may not overlap {@code plain}. */
    public void seal(byte @Nullable [] associated, byte[] plain, int offset, int length, byte[] out, int outOffset) {
        try {
            start(Cipher.ENCRYPT_MODE, associated);
            cipher.doFinal(plain, offset, length, out, outOffset);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot encrypt", e);
        }
    }

    /**
     * Writes {@code length - TAG_BYTES} bytes to {@code out}, which may not overlap {@code sealed}.
     *
     * @throws AEADBadTagException when they were not sealed by the other side with this nonce
     */
    public void open(byte @Nullable [] associated, byte[] sealed, int offset, int length, byte[] out, int outOffset)
            throws AEADBadTagException {
        if (length < TAG_BYTES) {
            throw new AEADBadTagException("shorter than its tag");
        }
        try {
            start(Cipher.DECRYPT_MODE, associated);
            cipher.doFinal(sealed, offset, length, out, outOffset);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot decrypt", e);
        }
    }

    private void start(int mode, byte @Nullable [] associated) throws GeneralSecurityException {
        if (nonce == -1) {
            throw new IllegalStateException("the nonces of this key are used up");
        }
        byte[] iv = new byte[12];
        for (int i = 0; i < 8; i++) {
            iv[4 + i] = (byte) (nonce >>> (8 * i));
        }
        nonce++;
        cipher.init(mode, key, new IvParameterSpec(iv));
        if (associated != null) {
            cipher.updateAAD(associated);
        }
    }
}
