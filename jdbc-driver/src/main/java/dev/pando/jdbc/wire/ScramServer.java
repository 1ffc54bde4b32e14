package dev.pando.jdbc.wire;

import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.Role;
import dev.pando.sql.session.ScramCredentials;
import dev.pando.sql.session.ScramSha256;
import dev.pando.sql.session.SessionUser;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one SCRAM-SHA-256 exchange.
 *
 * <p>An unknown user gets a challenge too, of a salt that is always the same for that name, and fails at the end: a
 * stranger does not learn which names exist.
 */
public final class ScramServer {
    private final ScramCredentials credentials;
    private final boolean known;
    private final String firstBare;
    private final String serverFirst;
    private final String nonce;

    private ScramServer(
            ScramCredentials credentials, boolean known, String firstBare, String serverFirst, String nonce) {
        this.credentials = credentials;
        this.known = known;
        this.firstBare = firstBare;
        this.serverFirst = serverFirst;
        this.nonce = nonce;
    }

    /** Where the server looks users up. */
    @FunctionalInterface
    public interface Lookup {
        @Nullable
        ScramCredentials credentials(String user) throws SQLException;
    }

    /**
     * Takes the client's first message.
     *
     * @param serverNonce random printable characters without comma
     * @param decoySecret random bytes that stay the same while the server runs
     */
    public static ScramServer begin(String clientFirst, Lookup lookup, String serverNonce, byte[] decoySecret)
            throws SQLException {
        if (!clientFirst.startsWith(ScramText.GS2_HEADER)) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception(
                    "this server takes SCRAM-SHA-256 without channel binding only");
        }
        String bare = clientFirst.substring(ScramText.GS2_HEADER.length());
        Map<Character, String> fields = ScramText.parse(bare);
        String user = ScramText.unescapeName(ScramText.require(fields, 'n'));
        ScramCredentials found = lookup.credentials(user);
        ScramCredentials used = found == null ? decoy(user, decoySecret) : found;
        String nonce = ScramText.require(fields, 'r') + serverNonce;
        String first =
                "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(used.salt()) + ",i=" + used.iterations();
        return new ScramServer(used, found != null, bare, first, nonce);
    }

    private static ScramCredentials decoy(String user, byte[] secret) {
        byte[] bytes = ScramSha256.hmac(secret, user.toLowerCase(java.util.Locale.ROOT));
        byte[] key = ScramSha256.sha256(bytes);
        return new ScramCredentials(
                new SessionUser(user, Role.READER),
                Arrays.copyOf(bytes, ScramSha256.SALT_BYTES),
                ScramSha256.ITERATIONS,
                key,
                key);
    }

    public String first() {
        return serverFirst;
    }

    /**
     * Takes the client's final message.
     *
     * @throws SQLException 28P01 when the password is wrong or the user unknown
     */
    public Accepted finish(String clientFinal) throws SQLException {
        int proofAt = clientFinal.lastIndexOf(",p=");
        Map<Character, String> fields = ScramText.parse(clientFinal);
        byte[] proof = ScramText.base64(ScramText.require(fields, 'p'));
        boolean shaped = proofAt > 0
                && ScramText.GS2_HEADER_BASE64.equals(fields.get('c'))
                && nonce.equals(fields.get('r'))
                && proof.length == credentials.storedKey().length;
        if (!shaped) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("a login proof that does not belong to the challenge");
        }
        String authMessage = firstBare + "," + serverFirst + "," + clientFinal.substring(0, proofAt);
        byte[] clientKey = ScramSha256.xor(proof, ScramSha256.hmac(credentials.storedKey(), authMessage));
        boolean right = MessageDigest.isEqual(ScramSha256.sha256(clientKey), credentials.storedKey());
        if (!right || !known) {
            throw PandoSqlState.BAD_PASSWORD.exception("wrong user name or password");
        }
        byte[] signature = ScramSha256.hmac(credentials.serverKey(), authMessage);
        return new Accepted(credentials.user(), "v=" + Base64.getEncoder().encodeToString(signature));
    }

    /** A client that proved its password, and the proof that it gets back. */
    public record Accepted(SessionUser user, String serverFinal) {}
}
