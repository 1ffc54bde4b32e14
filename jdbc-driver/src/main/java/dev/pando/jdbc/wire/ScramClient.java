package dev.pando.jdbc.wire;

import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ScramSha256;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The client's side of one SCRAM-SHA-256 exchange, without channel binding (RFC 5802 §3). */
public final class ScramClient {
    private final String password;
    private final String firstBare;
    private byte @Nullable [] expectedSignature;

    /** @param nonce printable characters without comma, never used before */
    public ScramClient(String user, String password, String nonce) {
        this.password = password;
        firstBare = "n=" + ScramText.escapeName(user) + ",r=" + nonce;
    }

    public String first() {
        return ScramText.GS2_HEADER + firstBare;
    }

    /** The answer to the server's first message. */
    public String answer(String serverFirst) throws SQLException {
        Map<Character, String> fields = ScramText.parse(serverFirst);
        String nonce = ScramText.require(fields, 'r');
        String clientNonce = ScramText.require(ScramText.parse(firstBare), 'r');
        if (!nonce.startsWith(clientNonce) || nonce.length() == clientNonce.length()) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("the server's login nonce does not extend ours");
        }
        int iterations = ScramText.iterations(ScramText.require(fields, 'i'));
        byte[] salted =
                ScramSha256.saltedPassword(password, ScramText.base64(ScramText.require(fields, 's')), iterations);
        String withoutProof = "c=" + ScramText.GS2_HEADER_BASE64 + ",r=" + nonce;
        String authMessage = firstBare + "," + serverFirst + "," + withoutProof;
        byte[] clientKey = ScramSha256.clientKey(salted);
        byte[] proof = ScramSha256.xor(clientKey, ScramSha256.hmac(ScramSha256.sha256(clientKey), authMessage));
        expectedSignature = ScramSha256.hmac(ScramSha256.serverKey(salted), authMessage);
        return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
    }

    /** Checks that the server knows the verifier too; 28000 when it does not. */
    public void verify(String serverFinal) throws SQLException {
        byte[] expected = expectedSignature;
        byte[] got = ScramText.base64(ScramText.require(ScramText.parse(serverFinal), 'v'));
        if (expected == null || !MessageDigest.isEqual(expected, got)) {
            throw PandoSqlState.BAD_AUTHORIZATION.exception("the server could not prove that it knows this user");
        }
    }
}
