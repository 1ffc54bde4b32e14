package dev.pando.jdbc.wire;

import dev.pando.sql.session.PandoSqlState;
import dev.pando.sql.session.ScramSha256;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** The text of SCRAM messages: attributes of one letter, separated by commas. */
final class ScramText {
    /** No channel binding, no other identity. */
    static final String GS2_HEADER = "n,,";

    static final String GS2_HEADER_BASE64 =
            Base64.getEncoder().encodeToString(GS2_HEADER.getBytes(StandardCharsets.US_ASCII));

    private ScramText() {}

    static String escapeName(String name) {
        return name.replace("=", "=3D").replace(",", "=2C");
    }

    static String unescapeName(String name) {
        return name.replace("=2C", ",").replace("=3D", "=");
    }

    static Map<Character, String> parse(String message) throws SQLException {
        Map<Character, String> fields = new HashMap<>();
        for (String field : message.split(",", -1)) {
            if (field.length() < 2 || field.charAt(1) != '=' || fields.containsKey(field.charAt(0))) {
                throw PandoSqlState.PROTOCOL_VIOLATION.exception("a malformed login message");
            }
            fields.put(field.charAt(0), field.substring(2));
        }
        return fields;
    }

    static String require(Map<Character, String> fields, char name) throws SQLException {
        String value = fields.get(name);
        if (value == null) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("a login message lacks '" + name + "'");
        }
        return value;
    }

    static byte[] base64(String text) throws SQLException {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("a login message has malformed base64", e);
        }
    }

    static int iterations(String text) throws SQLException {
        try {
            int iterations = Integer.parseInt(text);
            if (iterations >= 1 && iterations <= ScramSha256.ITERATIONS_MAX) {
                return iterations;
            }
        } catch (NumberFormatException e) {
            throw PandoSqlState.PROTOCOL_VIOLATION.exception("a login message has malformed iterations", e);
        }
        throw PandoSqlState.PROTOCOL_VIOLATION.exception(
                "the server asks for " + text + " password rounds; at most " + ScramSha256.ITERATIONS_MAX);
    }
}
