package dev.pando.dag;

import dev.pando.libp2p.KeyPair;

/** The private half of an author. Thread-safe. */
public interface Signer {

    /** Ed25519 public key, 32 raw bytes. */
    byte[] author();

    /** The Ed25519 signature of {@code message}, 64 bytes. */
    byte[] sign(byte[] message);

    /** Signs with a node's identity. */
    static Signer of(KeyPair identity) {
        return new IdentitySigner(identity, identity.publicKey().raw());
    }
}
