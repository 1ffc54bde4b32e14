package dev.pando.sql.exec;

import dev.pando.Environment;
import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ScramCredentials;
import dev.pando.sql.session.SessionUser;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** What is kept of passwords: RFC 5802 and RFC 7677. */
public final class Passwords {
    /** Rounds of the key derivation: a guess costs an attacker as many. */
    private static final int ITERATIONS = 15_000;

    private static final int SALT_BYTES = 16;
    private static final int RANDOM_PASSWORD_BYTES = 18;

    private Passwords() {}

    /** The credentials to keep of a password. 22023 for an empty one. */
    public static ScramCredentials credentials(SessionUser user, String password, Environment environment)
            throws SQLException {
        if (password.isEmpty()) {
            throw PandoSqlState.BAD_PARAMETER_VALUE.exception("a password is not empty");
        }
        byte[] salt = new byte[SALT_BYTES];
        environment.randomBytes(salt);
        try {
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, 256);
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            spec.clearPassword();
            byte[] storedKey = MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
            return new ScramCredentials(user, salt, ITERATIONS, storedKey, hmac(salted, "Server Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A password that nobody guesses. */
    public static String random(Environment environment) {
        byte[] random = new byte[RANDOM_PASSWORD_BYTES];
        environment.randomBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
