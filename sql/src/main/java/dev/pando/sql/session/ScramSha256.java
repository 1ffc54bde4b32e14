package dev.pando.sql.session;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.text.Normalizer;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The arithmetic of SCRAM-SHA-256 (RFC 5802 §3, RFC 7677): pure functions of their arguments. */
public final class ScramSha256 {
    /** Rounds of PBKDF2 for new passwords; RFC 7677 asks for 4,096 at least. */
    public static final int ITERATIONS = 4_096;

    /** Rounds that a client agrees to compute; more would let a server keep it busy at will. */
    public static final int ITERATIONS_MAX = 1_000_000;

    /** Bytes of a salt. */
    public static final int SALT_BYTES = 16;

    /** Characters of a password; a longer one is refused with 28P01. */
    public static final int PASSWORD_CHARS_MAX = 1_024;

    private static final int KEY_BITS = 256;

    private ScramSha256() {}

    /**
     * What to store of a password.
     *
     * @param salt random, {@link #SALT_BYTES} long
     * @throws SQLException 28P01 when the password is empty, too long or has control characters
     */
    public static ScramCredentials derive(SessionUser user, String password, byte[] salt, int iterations)
            throws SQLException {
        byte[] salted = saltedPassword(password, salt, iterations);
        return new ScramCredentials(user, salt, iterations, sha256(clientKey(salted)), serverKey(salted));
    }

    /** {@code Hi(Normalize(password), salt, i)}. */
    public static byte[] saltedPassword(String password, byte[] salt, int iterations) throws SQLException {
        char[] chars = prepare(password).toCharArray();
        try {
            /* The JDK's PBKDF2 encodes characters as UTF-8, which is what the RFC asks for. */
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(chars, salt, iterations, KEY_BITS))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks PBKDF2WithHmacSHA256", e);
        }
    }

    /* Of SASLprep (RFC 4013): compatibility composition, no control characters. */
    private static String prepare(String password) throws SQLException {
        if (password.isEmpty() || password.length() > PASSWORD_CHARS_MAX) {
            throw PandoSqlState.BAD_PASSWORD.exception("a password has 1 to " + PASSWORD_CHARS_MAX + " characters");
        }
        String normal = Normalizer.normalize(password, Normalizer.Form.NFKC);
        if (normal.chars().anyMatch(Character::isISOControl)) {
            throw PandoSqlState.BAD_PASSWORD.exception("a password has no control characters");
        }
        return normal;
    }

    public static byte[] clientKey(byte[] saltedPassword) {
        return hmac(saltedPassword, "Client Key");
    }

    public static byte[] serverKey(byte[] saltedPassword) {
        return hmac(saltedPassword, "Server Key");
    }

    /** {@code HMAC(key, text)}. */
    public static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks HmacSHA256", e);
        }
    }

    /** {@code H(bytes)}. */
    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks SHA-256", e);
        }
    }

    /** Byte by byte exclusive or of two arrays of one length. */
    public static byte[] xor(byte[] a, byte[] b) {
        byte[] result = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (byte) (a[i] ^ b[i]);
        }
        return result;
    }
}
