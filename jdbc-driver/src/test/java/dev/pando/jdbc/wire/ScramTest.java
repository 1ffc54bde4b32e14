package dev.pando.jdbc.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pando.sql.session.Role;
import dev.pando.sql.session.ScramCredentials;
import dev.pando.sql.session.ScramSha256;
import dev.pando.sql.session.SessionUser;
import java.sql.SQLException;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class ScramTest {
    /** The example of RFC 7677 §3. */
    private static final String SERVER_FIRST =
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0," + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    private static final String CLIENT_FINAL = "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
            + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private static final String SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static ScramCredentials user() throws SQLException {
        return ScramSha256.derive(
                new SessionUser("user", Role.ADMIN),
                "pencil",
                Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="),
                4096);
    }

    @Test
    void theClientSaysWhatTheRfcSays() throws Exception {
        ScramClient client = new ScramClient("user", "pencil", "rOprNGfwEbeRWgbNEkqO");
        assertThat(client.first()).isEqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(client.answer(SERVER_FIRST)).isEqualTo(CLIENT_FINAL);
        client.verify(SERVER_FINAL);
    }

    @Test
    void theServerSaysWhatTheRfcSays() throws Exception {
        ScramServer server = ScramServer.begin(
                "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
                name -> name.equals("user") ? user() : null,
                "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
                new byte[32]);
        assertThat(server.first()).isEqualTo(SERVER_FIRST);
        ScramServer.Accepted accepted = server.finish(CLIENT_FINAL);
        assertThat(accepted.serverFinal()).isEqualTo(SERVER_FINAL);
        assertThat(accepted.user()).isEqualTo(new SessionUser("user", Role.ADMIN));
    }

    @Test
    void aServerThatDoesNotKnowTheVerifierIsFoundOut() throws Exception {
        ScramClient client = new ScramClient("user", "pencil", "rOprNGfwEbeRWgbNEkqO");
        client.answer(SERVER_FIRST);
        assertThatThrownBy(() -> client.verify("v=" + Base64.getEncoder().encodeToString(new byte[32])))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28000"));
    }

    @Test
    void aServerMustExtendTheNonceAndBeModestInRounds() {
        ScramClient client = new ScramClient("user", "pencil", "abc");
        assertThatThrownBy(() -> client.answer("r=xyz,s=AAAA,i=4096")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> client.answer("r=abc,s=AAAA,i=4096")).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> client.answer("r=abcd,s=AAAA,i=2000000000")).isInstanceOf(SQLException.class);
    }

    @Test
    void anUnknownUserGetsTheSameChallengeEachTimeAndFails() throws Exception {
        byte[] secret = {1, 2, 3};
        ScramServer one = ScramServer.begin("n,,n=ghost,r=a", name -> null, "n1", secret);
        ScramServer two = ScramServer.begin("n,,n=ghost,r=b", name -> null, "n2", secret);
        assertThat(ScramText.parse(one.first()).get('s'))
                .isEqualTo(ScramText.parse(two.first()).get('s'));
        ScramClient client = new ScramClient("ghost", "any", "a");
        String proof = client.answer(one.first());
        assertThatThrownBy(() -> one.finish(proof))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
    }

    @Test
    void namesWithCommasAndEqualsGoThrough() throws Exception {
        ScramClient client = new ScramClient("a=b,c", "pencil", "x");
        ScramServer server =
                ScramServer.begin(client.first(), name -> name.equals("a=b,c") ? user() : null, "y", new byte[1]);
        assertThat(server.finish(client.answer(server.first())).user().name()).isEqualTo("user");
    }
}
