package dev.pando.sql.session;

/**
 * What a server keeps of a password to check SCRAM-SHA-256 (RFC 5802, RFC 7677): not the password.
 *
 * @param user whom a successful exchange makes of the client
 */
public record ScramCredentials(SessionUser user, byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {}
